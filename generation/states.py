"""The states of campaigns, jobs and outputs: which moves exist, and all that may write a state.

A job or an output is moved by one conditional UPDATE whose row count says who won; a campaign is
moved while its row is locked.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from generation.models import Campaign, GenerationJob, Output, State
from radrate.errors import Conflict
from radrate.images.models import Batch

OPEN = (State.QUEUED, State.RUNNING)

MOVES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset(set(State) - {State.RUNNING}),
    State.FAILED: frozenset({State.QUEUED}),
}

CAMPAIGN_MOVES: dict[Campaign.State, frozenset[Campaign.State]] = {
    Campaign.State.DRAFT: frozenset({Campaign.State.RUNNING, Campaign.State.CANCELLED}),
    Campaign.State.RUNNING: frozenset(
        {Campaign.State.PAUSED, Campaign.State.FINISHED, Campaign.State.CANCELLED}
    ),
    Campaign.State.PAUSED: frozenset(
        {Campaign.State.RUNNING, Campaign.State.FINISHED, Campaign.State.CANCELLED}
    ),
    Campaign.State.FINISHED: frozenset({Campaign.State.RUNNING}),
    Campaign.State.CANCELLED: frozenset(),
}

BATCH_STATES = {
    Campaign.State.FINISHED: Batch.State.FINISHED,
    Campaign.State.CANCELLED: Batch.State.CANCELLED,
}


def move(
    rows: QuerySet[GenerationJob] | QuerySet[Output], source: State, target: State, **fields: Any
) -> int:
    """Move those of `rows` that are in `source` to `target`; return how many were moved.

    `rows` must not filter through a join: Django would put the condition into a subquery, which
    Postgres does not check again after waiting for a row's lock.
    """
    if target not in MOVES.get(source, frozenset()):
        raise ValueError(f"nothing moves from {source} to {target}")
    return rows.filter(state=source).update(state=target, **fields)


def move_campaign(campaign: Campaign, target: Campaign.State) -> None:
    """Move a campaign whose row is locked, and its batch with it. Raises Conflict."""
    current = Campaign.State(campaign.state)
    if target not in CAMPAIGN_MOVES[current]:
        raise Conflict(
            _("This campaign is %(current)s and cannot become %(target)s.")
            % {"current": current.label, "target": target.label}
        )
    campaign.state = target
    if target is Campaign.State.RUNNING:
        campaign.started_at = campaign.started_at or timezone.now()
        campaign.finished_at = None
    campaign.pause_reason = ""
    campaign.save(update_fields=["state", "started_at", "finished_at", "pause_reason"])
    Batch.objects.filter(pk=campaign.batch_id).update(
        state=BATCH_STATES.get(target, Batch.State.RUNNING), finished_at=None
    )
