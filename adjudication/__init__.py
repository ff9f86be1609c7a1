"""What is owed: the yearly decision, its statement and its payment."""
