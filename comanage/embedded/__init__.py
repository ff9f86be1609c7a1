"""PostgreSQL and Valkey for one machine, and the supervisor behind `manage.py up`."""
