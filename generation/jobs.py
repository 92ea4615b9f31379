"""The rows of jobs: who holds one, how it ends, and when its campaign has ended.

The database is the queue; a message only says where to look. Whoever holds a job's lease may store
its outputs, nobody else. Clocks are the database's.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from generation import gates
from generation.backends.base import Cancelled
from generation.backends.registry import Limits
from generation.models import Campaign, GenerationJob, Output, State
from generation.patience import patient
from generation.states import OPEN, move, move_campaign
from radrate.audit.services import record
from radrate.images.models import Batch

WITHOUT_OUTCOME = State("failed")
MAX_LOSSES = 3
MAX_ATTEMPTS = 8
FIRST_DELAY_S = 5
LONGEST_DELAY_S = 600

# What a job is called when its outputs ended differently: the first of these that occurs.
PRECEDENCE = (
    State.FAILED,
    State.CANCELLED,
    State.SUCCEEDED,
    State.REFUSED,
    State.UNSUPPORTED,
)


class LeaseLost(Cancelled):
    """Another worker holds the job now, or it has ended: nothing more may be stored."""


def due() -> QuerySet[GenerationJob]:
    """Jobs that a worker may claim now, in the order in which they should be."""
    return GenerationJob.objects.filter(
        Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=Now()),
        state=State.QUEUED,
        campaign__in=Campaign.objects.filter(state=Campaign.State.RUNNING),
    ).order_by("campaign__started_at", "campaign", "position", "batch_number")


def claim(job_id: UUID, *, limits: Limits) -> GenerationJob | None:
    """Take a due job, or None when it is not due, another was faster, or its backend's limits or
    its campaign's budget do not allow it now."""
    with transaction.atomic():
        charged = _admitted(job_id, limits)
        if charged is None:
            return None
        won = move(
            due().filter(pk=job_id).order_by(),
            State.QUEUED,
            State.RUNNING,
            lease=uuid4(),
            lease_until=Now() + timedelta(seconds=limits.lease_seconds),
            attempts=F("attempts") + 1,
            progress=0,
            charged=charged,
            reason_code="",
            reason="",
        )
        if not won:
            transaction.set_rollback(True)
            return None
        move(Output.objects.filter(job=job_id), State.QUEUED, State.RUNNING)
        return GenerationJob.objects.select_related(
            "campaign__batch", "source__source", "mask"
        ).get(pk=job_id)


def _admitted(job_id: UUID, limits: Limits) -> Decimal | None:
    """What the attempt is reckoned to cost; None when a limit or the budget does not allow it."""
    if not limits.gated and not limits.cost_per_image:
        return Decimal(0)
    job = due().filter(pk=job_id).order_by().select_related("campaign").first()
    if job is None or not gates.opens(job, limits):
        return None
    return gates.charge(job, limits)


def _held(job: GenerationJob) -> QuerySet[GenerationJob]:
    return GenerationJob.objects.filter(pk=job.pk, lease=job.lease, state=State.RUNNING)


def hold(job: GenerationJob, *, lease_s: float) -> None:
    """Renew the lease; within a transaction, also keep everybody else off until it ends.

    Raises LeaseLost when the lease is another's by now.
    """
    if not _held(job).update(lease_until=Now() + timedelta(seconds=lease_s)):
        raise LeaseLost


@patient
def report(job: GenerationJob, *, fraction: float, lease_s: float) -> None:
    """Store the progress, 0 to 1, and renew the lease. Raises LeaseLost."""
    until = Now() + timedelta(seconds=lease_s)
    if not _held(job).update(progress=fraction, lease_until=until):
        raise LeaseLost


@patient
def raise_if_cancelled(job: GenerationJob) -> None:
    """Raise Cancelled when the job's campaign was, LeaseLost when the job is another's by now."""
    campaign_state = _held(job).values_list("campaign__state", flat=True).first()
    if campaign_state is None:
        raise LeaseLost
    if campaign_state == Campaign.State.CANCELLED:
        raise Cancelled


def open_outputs(job: GenerationJob) -> list[Output]:
    """Outputs that still have no outcome; after a crash, those that were not stored before it."""
    return list(job.outputs.filter(state=State.RUNNING).order_by("index"))


def is_open(output: Output) -> bool:
    """Whether the output still waits for its outcome."""
    return Output.objects.filter(pk=output.pk, state=State.RUNNING).exists()


def end_output(
    output: Output,
    state: State,
    *,
    code: str = "",
    reason: str = "",
    **fields: Any,
) -> None:
    """Give one output its outcome. Raises LeaseLost when it has one already."""
    rows = Output.objects.filter(pk=output.pk)
    fields |= {"reason_code": code[:60], "reason": reason}
    if not move(rows, State.RUNNING, state, **fields):
        raise LeaseLost


@patient
def postpone(
    job: GenerationJob, *, delay_s: float, code: str, reason: str, charged: bool = False
) -> None:
    """Back to the queue, not before `delay_s` seconds from now; what the attempt was reckoned to
    cost is given back unless the provider may have `charged` it. Raises LeaseLost."""
    with transaction.atomic():
        if not charged:
            gates.refund(job)
        _back_to_queue(
            job,
            next_attempt_at=Now() + timedelta(seconds=delay_s),
            reason_code=code[:60],
            reason=reason,
        )


