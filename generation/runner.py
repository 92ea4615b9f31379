"""One job, once: claim it, ask the backend, check what came, store it."""

import errno
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from generation import gates, jobs
from generation.backends import registry
from generation.backends.base import (
    BackendError,
    Cancelled,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    Refused,
    TransientError,
    Unsupported,
)
from generation.context import JobContext, kept_alive
from generation.filters import CODE as STUDY_FILTER
from generation.filters import load_filter
from generation.models import Campaign, GenerationJob, Output, State
from generation.patience import patient
from generation.requesting import request_of
from generation.storing import store_output

logger = logging.getLogger(__name__)

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def run(job_id: UUID, *, too_long: type[BaseException] = TimeoutError) -> None:
    """Run a due job to its outcome. Harmless when it is not due, taken, ended or gone.

    `too_long` is what is raised in the midst of it when its time is over.
    """
    limits = registry.limits_or_default(_alias(job_id))
    job = jobs.claim(job_id, limits=limits)
    if job is None:
        return
    try:
        with kept_alive(job, lease_s=limits.lease_seconds):
            _run(job, lease_s=limits.lease_seconds, too_long=too_long)
    except jobs.LeaseLost:
        logger.info("job %s was taken over or ended by another", job_id)


def _alias(job_id: UUID) -> str:
    campaign = Campaign.objects.filter(jobs=job_id)
    return campaign.values_list("backend", flat=True).first() or ""


def _run(job: GenerationJob, *, lease_s: float, too_long: type[BaseException]) -> None:
    """Turn whatever the backend answers or raises into the job's outcome.

    Only without the database there is none to write: then the lease runs out and the sweep decides.
    """
    outputs = jobs.open_outputs(job)
    if not outputs:
        jobs.end(job)
        return
    try:
        _generate_and_store(job, outputs, lease_s=lease_s)
    except (jobs.LeaseLost, OperationalError, InterfaceError):
        raise
    except too_long:
        _postpone(job, TransientError(_("It took longer than it may."), charged=True))
    except Cancelled as error:
        jobs.end(job, State.CANCELLED, code=error.reason_code)
    except Refused as error:
        _end_with(job, State.REFUSED, error, categories=error.refusal.categories)
    except Unsupported as error:
        _end_with(job, State.UNSUPPORTED, error)
    except TransientError as error:
        _postpone(job, error)
    except BackendError as error:
        _end_with(job, State.FAILED, error)
    except Exception as error:
        logger.exception("job %s failed", job.pk)
        name = type(error).__name__
        jobs.end(job, State.FAILED, code=name, reason=f"{name}: {error}")
    else:
        jobs.settle(job.campaign_id)


def _generate_and_store(job: GenerationJob, outputs: list[Output], *, lease_s: float) -> None:
    """Ask the backend for what is missing, and give each output its outcome in a transaction; that
    of the last ends the job as well."""
    _refuse_by_study_filter(job)
    request = request_of(job, outputs)
    backend = registry.get_backend(job.campaign.backend)
    result = backend.run(request, JobContext(job, lease_s=lease_s))
    images = sorted(result.images, key=lambda image: image.index)
    for generated in images:
        output, last = outputs[generated.index], generated is images[-1]
        with _disk_may_be_full(job):
            _store(job, output, generated, request, result, lease_s=lease_s, last=last)


@patient
def _store(
    job: GenerationJob,
    output: Output,
    generated: GeneratedImage,
    request: GenerationRequest,
    result: GenerationResult,
    *,
    lease_s: float,
    last: bool,
) -> None:
    with transaction.atomic():
        jobs.hold(job, lease_s=lease_s)
        if jobs.is_open(output):
            store_output(job, output, generated, request, result)
        if last:
            jobs.close(job, seconds=result.seconds)


@contextmanager
def _disk_may_be_full(job: GenerationJob) -> Iterator[None]:
    """An image that cannot be kept was paid for all the same: try again later, and on a full disk
    pause the campaign before more is asked for."""
    try:
        yield
    except OSError as error:
        reason = _("The image could not be stored: %s") % (error.strerror or error)
        if error.errno in DISK_FULL:
            gates.stop(job.campaign_id, reason, code="disk")
        raise TransientError(reason, charged=True) from error


def _refuse_by_study_filter(job: GenerationJob) -> None:
    """Raise Refused where the campaign's own content filter meets a word of the prompt."""
    if not job.campaign.content_filter:
        return
    met = load_filter(job.campaign.content_filter).met(job.prompt)
    if met:
        with transaction.atomic():
            gates.refund(job)
        words = [word for word, _category in met]
        raise Refused(
            _("The study's own content filter refuses: %s") % ", ".join(words),
            code=STUDY_FILTER,
            categories=tuple(words),
        )


def _end_with(
    job: GenerationJob, state: State, error: BackendError, *, categories: Sequence[str] = ()
) -> None:
    reason = error.public_message
    jobs.end(job, state, code=error.reason_code, reason=reason, categories=categories)


def _postpone(job: GenerationJob, error: TransientError) -> None:
    """Try again later, until it has been tried too often."""
    if job.attempts >= jobs.MAX_ATTEMPTS:
        reason = _("Tried %(times)s times; the last time: %(reason)s") % {
            "times": job.attempts,
            "reason": error.public_message,
        }
        jobs.end(job, State.FAILED, code=error.reason_code, reason=reason)
        return
    delay = jobs.retry_delay(job.attempts, error.retry_after)
    jobs.postpone(
        job,
        delay_s=delay,
        code=error.reason_code,
        reason=error.public_message,
        charged=error.charged,
    )
