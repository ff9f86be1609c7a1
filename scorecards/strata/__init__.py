"""Strata: one indicator by physician or another declared column."""
