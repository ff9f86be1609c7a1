"""Versions as Word files: taken away with tracked changes, and sent back with edits."""
