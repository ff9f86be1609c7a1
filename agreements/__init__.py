"""What was agreed, and the work done under it."""
