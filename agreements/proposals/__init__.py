"""Changes of clauses that one side proposes, and what the other says to them."""
