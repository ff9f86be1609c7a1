"""Hospital systems and the two walls between them: the ORM manager and row-level security."""
