"""The map of a feed while it is written: by hand, from a sample, from version to version."""
