"""Tests; `python3 manage.py test` gives them their servers."""
