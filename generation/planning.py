"""Writes: a campaign with all its rows, from prompts × what they are done to."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from generation import matrix
from generation.backends import registry
from generation.backends.base import (
    BackendError,
    GenerationRequest,
    ImageBackend,
    InvalidRequest,
    Operation,
)
from generation.filters import load_filter
from generation.matrix import Row
from generation.models import Campaign, GenerationJob, Output
from generation.prompts import LONGEST, Prompt
from generation.targets import Target
from radrate.audit.services import record
from radrate.errors import DomainError
from radrate.images.models import Batch

MOST_SAMPLES = 100
MOST_OUTPUTS = 20_000
ROWS_AT_ONCE = 2_000


def derive_seed(seed: int, position: int, index: int) -> int:
    """The seed, 0 to 2³¹ − 1, of sample `index` of the row at `position`."""
    digest = hashlib.sha256(f"{seed}:{position}:{index}".encode()).digest()
    return int.from_bytes(digest[:4]) & 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign is to make, before a row of it is written. `size` is in px; for an edit the
    larger side is that of the working copy of each source."""

    backend: str
    prompts: Sequence[Prompt]
    n: int
    size: tuple[int, int]
    operation: Operation = Operation.TEXT_TO_IMAGE
    targets: Sequence[Target] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    images_per_job: int | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """A plan laid out over the library: its rows, how many images a request has and asks for."""

    rows: list[Row]
    left_out: list[dict[str, str]]
    images_per_job: int
    asked: list[int]
    unsupported: str = ""

    @property
    def images_asked(self) -> int:
        return sum(self.asked)


def lay_out(plan: Plan, *, actor: Any) -> Laid:
    """Find the sources and check everything; nothing is written. Raises DomainError."""
    _check_numbers(plan)
    rows, left_out = matrix.rows_of(
        actor=actor,
        prompts=plan.prompts,
        targets=plan.targets,
        operation=plan.operation,
        size=plan.size,
    )
    _check_rows(rows, n=plan.n)
    try:
        backend = registry.get_backend(plan.backend)
        can = backend.capabilities()
        images_per_job = min(plan.n, plan.images_per_job or min(can.batch, can.max_outputs))
        unsupported = _objection(backend, plan, rows, n=images_per_job)
        asked = [_asked(backend, plan, row) for row in rows]
    except BackendError as error:
        raise DomainError(error.public_message) from error
    return Laid(rows, left_out, images_per_job, asked, unsupported)


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
    operation: str = Operation.TEXT_TO_IMAGE,
    targets: Sequence[Target] = (),
    parameters: Mapping[str, Any] | None = None,
    negative_prompt: str = "",
    content_filter: str = "",
    budget: Decimal | None = None,
    images_per_job: int | None = None,
) -> Campaign:
    """Write a campaign as a draft: n images for each prompt × target, all rows in place.

    `actor` is a manager, or None for a command. Raises DomainError for what cannot be planned. What
    the backend does not support is planned all the same and ends with that outcome.
    """
    plan = Plan(
        backend=backend,
        prompts=[Prompt(*prompt) for prompt in prompts],
        n=n,
        size=(width, height),
        operation=Operation(operation),
        targets=targets,
        parameters=parameters or {},
        images_per_job=images_per_job,
    )
    if content_filter:
        load_filter(content_filter)
    if budget is not None and budget < 0:
        raise DomainError(_("A budget cannot be below nothing."))
    laid = lay_out(plan, actor=actor)
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=Batch.Kind.CAMPAIGN, title=title, requested=len(laid.rows) * n, created_by=actor
        )
        campaign = Campaign.objects.create(
            title=title,
            preset=preset,
            backend=backend,
            operation=plan.operation,
            width=width,
            height=height,
            seed=seed,
            negative_prompt=negative_prompt,
            parameters=dict(plan.parameters),
            content_filter=content_filter,
            budget=budget,
            left_out=laid.left_out,
            batch=batch,
            created_by=actor,
        )
        _write_jobs(campaign, laid, n=n, actor=actor)
        record(actor=actor, verb="plan", target=campaign, requested=batch.requested)
    return campaign


