"""Celery entry points. A message is a hint where to look; the rows say what there is to do."""

import logging
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from celery import current_app, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from generation import gates, jobs, runner
from generation.backends import registry
from generation.backends.base import Misconfigured
from generation.models import Campaign

logger = logging.getLogger(__name__)

TOP_UP = 500
LAST = 9  # Redis takes 0 first: sweeps and imports do not wait behind the jobs of their queue
LONGEST_GRACE_S = 30  # from the soft limit, which the job notices, to the hard one, which kills


@contextmanager
def broker_may_be_away() -> Iterator[None]:
    """Without a broker nothing is lost: the rows wait for the next sweep."""
    try:
        yield
    except OperationalError as error:
        logger.warning("jobs wait for the next sweep, no broker answers: %s", error)


@shared_task
def run_job(job_id: str) -> None:
    runner.run(UUID(job_id), too_long=SoftTimeLimitExceeded)
    ring_for_the_next(UUID(job_id))


@shared_task
def dispatch(campaign_id: str) -> None:
    """Publish one message for each due job of a campaign."""
    campaign = Campaign.objects.get(pk=campaign_id)
    waiting = jobs.due().filter(campaign=campaign).values_list("pk", flat=True)
    with broker_may_be_away():
        publish(campaign.backend, waiting[: room_for(campaign.backend)].iterator())


@shared_task
def sweep() -> None:
    """Recover jobs whose worker was lost, and publish again what the queues may have lost."""
    jobs.recover()
    with broker_may_be_away():
        for queue, aliases in backends_by_queue().items():
            room = max(0, TOP_UP - messages_in(queue))
            for alias in aliases:
                waiting = jobs.due().filter(campaign__backend=alias)
                publish(alias, waiting.values_list("pk", flat=True)[: room_for(alias, room)])


@shared_task
def tick() -> None:
    """Every second: publish for backends with a rate as many jobs as may start in a second."""
    for alias in registry.available():
        rate = registry.limits_or_default(alias).rate_per_minute
        if rate is not None:
            waiting = jobs.due().filter(campaign__backend=alias).values_list("pk", flat=True)
            with broker_may_be_away():
                publish(alias, waiting[: math.ceil(rate / 60)])


def dispatch_on_commit(campaign_id: UUID) -> None:
    """Ring for a campaign once the transaction is committed; the sweep repairs a lost ring."""
    transaction.on_commit(partial(_ring, campaign_id))


def _ring(campaign_id: UUID) -> None:
    with broker_may_be_away():
        dispatch.delay(str(campaign_id))


def room_for(alias: str, room: int | None = None) -> int | None:
    """For how many jobs to publish messages at once; None is for all. A backend that may run few
    at a time gets few, and one more for each that ends; one with a rate gets its from `tick`."""
    limits = registry.limits_or_default(alias)
    if limits.rate_per_minute is not None:
        return 0
    if limits.concurrency is None:
        return room
    free = max(0, limits.concurrency - gates.running(alias))
    return free if room is None else min(free, room)


def ring_for_the_next(job_id: UUID) -> None:
    """A backend that may run few jobs at a time goes on with the next at once."""
    campaign = Campaign.objects.filter(jobs=job_id).values_list("backend", flat=True)
    alias = campaign.first()
    if alias is None or registry.limits_or_default(alias).concurrency is None:
        return
    waiting = jobs.due().filter(campaign__backend=alias).values_list("pk", flat=True)
    with broker_may_be_away():
        publish(alias, waiting[: room_for(alias)])


def publish(alias: str, job_ids: Iterable[UUID]) -> None:
    """Publish a message for each job of a backend; more than one for a job is harmless."""
    queue, limit = queue_of(alias), registry.limits_or_default(alias).time_limit
    hard = limit + min(limit, LONGEST_GRACE_S)
    for job_id in job_ids:
        run_job.apply_async(
            [str(job_id)], queue=queue, priority=LAST, soft_time_limit=limit, time_limit=hard
        )


def backends_by_queue() -> dict[str, list[str]]:
    """Backends of running campaigns by the queue of their jobs."""
    running = Campaign.objects.filter(state=Campaign.State.RUNNING)
    queues: dict[str, list[str]] = {}
    for alias in running.order_by().values_list("backend", flat=True).distinct():
        queues.setdefault(queue_of(alias), []).append(alias)
    return queues


def queue_of(alias: str) -> str:
    """A backend's queue; the default one if it left the settings, where its jobs fail in words."""
    try:
        return registry.queue_for(alias)
    except Misconfigured:
        return str(settings.CELERY_TASK_DEFAULT_QUEUE)


def messages_in(queue: str) -> int:
    """How many messages wait in a queue, declared as Celery does. Raises OperationalError."""
    with current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1)
        declared = connection.default_channel.queue_declare(
            queue=queue, durable=True, auto_delete=False
        )
        return int(declared.message_count)
