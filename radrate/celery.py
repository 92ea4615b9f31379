"""The Celery application. Each room with tasks is named here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "radrate.settings")

app = Celery("radrate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    ["radrate.operations", "radrate.images", "radrate.studies", "generation"], force=False
)
