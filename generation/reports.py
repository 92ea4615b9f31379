"""Reads across campaigns: what each backend made and what was refused, by word and region."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Cast

from generation.backends import registry
from generation.backends.base import Capabilities, Misconfigured
from generation.models import ARCHIVE, Campaign, Output, State
from radrate.images.queries import campaigns_read_blind
from radrate.images.terms import body_part_in

OUTCOMES = {
    "made": State.SUCCEEDED,
    "refused": State.REFUSED,
    "unsupported": State.UNSUPPORTED,
    "failed": State.FAILED,
}


@dataclass(frozen=True, slots=True)
class BackendRow:
    """One alias of the settings: what it can do, what binds it, and what it made so far."""

    alias: str
    can: Capabilities | None
    limits: registry.Limits | None
    queue: str
    model: str
    version: str
    counts: Mapping[str, Any]

    @property
    def operations(self) -> list[str]:
        """In words, outpainting by windows included."""
        can = self.can
        return [str(words) for o, words in Campaign.Operation.choices if can and can.offers(o)]

    @property
    def requested(self) -> int:
        return int(self.counts.get("requested", 0))

    @property
    def made_elsewhere(self) -> bool:
        return self.alias == ARCHIVE


def backends(user: Any) -> list[BackendRow]:
    """Every alias of the settings, then what was made elsewhere, in one query; what is
    misconfigured has no capabilities."""
    counted = _counts(user)
    rows = [_row(alias, counted.get(alias, {})) for alias in registry.available()]
    return [*rows, BackendRow(ARCHIVE, None, None, "", "", "", counted.get(ARCHIVE, {}))]


def _row(alias: str, counts: Mapping[str, Any]) -> BackendRow:
    try:
        backend = registry.get_backend(alias)
        can, model, version = backend.capabilities(), backend.model, backend.version
        limits = registry.limits(alias)
    except Misconfigured:
        return BackendRow(alias, None, None, "", "", "", counts)
    return BackendRow(alias, can, limits, registry.queue_for(alias), model, version, counts)


def _counts(user: Any) -> dict[str, Mapping[str, Any]]:
    seconds = Cast("job__seconds", FloatField()) / F("job__asked")
    rows = (
        _told_to(user)
        .values(alias=F("job__campaign__backend"))
        .annotate(
            requested=Count("pk"),
            seconds=Avg(seconds, filter=Q(state=State.SUCCEEDED)),
            **{name: Count("pk", filter=Q(state=state)) for name, state in OUTCOMES.items()},
        )
    )
    return {row["alias"]: row for row in rows}


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """Outputs that one backend, or the study's own filter, refused for a word and a region, of all
    that were asked of that backend for that region."""

    backend: str
    by: str
    word: str
    region: str
    refused: int
    requested: int


def refusals(user: Any) -> list[RefusalRow]:
    """Refusals by word, region and backend, the most frequent first; in one query."""
    rows = (
        _told_to(user)
        .values(
            "state",
            "reason_code",
            "categories",
            backend=F("job__campaign__backend"),
            prompt=F("job__prompt"),
            part=F("job__source__body_part_examined"),
        )
        .annotate(outputs=Count("pk"))
    )
    requested: Counter[tuple[str, str]] = Counter()
    refused: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows:
        region = row["part"] or body_part_in(row["prompt"])
        requested[row["backend"], region] += row["outputs"]
        if row["state"] == State.REFUSED:
            for word in row["categories"] or [""]:
                refused[row["backend"], row["reason_code"], word, region] += row["outputs"]
    return [
        RefusalRow(backend, by, word, region, outputs, requested[backend, region])
        for (backend, by, word, region), outputs in refused.most_common()
    ]


def _told_to(user: Any) -> QuerySet[Output]:
    """Outputs of all campaigns but those that this person is told nothing of."""
    hidden = campaigns_read_blind(user)
    return Output.objects.exclude(job__campaign__batch__in=hidden).order_by()
