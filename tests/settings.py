"""Settings of the test run: the real ones, with fast hashing, plain static names, own files."""

import os
from pathlib import Path

from radrate.settings import *  # noqa: F403
from radrate.settings import CACHES, REDIS_URL, STORAGES, VAR

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
NUMBER = int(WORKER[2:]) + 1 if WORKER.startswith("gw") else 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = str(Path(VAR) / f"media-{WORKER}")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = str(Path(VAR) / "static")
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
CACHES["default"]["KEY_PREFIX"] = WORKER
REDIS = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"{WORKER}:"}
ACCOUNT_RATE_LIMITS = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
