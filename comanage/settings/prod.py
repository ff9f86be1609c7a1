"""Production: behind a TLS proxy that sets X-Forwarded-Proto."""

from comanage.settings import environment
from comanage.settings.base import *

DEBUG = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
EMAIL_HOST = environment.optional("EMAIL_HOST", "localhost")
EMAIL_PORT = int(environment.optional("EMAIL_PORT", "25"))
DEFAULT_FROM_EMAIL = environment.optional("EMAIL_FROM", "no-reply@localhost")
