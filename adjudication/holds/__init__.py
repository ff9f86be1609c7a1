"""What stands between a signed year and its payment, each with its cause and who mends it."""
