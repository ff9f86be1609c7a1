"""A physician's licenses, and the searches of the lists of excluded persons."""
