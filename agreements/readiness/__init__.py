"""Readiness: what each side says of itself and of the other before a program begins."""
