"""Scoring files: `manage.py score`. A plan and results go in, points and dollars come out."""
