"""Scoring plans in the terms of a year: what fits them, and what they make of its counts."""
