"""The ledger: what is owed and what was paid, in entries that are never edited."""
