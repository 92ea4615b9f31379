"""The ledger of a campaign: what became of every output, and why some are not used. Reads only."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from generation.models import Campaign, Output, State
from radrate.images.models import Radiograph

EXCLUDED = Q(radiograph__state=Radiograph.State.EXCLUDED)
COUNTS = {
    "requested": Count("pk"),
    "made": Count("pk", filter=Q(state=State.SUCCEEDED)),
    "refused": Count("pk", filter=Q(state=State.REFUSED)),
    "unsupported": Count("pk", filter=Q(state=State.UNSUPPORTED)),
    "failed": Count("pk", filter=Q(state=State.FAILED)),
    "cancelled": Count("pk", filter=Q(state=State.CANCELLED)),
    "open": Count("pk", filter=Q(state__in=(State.QUEUED, State.RUNNING))),
    "excluded": Count("pk", filter=EXCLUDED),
    "used": Count("pk", filter=Q(state=State.SUCCEEDED) & ~EXCLUDED),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the ledger as CSV; `name` is a path from the output."""

    name: str
    path: str
    meaning: Any


COLUMNS = (
    Column("row", "job__position", _("Row of the campaign's matrix, counted from 0.")),
    Column("prompt", "job__prompt", _("The prompt.")),
    Column("parameters", "job__params", _("Parameters of the row, as JSON.")),
    Column("source", "job__source", _("Identifier of the radiograph that was edited.")),
    Column("mask", "job__mask__label", _("Label of the mask.")),
    Column("mask_sha256", "job__mask__sha256", _("SHA-256 of the mask's file.")),
    Column("margins", "job__margins", _("Left, top, right, bottom in px that were added.")),
    Column("batch", "job__batch_number", _("Request within the row, counted from 0.")),
    Column("index", "index", _("Output within the request, counted from 0.")),
    Column("seed", "seed", _("Seed of the output.")),
    Column("state", "state", _("Its outcome: succeeded, refused, unsupported, failed, cancelled.")),
    Column("reason_code", "reason_code", _("Why it was not made, as a code.")),
    Column("reason", "reason", _("Why it was not made, in words.")),
    Column("categories", "categories", _("What the content filter named, as JSON.")),
    Column("image", "radiograph", _("Identifier of the image.")),
    Column("excluded", "radiograph__excluded_at", _("When the image was excluded, UTC.")),
    Column("excluded_because", "radiograph__excluded_because", _("Why it was excluded.")),
)


def totals(campaign: Campaign) -> Mapping[str, int]:
    return _outputs(campaign).aggregate(**COUNTS)


def rows(campaign: Campaign) -> QuerySet[Output, dict[str, Any]]:
    """Counts of each row of the matrix, in one query."""
    return (
        _outputs(campaign)
        .order_by("job__position")
        .values(
            position=F("job__position"),
            prompt=F("job__prompt"),
            mask=F("job__mask__label"),
            part=F("job__source__body_part_examined"),
        )
        .annotate(**COUNTS)
    )


def reasons(campaign: Campaign) -> QuerySet[Output, dict[str, Any]]:
    """Why outputs were not made, the most frequent reason first."""
    found = _outputs(campaign).exclude(state__in=(State.SUCCEEDED, State.QUEUED, State.RUNNING))
    counted = found.values("state", "reason_code", "reason").annotate(outputs=Count("pk"))
    return counted.order_by("-outputs", "reason")


def exclusions(campaign: Campaign) -> QuerySet[Output]:
    """Made and then excluded, with the reasons."""
    found = _outputs(campaign).filter(EXCLUDED).select_related("radiograph", "job")
    return found.order_by("radiograph__excluded_at")


def as_csv(campaign: Campaign) -> Iterator[bytes]:
    """UTF-8 CSV, one row an output, streamed. Free text cannot start a spreadsheet formula."""
    outputs = _outputs(campaign).order_by("job__position", "job__batch_number", "index")
    values = outputs.values_list(*(column.path for column in COLUMNS))
    yield _line(column.name for column in COLUMNS)
    for row in values.iterator(chunk_size=2000):
        yield _line(map(_guarded, row))


def _outputs(campaign: Campaign) -> QuerySet[Output]:
    return Output.objects.filter(job__campaign=campaign).order_by()


def _guarded(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    words = "" if value is None else str(value)
    return f"'{words}" if isinstance(value, str) and words.startswith(tuple("=+-@\t\r")) else words


def _line(values: Iterable[str]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerow(values)
    return stream.getvalue().encode()