def _write_jobs(campaign: Campaign, laid: Laid, *, n: int, actor: Any) -> None:
    rows = matrix.with_masks(laid.rows, actor=actor)
    planned = [
        job
        for position, (row, asked) in enumerate(zip(rows, laid.asked, strict=True))
        for job in _jobs(campaign, position, row, n=n, asked=asked, each=laid.images_per_job)
    ]
    GenerationJob.objects.bulk_create(planned, batch_size=ROWS_AT_ONCE)
    outputs = [output for job in planned for output in _outputs(job, laid.images_per_job)]
    Output.objects.bulk_create(outputs, batch_size=ROWS_AT_ONCE)


def _jobs(
    campaign: Campaign, position: int, row: Row, *, n: int, asked: int, each: int
) -> Iterator[GenerationJob]:
    for batch_number, first in enumerate(range(0, n, each)):
        images = min(each, n - first)
        yield GenerationJob(
            campaign=campaign,
            position=position,
            prompt=row.prompt.text,
            params=dict(row.prompt.params),
            source=row.source,
            mask=row.mask,
            margins=list(row.margins),
            width=row.width,
            height=row.height,
            batch_number=batch_number,
            n=images,
            asked=asked * images // n,
        )


def _outputs(job: GenerationJob, images_per_job: int) -> Iterator[Output]:
    for index in range(job.n):
        sample = job.batch_number * images_per_job + index
        seed = derive_seed(job.campaign.seed, job.position, sample)
        yield Output(job=job, index=index, seed=seed)


def _check_numbers(plan: Plan) -> None:
    if not plan.prompts:
        raise DomainError(_("Give at least one prompt."))
    if not 1 <= plan.n <= MOST_SAMPLES:
        raise DomainError(_("Ask for 1 to %s images a prompt.") % MOST_SAMPLES)
    if len(plan.prompts) * plan.n > MOST_OUTPUTS:
        raise DomainError(_("A campaign makes at most %s images.") % MOST_OUTPUTS)
    if bool(plan.targets) != (plan.operation is not Operation.TEXT_TO_IMAGE):
        raise DomainError(_("An edit needs radiographs to edit; text to image takes none."))
    for prompt in plan.prompts:
        if not prompt.text.strip():
            raise DomainError(_("A prompt is empty."))
        if len(prompt.text) > LONGEST:
            raise DomainError(_("A prompt has more than %s characters.") % LONGEST)


def _check_rows(rows: Sequence[Row], *, n: int) -> None:
    if not rows:
        raise DomainError(_("The library holds no radiograph that fits."))
    if len(rows) * n > MOST_OUTPUTS:
        raise DomainError(_("A campaign makes at most %s images.") % MOST_OUTPUTS)
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        if row.identity in seen:
            raise DomainError(_("The prompt “%s” stands there twice.") % row.prompt.text)
        seen.add(row.identity)


def _objection(backend: ImageBackend, plan: Plan, rows: Sequence[Row], *, n: int) -> str:
    """What the backend does not support of this, in words; all of it will end so. Raises
    InvalidRequest for what it could do, but not like this."""
    can = backend.capabilities()
    if not can.offers(plan.operation):
        return _("“%s” does not offer this: every image will end as unsupported.") % backend.alias
    if plan.operation is Operation.TEXT_TO_IMAGE:
        backend.validate(_request(plan, rows[0], n=n))
    elif n > can.max_outputs:
        raise InvalidRequest(f"n must be 1 to {can.max_outputs}, not {n}")
    return ""


def _asked(backend: ImageBackend, plan: Plan, row: Row) -> int:
    if not backend.capabilities().offers(plan.operation):
        return plan.n
    return backend.images_for(_request(plan, row, n=plan.n))


def _request(plan: Plan, row: Row, *, n: int) -> GenerationRequest:
    """A request of this row's shape, without pixels."""
    return GenerationRequest(
        request_id="plan",
        operation=plan.operation,
        prompt=row.prompt.text,
        n=n,
        width=row.width,
        height=row.height,
        margins=row.margins,
        params={**plan.parameters, **row.prompt.params},
    )
