"""Agreements that let a hospital send more than counts: business associate and data use."""
