"""Trends: an indicator month by month, within what chance allows."""
