"""Who sits on a program's committee, and what its people disclosed."""
