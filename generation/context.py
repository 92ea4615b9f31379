"""What a running job is lent: its lease, kept alive, and the context that a backend works in."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection

from generation import jobs
from generation.backends.base import Anatomy, Guide
from generation.models import GenerationJob
from generation.sources import guides_for

logger = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 1.0


@contextmanager
def kept_alive(job: GenerationJob, *, lease_s: float) -> Iterator[None]:
    """Renew the lease three times in its length, whatever the backend does meanwhile.

    A thread with a connection of its own does it, so that one long call of a backend is no silence.
    A process that is stopped or killed renews nothing.
    """
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, lease_s, ended), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(job: GenerationJob, lease_s: float, ended: threading.Event) -> None:
    try:
        while not ended.wait(lease_s / 3):
            try:
                jobs.hold(job, lease_s=lease_s)
            except (OperationalError, InterfaceError):
                connection.close()
    except jobs.LeaseLost:
        logger.info("job %s was taken over or ended by another", job.pk)
    finally:
        connection.close()


class JobContext:
    """Lent to the backend: stores progress at most once a second."""

    def __init__(self, job: GenerationJob, *, lease_s: float) -> None:
        self._job = job
        self._lease_s = lease_s
        self._fraction = 0.0
        self._reported_at = time.monotonic()

    def progress(self, fraction: float, note: str = "") -> None:  # noqa: ARG002
        self._fraction = max(self._fraction, min(1.0, fraction))
        now = time.monotonic()
        if now - self._reported_at >= PROGRESS_INTERVAL_S:
            self._reported_at = now
            jobs.report(self._job, fraction=self._fraction, lease_s=self._lease_s)

    def raise_if_cancelled(self) -> None:
        jobs.raise_if_cancelled(self._job)

    def guides(self, anatomy: Anatomy, most: int) -> Sequence[Guide]:
        return guides_for(self._job.source, anatomy, most)
