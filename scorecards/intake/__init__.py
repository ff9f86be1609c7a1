"""Intake: from the bytes of an extract to checked rows and an immutable slice."""
