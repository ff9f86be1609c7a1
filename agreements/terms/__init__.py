"""The terms of a measurement year: what is measured, what it earns, when it counts."""
