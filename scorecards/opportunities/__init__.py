"""Opportunities: how care varies in the hospital's data, and what less of it would bring."""
