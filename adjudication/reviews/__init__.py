"""The independent review: its record by indicator, its sample of charts, and its statement."""
