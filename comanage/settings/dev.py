"""One machine: what `manage.py up` runs."""

from comanage.settings.base import *

DEBUG = False
DEMO_ALLOWED = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
