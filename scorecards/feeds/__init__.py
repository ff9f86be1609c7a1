"""What is expected from a hospital: the source, its columns, its programs."""
