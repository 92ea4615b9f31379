"""What binds all workers together: jobs at once and starts a minute of a backend, the budget, and
what stops a campaign for all of them.

Rows are locked in one order, backend, campaign, job, so that nobody waits in a circle. Clocks are
the database's.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _

from generation.backends.registry import Limits
from generation.models import BackendGate, Campaign, GenerationJob, State
from generation.states import OPEN, move_campaign
from radrate.audit.services import record

TOGETHER = timedelta(seconds=1)


def opens(job: GenerationJob, limits: Limits) -> bool:
    """Whether the backend may start this job now. Within a transaction."""
    if not limits.gated:
        return True
    alias = job.campaign.backend
    BackendGate.objects.bulk_create([BackendGate(alias=alias)], ignore_conflicts=True)
    gate = BackendGate.objects.select_for_update().annotate(now=Now()).get(alias=alias)
    if limits.concurrency is not None and running(alias) >= limits.concurrency:
        return False
    return limits.rate_per_minute is None or _takes_turn(gate, limits.rate_per_minute)


def _takes_turn(gate: BackendGate, rate_per_minute: float) -> bool:
    """Starts are spaced evenly; those of one second may come at once."""
    now: datetime = gate.now
    earliest = gate.next_start_at or now
    if earliest > now + TOGETHER:
        return False
    gate.next_start_at = max(now, earliest) + timedelta(seconds=60 / rate_per_minute)
    gate.save(update_fields=["next_start_at"])
    return True


def running(alias: str) -> int:
    """Jobs of a backend that a worker holds."""
    return GenerationJob.objects.filter(
        campaign__backend=alias, state=State.RUNNING, lease_until__gt=Now()
    ).count()


def charge(job: GenerationJob, limits: Limits) -> Decimal | None:
    """Reckon what is still to be made against the budget, before it is made; None if it does not
    fit, which pauses the campaign. Within a transaction."""
    if not limits.cost_per_image:
        return Decimal(0)
    left = job.outputs.filter(state__in=OPEN).count()
    cost = limits.cost_per_image * job.asked * left / job.n
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=job.campaign_id)
    if campaign.budget is not None and campaign.spent + cost > campaign.budget:
        stop(campaign.pk, _budget_is_used_up(campaign, cost), code="budget")
        return None
    Campaign.objects.filter(pk=campaign.pk).update(spent=F("spent") + cost)
    return cost


def _budget_is_used_up(campaign: Campaign, cost: Decimal) -> str:
    return _(
        "The budget of %(budget)s is used up: %(spent)s are spent, the next job costs %(cost)s."
    ) % {
        "budget": campaign.budget.normalize(),
        "spent": campaign.spent.normalize(),
        "cost": cost.normalize(),
    }


def stop(campaign_id: UUID, reason: str, *, code: str) -> None:
    """Pause a running campaign, so that nothing more is asked for until somebody has seen to it."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
        if campaign.state != Campaign.State.RUNNING:
            return
        move_campaign(campaign, Campaign.State.PAUSED)
        campaign.pause_reason = reason
        campaign.save(update_fields=["pause_reason"])
        record(actor=None, verb="pause", target=campaign, reason=code)


def refund(job: GenerationJob) -> None:
    """Give back what an attempt that was not billed had been reckoned at. Within a transaction."""
    if job.charged:
        spent = Greatest(F("spent") - job.charged, Decimal(0))
        Campaign.objects.filter(pk=job.campaign_id).update(spent=spent)
        GenerationJob.objects.filter(pk=job.pk, lease=job.lease).update(charged=0)
