"""Reads: counts, progress and the gallery of campaigns, each in a fixed number of queries."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Case, Count, F, FloatField, Q, QuerySet, When, Window
from django.db.models.functions import Cast, RowNumber
from django.utils.translation import gettext as _

from generation.models import Campaign, GenerationJob, Mask, Output, State
from generation.prompts import format_params
from radrate.images.models import Radiograph
from radrate.images.queries import campaigns_read_blind, visible_to

TILES_A_PAGE = 120
PROMPTS_A_PAGE = 12
CAMPAIGNS_A_PAGE = 20
STRIP = 6
ON_THE_HOME_PAGE = 5


@dataclass(frozen=True, slots=True)
class Counts:
    """Outputs of a campaign by state. `requested` is the denominator of all of them."""

    requested: int = 0
    made: int = 0
    refused: int = 0
    unsupported: int = 0
    failed: int = 0
    cancelled: int = 0
    running: int = 0
    queued: int = 0
    seconds_each: float | None = None

    @property
    def ended(self) -> int:
        return self.requested - self.running - self.queued

    @property
    def seconds_left(self) -> int | None:
        """About how long the rest takes at the present rate; None when nothing tells."""
        left = self.running + self.queued
        if not left or not self.running or self.seconds_each is None:
            return None
        return math.ceil(self.seconds_each * left / self.running)

    @property
    def minutes_left(self) -> int:
        return round((self.seconds_left or 0) / 60)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the progress bar; `start` and `width` are percentages of it."""

    kind: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class PromptRow:
    """One prompt with its parameters in words and all its outputs in order."""

    position: int
    prompt: str
    params: str
    source: Radiograph | None
    mask: Mask | None
    margins: tuple[int, int, int, int]
    size: tuple[int, int]
    first: UUID
    outputs: list[Output]

    @property
    def made(self) -> int:
        return sum(output.state == State.SUCCEEDED for output in self.outputs)

    @property
    def edit(self) -> str:
        """What was done to the source, in words; empty where there is none."""
        if self.mask is not None:
            return str(self.mask.label)
        left, top, right, bottom = self.margins
        width, height = self.size[0] - left - right, self.size[1] - top - bottom
        shares = (left / width, top / height, right / width, bottom / height)
        sides = (_("left"), _("top"), _("right"), _("bottom"))
        return ", ".join(
            f"{side} {share:+.0%}" for side, share in zip(sides, shares, strict=True) if share
        )


def counts(campaigns: Iterable[UUID]) -> dict[UUID, Counts]:
    """Counts by campaign, in one query."""
    by_state = {
        name: Count("pk", filter=Q(state=state))
        for name, state in {
            "made": State.SUCCEEDED,
            "refused": State.REFUSED,
            "unsupported": State.UNSUPPORTED,
            "failed": State.FAILED,
            "cancelled": State.CANCELLED,
            "running": State.RUNNING,
            "queued": State.QUEUED,
        }.items()
    }
    seconds = Cast("job__seconds", FloatField()) / F("job__n")
    rows = (
        Output.objects.filter(job__campaign__in=list(campaigns))
        .order_by()
        .values(campaign=F("job__campaign"))
        .annotate(
            requested=Count("pk"),
            seconds_each=Avg(seconds, filter=Q(state=State.SUCCEEDED)),
            **by_state,
        )
    )
    return {row.pop("campaign"): Counts(**row) for row in rows}


def count(campaign: Campaign) -> Counts:
    return counts([campaign.pk]).get(campaign.pk, Counts())


def segments(counted: Counts) -> list[Segment]:
    """The progress bar: what has ended, by outcome, from the left."""
    parts, start = [], 0.0
    for kind in ("made", "refused", "unsupported", "failed", "cancelled"):
        width = 100 * getattr(counted, kind) / max(1, counted.requested)
        if width:
            parts.append(Segment(kind, start, width))
        start += width
    return parts


def shown_to(user: Any) -> QuerySet[Campaign]:
    """All campaigns but those whose images the person reads blind: a title tells what is tested."""
    return Campaign.objects.exclude(batch__in=campaigns_read_blind(user))


def campaigns_page(number: Any, user: Any) -> Page[Campaign]:
    campaigns = shown_to(user).select_related("created_by").order_by("-created_at")
    return Paginator(campaigns, CAMPAIGNS_A_PAGE).get_page(number)


def lately(user: Any) -> list[Campaign]:
    """For the home page: what is not ended first, then what was made last."""
    ended = Case(When(finished_at__isnull=True, then=0), default=1)
    return list(shown_to(user).order_by(ended, "-created_at")[:ON_THE_HOME_PAGE])


def strips(campaigns: Iterable[UUID], user: Any) -> dict[UUID, list[UUID]]:
    """The first radiographs of each campaign that this person may look at, in one query."""
    ranked = (
        Output.objects.filter(
            job__campaign__in=list(campaigns), radiograph__in=visible_to(user).order_by()
        )
        .order_by()
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by=F("job__campaign"),
                order_by=[F("job__position").asc(), F("job__batch_number").asc(), F("index").asc()],
            )
        )
        .filter(rank__lte=STRIP)
        .values_list("job__campaign", "radiograph", "rank")
    )
    found: dict[UUID, list[UUID]] = {}
    for campaign_id, radiograph_id, _rank in sorted(ranked, key=lambda row: row[2]):
        found.setdefault(campaign_id, []).append(radiograph_id)
    return found


def prompts_page(campaign: Campaign, number: Any, *, requested: int) -> Page[GenerationJob]:
    """A page of prompts, each as its first job; fewer where each prompt has many outputs."""
    prompts = campaign.jobs.filter(batch_number=0).select_related("source", "mask")
    prompts = prompts.order_by("position")
    paginator = Paginator(prompts, PROMPTS_A_PAGE)
    if paginator.count:
        fitting = TILES_A_PAGE * paginator.count // max(1, requested)
        paginator.per_page = max(1, min(PROMPTS_A_PAGE, fitting))
    return paginator.get_page(number)


def prompt_rows(
    campaign: Campaign, prompts: Iterable[GenerationJob], *, images: bool = False
) -> list[PromptRow]:
    """The outputs of some prompts of a campaign, with their images if wanted, in one query."""
    rows = {
        first.position: PromptRow(
            position=first.position,
            prompt=first.prompt,
            params=format_params(first.params),
            source=first.source,
            mask=first.mask,
            margins=tuple(first.margins),
            size=(first.width, first.height),
            first=first.pk,
            outputs=[],
        )
        for first in prompts
    }
    outputs = _outputs(campaign).filter(job__position__in=rows)
    for output in outputs.select_related("radiograph") if images else outputs:
        rows[output.job.position].outputs.append(output)
    return list(rows.values())


def _outputs(campaign: Campaign) -> QuerySet[Output]:
    return (
        Output.objects.filter(job__campaign=campaign)
        .select_related("job")
        .defer("job__prompt", "job__params")
        .order_by("job__position", "job__batch_number", "index")
    )
