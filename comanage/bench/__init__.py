"""What the benches of all rooms share."""
