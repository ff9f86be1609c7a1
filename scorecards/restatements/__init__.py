"""Changing what was published: what a file would change, and who lets it."""
