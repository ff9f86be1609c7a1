"""Getting out again: everything a tenant owns in open formats, and tables that are safe to open."""
