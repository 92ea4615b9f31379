"""A worker of before there were campaigns: it knows none of their tasks."""

from celery.signals import worker_init

from radrate.celery import app


@worker_init.connect
def forget(**_: object) -> None:
    for name in [name for name in app.tasks if name.startswith("generation.")]:
        del app.tasks[name]
