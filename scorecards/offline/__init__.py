"""The offline door `manage.py measure`: files in, results out, no database, no tenant.

You find here how files of unknown origin are read and how results are written; what an
indicator means is in `indicators.measure`. README.md is the user's manual.
"""
