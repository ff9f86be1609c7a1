"""Holding a report against itself, on a machine that never saw the server. Pure."""
