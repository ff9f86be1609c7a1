"""Who vouches for a file that leaves the house: a certificate, and the key that belongs to it."""
