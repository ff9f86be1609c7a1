"""Scorecards: what happened, scored against what was agreed."""
