"""One machine: what `manage.py up` runs."""

from comanage.settings import environment
from comanage.settings.base import *

DEBUG = False
DEMO_ALLOWED = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # no mail leaves the machine
EMAIL_FILE_PATH = environment.optional("COMANAGE_MAIL_FOLDER", str(ROOT / "var" / "mail"))
