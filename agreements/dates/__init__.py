"""The critical dates of a hospital: a calendar, notices ahead of each, and a feed for calendars."""
