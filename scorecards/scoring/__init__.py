"""From results to tiers, shares, points and dollars. No Django, no clock, no floats."""
