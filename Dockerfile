# One image for web, worker, beat and the payment stand-in; docker-compose.yml says which is which.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS packages
COPY requirements-production.lock /tmp/
RUN python3 -m venv /opt/checkup \
    && /opt/checkup/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r /tmp/requirements-production.lock

FROM ${BASE_IMAGE}
ENV PATH=/opt/checkup/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production \
    ENVIRONMENT_FILE="" \
    VAR_DIR=/var/lib/checkup \
    STATIC_ROOT=/app/collected \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin checkup \
    && mkdir -p /app /var/lib/checkup
COPY --from=packages /opt/checkup /opt/checkup
WORKDIR /app
COPY . .
# The code stays root's: the process may write below /var/lib/checkup and nowhere else.
RUN python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q /app \
    && rm -rf /var/lib/checkup/* \
    && chown checkup: /var/lib/checkup
USER 10001
VOLUME /var/lib/checkup
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-m", "tools.healthcheck", "/healthz"]
CMD ["python", "-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"]
