"""What holds everywhere. Environment variables: see `docker-compose.yml` for the whole list."""

from datetime import timedelta
from pathlib import Path

from comanage.settings import environment

ROOT = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = environment.required("COMANAGE_SECRET_KEY")
ALLOWED_HOSTS = environment.optional("COMANAGE_ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
BASE_URL = environment.optional("COMANAGE_BASE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "comanage",
    "indicators",
    "agreements",
    "scorecards",
    "adjudication",
]

MIDDLEWARE = [
    "comanage.web.request_ids.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "comanage.web.middleware.BrowserHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "comanage.identity.middleware.AbsoluteSessionLimitMiddleware",
    "comanage.tenancy.middleware.TenantMiddleware",
]

ROOT_URLCONF = "comanage.urls"
WSGI_APPLICATION = "comanage.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["comanage.web.templatetags.comanage"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comanage.web.context.layout",
            ],
        },
    }
]

# The app role: it owns nothing and cannot step around row-level security.
# `migrate` runs with the owner's address in the same variable.
DATABASES = {"default": environment.database(environment.required("DATABASE_URL"))}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.required("CACHE_URL"),
        "KEY_PREFIX": "comanage",
    }
}

# The first seals hospitals' keys; those behind it still open what they sealed.
MASTER_KEYS = environment.keys(environment.required("COMANAGE_MASTER_KEY"))
# Who signs reports: a PKCS#12 file, or nobody, and then the installation's own certificate.
SIGNING_PKCS12 = environment.optional("COMANAGE_SIGNING_PKCS12", "")
SIGNING_PASSPHRASE = environment.optional("COMANAGE_SIGNING_PASSPHRASE", "")
STORAGE_FOLDER = environment.folder(environment.required("STORAGE_URL"))
# What is derived from slices, in a folder for each tenant. It can be deleted at any time.
KERNEL_FOLDER = environment.optional("COMANAGE_KERNEL_FOLDER", str(Path(STORAGE_FOLDER) / "kernel"))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": STORAGE_FOLDER,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = environment.optional("COMANAGE_STATIC_ROOT", str(ROOT / "var" / "static"))
STATICFILES_DIRS = [ROOT / "static"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the map of a feed of 500 columns is one form
UPLOAD_MAX_BYTES = 50 * 1024 * 1024
UPLOAD_PART_BYTES = 8 * 1024 * 1024
UPLOAD_MAX_TOTAL_BYTES = 2_500_000_000  # of a file that comes in parts

DEMO_ALLOWED = False  # the demonstration has known passwords

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"  # hospitals have their own zone; see tenancy.Tenant.today

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "comanage.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "comanage.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "CoManage: "
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
ACCOUNT_SESSION_REMEMBER = False  # idle logoff holds for everybody
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "CoManage"
LOGIN_REDIRECT_URL = "web:home"
LOGIN_URL = "account_login"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 15 * 60  # idle logoff: each request starts the clock again
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ABSOLUTE_LIMIT = timedelta(hours=12)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# --- Browser ----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"  # under no-referrer a form's Origin is null, and refused
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["comanage.api.authentication.ExtractClientAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["comanage.api.permissions.HoldsPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "comanage.api.negotiation.OwnKind",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "comanage.api.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,
    "NON_FIELD_ERRORS_KEY": "",  # the pointer of the whole request; see api.problems
}
# A refused machine waits this long in all, whether it is known here or not.
TOKEN_REFUSAL_SECONDS = 0.1
# Calls a minute: of one machine, and of one network address that has not signed in.
CLIENT_CALLS_PER_MINUTE = int(environment.optional("COMANAGE_CLIENT_CALLS_PER_MINUTE", "600"))
STRANGER_CALLS_PER_MINUTE = int(environment.optional("COMANAGE_STRANGER_CALLS_PER_MINUTE", "120"))
# Hosts and ports, as host:port, that hospitals may name although they are not public.
OUTBOUND_ALLOW = frozenset(
    filter(None, environment.optional("COMANAGE_OUTBOUND_ALLOW", "").split(","))
)
# How many proxies of ours stand in front and add to X-Forwarded-For.
TRUSTED_PROXIES = int(environment.optional("COMANAGE_TRUSTED_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SPECTACULAR_SETTINGS = {
    "TITLE": "CoManage API",
    "DESCRIPTION": "Hospital data in, scorecards out.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "comanage.api.refusals.describe_refusals",
    ],
}

# --- Jobs: Celery is the doorbell, the job itself lives in PostgreSQL ---------------------------
CELERY_BROKER_URL = environment.required("REDIS_URL")
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 8 * 60
CELERY_TASK_TIME_LIMIT = 10 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "ring-due-jobs": {"task": "comanage.jobs.ring_due", "schedule": 20.0},
}
JOB_LEASE = timedelta(seconds=int(environment.optional("COMANAGE_JOB_LEASE_SECONDS", "45")))
JOB_MAX_ATTEMPTS = 3

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "comanage.web.logs.LineFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # What they find in a signature is said in a sentence by whoever asked.
    "loggers": {name: {"level": "CRITICAL"} for name in ("pyhanko", "pyhanko_certvalidator")},
}
