FROM python:3.11-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.lock requirements-diffusers.lock .
RUN /opt/venv/bin/pip install --require-hashes -r requirements.lock
# EXTRA=diffusers: the worker with a GPU. Its lock has all but torch, whose builds differ in their hashes.
ARG EXTRA=
RUN if [ "$EXTRA" = diffusers ]; then \
        /opt/venv/bin/pip install --require-hashes --no-deps -r requirements-diffusers.lock \
        && /opt/venv/bin/pip install torch==2.13.0; \
    fi

FROM python:3.11-slim-trixie
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RADRATE_VAR=/var/lib/radrate \
    STATIC_ROOT=/app/static_root
RUN groupadd --gid 10001 radrate \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/radrate --no-create-home \
        --shell /usr/sbin/nologin radrate \
    && install --directory --owner radrate --group radrate --mode 0750 \
        /var/lib/radrate /var/lib/radrate/media /var/lib/radrate/tmp
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY . .
# The settings want to know every server; collecting files talks to none of them.
RUN SECRET_KEY=only-for-collecting-static-files-at-build-time \
    DATABASE_URL=postgresql://nobody@localhost/none \
    REDIS_URL=redis://localhost/0 \
    python manage.py collectstatic --no-input
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "deploy/healthcheck.py", "database", "redis"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "radrate.wsgi:application"]
