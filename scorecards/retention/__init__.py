"""How long files as they were sent are kept, and their destruction by night."""
