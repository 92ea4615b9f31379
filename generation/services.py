"""Writes: plan, start, pause, resume and cancel a campaign, and retry what failed of it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from generation import jobs, tasks
from generation.backends import registry
from generation.backends.base import BackendError, GenerationRequest, Operation
from generation.models import Campaign, GenerationJob, Output, State
from generation.prompts import LONGEST, Prompt
from generation.states import move, move_campaign
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError
from radrate.images.models import Batch

MOST_SAMPLES = 100
MOST_OUTPUTS = 20_000
ROWS_AT_ONCE = 2_000
RETRIED_IN = (Campaign.State.RUNNING, Campaign.State.PAUSED, Campaign.State.FINISHED)


def derive_seed(seed: int, position: int, index: int) -> int:
    """The seed, 0 to 2³¹ − 1, of sample `index` of the prompt at `position`."""
    digest = hashlib.sha256(f"{seed}:{position}:{index}".encode()).digest()
    return int.from_bytes(digest[:4]) & 0x7FFFFFFF


def plan_campaign(
    *,
    actor: Any,
    title: str,
    backend: str,
    prompts: Sequence[tuple[str, Any]],
    n: int,
    width: int,
    height: int,
    seed: int,
    preset: str = "",
    images_per_job: int = 1,
) -> Campaign:
    """Write a campaign as a draft: n images for each (prompt, parameters), all rows in place.

    `actor` is a manager, or None for a command. Raises DomainError for what cannot be planned.
    """
    prompts = [Prompt(*prompt) for prompt in prompts]
    _check_prompts(prompts, n=n)
    _check_backend(backend, n=min(n, images_per_job), width=width, height=height)
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=Batch.Kind.CAMPAIGN,
            title=title,
            requested=len(prompts) * n,
            created_by=actor,
        )
        campaign = Campaign.objects.create(
            title=title,
            preset=preset,
            backend=backend,
            width=width,
            height=height,
            seed=seed,
            batch=batch,
            created_by=actor,
        )
        planned = [
            job
            for position, prompt in enumerate(prompts)
            for job in _jobs(campaign, position, prompt, n=n, images_per_job=images_per_job)
        ]
        GenerationJob.objects.bulk_create(planned, batch_size=ROWS_AT_ONCE)
        outputs = [output for job in planned for output in _outputs(job, images_per_job)]
        Output.objects.bulk_create(outputs, batch_size=ROWS_AT_ONCE)
        record(actor=actor, verb="plan", target=campaign, requested=batch.requested)
    return campaign


def _check_prompts(prompts: Sequence[Prompt], *, n: int) -> None:
    if not prompts:
        raise DomainError(_("Give at least one prompt."))
    if not 1 <= n <= MOST_SAMPLES:
        raise DomainError(_("Ask for 1 to %s images a prompt.") % MOST_SAMPLES)
    if len(prompts) * n > MOST_OUTPUTS:
        raise DomainError(_("A campaign makes at most %s images.") % MOST_OUTPUTS)
    seen: set[tuple[str, str]] = set()
    for prompt in prompts:
        if not prompt.text.strip():
            raise DomainError(_("A prompt is empty."))
        if len(prompt.text) > LONGEST:
            raise DomainError(_("A prompt has more than %s characters.") % LONGEST)
        identity = prompt.text, json.dumps(prompt.params, sort_keys=True)
        if identity in seen:
            raise DomainError(_("The prompt “%s” stands there twice.") % prompt.text)
        seen.add(identity)


def _check_backend(alias: str, *, n: int, width: int, height: int) -> None:
    """Raise DomainError unless the backend exists and takes requests of this shape."""
    request = GenerationRequest(
        request_id="plan",
        operation=Operation.TEXT_TO_IMAGE,
        prompt="",
        n=n,
        width=width,
        height=height,
    )
    try:
        registry.get_backend(alias).validate(request)
    except BackendError as error:
        raise DomainError(error.public_message) from error


def _jobs(
    campaign: Campaign, position: int, prompt: Prompt, *, n: int, images_per_job: int
) -> Iterator[GenerationJob]:
    for batch_number, first in enumerate(range(0, n, images_per_job)):
        yield GenerationJob(
            campaign=campaign,
            position=position,
            prompt=prompt.text,
            params=dict(prompt.params),
            batch_number=batch_number,
            n=min(images_per_job, n - first),
        )


def _outputs(job: GenerationJob, images_per_job: int) -> Iterator[Output]:
    for index in range(job.n):
        sample = job.batch_number * images_per_job + index
        seed = derive_seed(job.campaign.seed, job.position, sample)
        yield Output(job=job, index=index, seed=seed)


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
