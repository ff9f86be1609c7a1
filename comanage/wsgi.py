"""The web application for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comanage.settings.dev")

application = get_wsgi_application()

from comanage.tenancy.startup import refuse_unsafe_role  # noqa: E402  (needs a loaded Django)

refuse_unsafe_role()
