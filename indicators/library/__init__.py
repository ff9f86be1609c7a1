"""A hospital's own indicators and their frozen versions."""
