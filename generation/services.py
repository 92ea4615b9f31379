"""Writes: start, pause, resume and cancel a campaign, and retry what failed of it."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from generation import jobs, tasks
from generation.models import ARCHIVE, Campaign, GenerationJob, Output, State
from generation.states import move, move_campaign
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError

OPEN_CAMPAIGN = (Campaign.State.RUNNING, Campaign.State.PAUSED)
RETRIED_IN = (*OPEN_CAMPAIGN, Campaign.State.FINISHED)


def start_campaign(*, actor: Any, campaign: Campaign) -> None:
    """Start a draft. Raises Conflict."""
    _run_campaign(actor, campaign, verb="start", source=Campaign.State.DRAFT)


def resume_campaign(*, actor: Any, campaign: Campaign) -> None:
    """Go on with a paused campaign. Raises Conflict."""
    _run_campaign(actor, campaign, verb="resume", source=Campaign.State.PAUSED)


def _run_campaign(actor: Any, campaign: Campaign, *, verb: str, source: Campaign.State) -> None:
    with transaction.atomic():
        locked = _locked(campaign)
        if locked.state != source:
            raise Conflict(
                _("This campaign is %(state)s, not %(expected)s.")
                % {"state": locked.get_state_display(), "expected": source.label}
            )
        move_campaign(locked, Campaign.State.RUNNING)
        record(actor=actor, verb=verb, target=locked)
        tasks.dispatch_on_commit(locked.pk)


def pause_campaign(*, actor: Any, campaign: Campaign) -> None:
    """Start no further job; those that run end. Raises Conflict."""
    with transaction.atomic():
        locked = _locked(campaign)
        move_campaign(locked, Campaign.State.PAUSED)
        record(actor=actor, verb="pause", target=locked)


def set_budget(*, actor: Any, campaign: Campaign, budget: Decimal | None) -> None:
    """Change or lift (None) the budget of a campaign that has not ended. Raises DomainError."""
    with transaction.atomic():
        locked = _locked(campaign)
        if locked.state not in (*OPEN_CAMPAIGN, Campaign.State.DRAFT):
            raise Conflict(_("This campaign is %s.") % locked.get_state_display())
        if budget is not None and budget < locked.spent:
            raise DomainError(_("%s are spent already.") % locked.spent.normalize())
        Campaign.objects.filter(pk=locked.pk).update(budget=budget)
        record(actor=actor, verb="budget", target=locked, budget=str(budget))


def cancel_campaign(*, actor: Any, campaign: Campaign) -> None:
    """Cancel what waits now, and what runs at its next step. Images made stay. Raises Conflict."""
    with transaction.atomic():
        locked = _locked(campaign)
        move_campaign(locked, Campaign.State.CANCELLED)
        move(locked.jobs.all(), State.QUEUED, State.CANCELLED)
        cancelled = GenerationJob.objects.filter(campaign=locked, state=State.CANCELLED)
        move(Output.objects.filter(job__in=cancelled), State.QUEUED, State.CANCELLED)
        record(actor=actor, verb="cancel", target=locked)
    jobs.settle(campaign.pk)


def retry_failed(*, actor: Any, campaign: Campaign) -> int:
    """Queue the failed outputs again, with their seeds; returns how many. Raises Conflict."""
    with transaction.atomic():
        locked = _locked(campaign)
        if locked.backend == ARCHIVE:
            raise Conflict(_("These images were made elsewhere and cannot be made again here."))
        if locked.state not in RETRIED_IN:
            raise Conflict(_("This campaign is %s.") % locked.get_state_display())
        ids = list(
            locked.jobs.filter(state=State.FAILED)
            .order_by()
            .select_for_update()
            .values_list("pk", flat=True)
        )
        failed = Output.objects.filter(job__in=ids)
        count = move(failed, State.FAILED, State.QUEUED, reason_code="", reason="")
        if not count:
            raise Conflict(_("Nothing of this campaign has failed."))
        move(
            GenerationJob.objects.filter(pk__in=ids),
            State.FAILED,
            State.QUEUED,
            attempts=0,
            losses=0,
            next_attempt_at=None,
            reason_code="",
            reason="",
            finished_at=None,
        )
        if locked.state == Campaign.State.FINISHED:
            move_campaign(locked, Campaign.State.RUNNING)
        record(actor=actor, verb="retry", target=locked, outputs=count)
        tasks.dispatch_on_commit(locked.pk)
    return count


def _locked(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
