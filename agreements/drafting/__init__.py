"""The agreement in writing: its facts, the standard's clauses, the program's changes, versions."""
