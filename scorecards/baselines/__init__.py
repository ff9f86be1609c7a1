"""Baselines: what an indicator was before the program, computed from history and frozen."""
