"""The feeds of critical dates that members give to their own calendars; so far the table alone."""
