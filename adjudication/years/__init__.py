"""The yearly case: snapshot, review, sign-offs."""
