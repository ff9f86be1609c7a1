"""Tests: real PostgreSQL and Valkey, cheap passwords."""

from comanage.settings import environment
from comanage.settings.base import *

DEBUG = False
DEMO_ALLOWED = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
TOKEN_REFUSAL_SECONDS = 0.0
CLIENT_CALLS_PER_MINUTE = STRANGER_CALLS_PER_MINUTE = 1_000_000  # tests of the limits set their own
# Each run's worker listens to its own run alone; see tests/workers.py.
CELERY_TASK_DEFAULT_QUEUE = environment.optional("COMANAGE_TEST_QUEUE", "celery")
