# One image for migrate, web, worker and beat; see docker-compose.yml.
FROM python:3.11-slim

# Pango draws the text of PDFs; no Python package carries it.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

ENV COMANAGE_NO_BOOTSTRAP=1 \
    COMANAGE_STATIC_ROOT=/srv/static \
    DJANGO_SETTINGS_MODULE=comanage.settings.prod \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

WORKDIR /srv/comanage
COPY requirements.lock ./
# Up to the marked line stands what running needs; the tests' packages stay out.
RUN sed '/^# --- test/,$d' requirements.lock > /tmp/run.lock \
    && pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r /tmp/run.lock \
    && rm /tmp/run.lock

COPY manage.py pyproject.toml ./
COPY comanage comanage
COPY indicators indicators
COPY agreements agreements
COPY scorecards scorecards
COPY adjudication adjudication
COPY templates templates
COPY static static

# The addresses only have to be there: collecting files asks no server.
RUN COMANAGE_SECRET_KEY=only-for-this-build \
    COMANAGE_MASTER_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    DATABASE_URL=postgresql://build@build/build \
    REDIS_URL=redis://build CACHE_URL=redis://build STORAGE_URL=file:///srv/storage \
    python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 --no-create-home comanage \
    && install -d -o comanage -g comanage -m 0700 /srv/storage /srv/kernel

USER comanage
EXPOSE 8000
CMD ["gunicorn", "comanage.wsgi:application", "--bind", "0.0.0.0:8000"]
