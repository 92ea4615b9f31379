"""The Celery application. Each room with tasks is named here."""

import os

from celery import Celery
from celery.signals import task_prerun
from django.db import close_old_connections

from radrate import broadcasts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "radrate.settings")

broadcasts.never_block()

app = Celery("radrate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "radrate.operations",
        "radrate.images",
        "radrate.studies",
        "radrate.studies.invitations",
        "generation",
    ],
    force=False,
)


@task_prerun.connect
def look_at_connections(**_: object) -> None:
    """A worker keeps its connection from task to task as the web process does from request to
    request: one that is old or broken is left before the next."""
    close_old_connections()
