"""People, machines and what each may do."""
