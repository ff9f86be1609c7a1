"""Files at rest: each sealed for one tenant and one name, under a key that can be destroyed."""
