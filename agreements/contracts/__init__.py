"""The master list of contracts, what happened to each, and the days that follow from it."""
