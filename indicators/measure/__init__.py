"""The arithmetic on cases: criteria, populations, tallies, rates. No Django, no clock."""
