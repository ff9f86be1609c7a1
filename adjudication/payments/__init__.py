"""What was paid: entries that are never edited."""