def _back_to_queue(job: GenerationJob, **fields: object) -> None:
    moved = move(
        _held(job), State.RUNNING, State.QUEUED, lease=None, lease_until=None, progress=0, **fields
    )
    if not moved:
        raise LeaseLost
    move(job.outputs.all(), State.RUNNING, State.QUEUED)


@patient
def end(
    job: GenerationJob,
    rest: State = WITHOUT_OUTCOME,
    *,
    code: str = "",
    reason: str = "",
    categories: Sequence[str] = (),
    seconds: float | None = None,
) -> None:
    """End the job, and its campaign if it was the last. Raises LeaseLost."""
    with transaction.atomic():
        close(job, rest, code=code, reason=reason, categories=categories, seconds=seconds)
    settle(job.campaign_id)


def close(
    job: GenerationJob,
    rest: State = WITHOUT_OUTCOME,
    *,
    code: str = "",
    reason: str = "",
    categories: Sequence[str] = (),
    seconds: float | None = None,
) -> None:
    """End the job within a transaction; its outputs without an outcome end as `rest`. `settle` the
    campaign afterwards. Raises LeaseLost.

    The job is called by the weightiest outcome of its outputs (PRECEDENCE), so that one failed
    output keeps the job open to a retry.
    """
    if not _held(job).select_for_update().exists():
        raise LeaseLost
    told = {"reason_code": code[:60], "reason": reason, "categories": list(categories)}
    move(job.outputs.all(), State.RUNNING, rest, **told)
    outcomes = {output.state: output for output in job.outputs.order_by("-index")}
    decisive = next(outcomes[state] for state in PRECEDENCE if state in outcomes)
    move(
        _held(job),
        State.RUNNING,
        State(decisive.state),
        lease=None,
        lease_until=None,
        progress=1,
        reason_code=decisive.reason_code,
        reason=decisive.reason,
        seconds=seconds,
        finished_at=Now(),
    )


def settle(campaign_id: UUID) -> bool:
    """Close the campaign if its last job has ended. Exactly one of many callers gets True.

    Call it after the transaction that ended a job: of two at once, the later one sees both.
    """
    remaining = GenerationJob.objects.filter(campaign=campaign_id, state__in=OPEN)
    if remaining.exists():
        return False
    with transaction.atomic():
        campaign = unsettled().filter(pk=campaign_id).select_for_update().first()
        if campaign is None or remaining.exists():
            return False
        if campaign.state != Campaign.State.CANCELLED:
            move_campaign(campaign, Campaign.State.FINISHED)
        counts = _outcomes(campaign)
        Campaign.objects.filter(pk=campaign_id).update(finished_at=Now())
        Batch.objects.filter(pk=campaign.batch_id).update(finished_at=Now(), **counts)
        record(actor=None, verb="finish", target=campaign, **counts)
    return True


def unsettled() -> QuerySet[Campaign]:
    return Campaign.objects.filter(finished_at__isnull=True).exclude(state=Campaign.State.DRAFT)


def _outcomes(campaign: Campaign) -> dict[str, int]:
    """The denominators of a batch."""
    return Output.objects.filter(job__campaign=campaign).aggregate(
        made=Count("pk", filter=Q(state=State.SUCCEEDED)),
        refused=Count("pk", filter=Q(state=State.REFUSED)),
        unsupported=Count("pk", filter=Q(state=State.UNSUPPORTED)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
    )


def recover() -> int:
    """Give jobs whose lease ran out back to the queue and close what nobody closed.

    A job that loses its worker MAX_LOSSES times ends as failed, so that it cannot take down
    worker after worker. Returns how many leases had run out.
    """
    lost = GenerationJob.objects.filter(state=State.RUNNING, lease_until__lt=Now())
    recovered = sum(_recover(pk) for pk in list(lost.values_list("pk", flat=True)))
    for campaign_id in list(unsettled().values_list("pk", flat=True)):
        settle(campaign_id)
    return recovered


def _recover(job_id: UUID) -> bool:
    """Recover one job; False when somebody else does, or its worker came back in time."""
    lost = GenerationJob.objects.filter(pk=job_id, state=State.RUNNING, lease_until__lt=Now())
    with transaction.atomic():
        job = lost.select_for_update(skip_locked=True).first()
        if job is None:
            return False
        losses = job.losses + 1
        GenerationJob.objects.filter(pk=job_id).update(losses=losses)
        if Campaign.objects.filter(pk=job.campaign_id, state=Campaign.State.CANCELLED).exists():
            close(job, State.CANCELLED, code="cancelled", reason="")
        elif losses < MAX_LOSSES:
            _back_to_queue(job)
        else:
            reason = _("Its worker was lost %(times)s times.") % {"times": losses}
            close(job, State.FAILED, code="worker_lost", reason=reason)
    return True


def retry_delay(attempts: int, retry_after: float | None) -> float:
    """Seconds to wait after the given number of attempts: twice as long each time, so that a long
    outage is outlasted, and never less than the provider asks for."""
    return max(retry_after or 0.0, float(min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**attempts)))
