"""The speed of measuring, side by side with other engines on equal work."""
