"""Durable jobs: the job, its lease and its fence live in PostgreSQL; Celery is the doorbell."""
