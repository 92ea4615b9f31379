from celery import shared_task

from radrate.operations import health


@shared_task
def heartbeat() -> None:
    health.beat()
