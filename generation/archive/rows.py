"""From entries with their outcomes to the rows of a campaign. Pure: nothing is read or written."""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from generation.archive.manifest import Entry, Operation
from generation.jobs import PRECEDENCE
from generation.models import State
from generation.planning import MOST_SAMPLES

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ended:
    """An entry with what became of it; `size` is that of its image, width and height in px."""

    entry: Entry
    state: State
    code: str = ""
    reason: str = ""
    image: UUID | None = None
    size: Size | None = None


@dataclass(frozen=True, slots=True)
class JobRow:
    """One row of the matrix: at most MOST_SAMPLES images of one prompt, source and parameters."""

    prompt: str
    params: dict[str, Any]
    source: UUID | None
    ended: list[Ended] = field(default_factory=list)

    @property
    def decisive(self) -> Ended:
        """The output by which the job is called."""
        return min(self.ended, key=lambda ended: PRECEDENCE.index(ended.state))

    @property
    def size(self) -> Size | None:
        return usual_size(self.ended)


def by_operation(ended: Iterable[Ended]) -> dict[Operation, list[Ended]]:
    """In the order in which the operations first occur."""
    groups: dict[Operation, list[Ended]] = {}
    for one in ended:
        groups.setdefault(one.entry.operation, []).append(one)
    return groups


def job_rows(ended: Sequence[Ended], sources: dict[str, UUID]) -> list[JobRow]:
    """The rows, in the order in which each prompt with its source and parameters first occurs.

    `sources` are those found in the library, by what the manifest calls them. What tells rows apart
    besides the prompt and the source stands in `params`: a source that was not found, the mask, the
    model where there are several, and the number of the part where a row has too many images.
    """
    several = len({one.entry.model for one in ended}) > 1
    rows: dict[Hashable, list[JobRow]] = {}
    for one in ended:
        entry, source = one.entry, sources.get(one.entry.source)
        params = _params(entry, found=source is not None, with_model=several)
        parts = rows.setdefault((entry.prompt, source, _canonical(params)), [])
        if not parts or len(parts[-1].ended) == MOST_SAMPLES:
            part = {"part": len(parts) + 1} if parts else {}
            parts.append(JobRow(entry.prompt, params | part, source))
        parts[-1].ended.append(one)
    return [row for parts in rows.values() for row in parts]


def usual_size(ended: Iterable[Ended]) -> Size | None:
    sizes = Counter(one.size for one in ended if one.size)
    return sizes.most_common(1)[0][0] if sizes else None


def _params(entry: Entry, *, found: bool, with_model: bool) -> dict[str, Any]:
    told = {
        "negative_prompt": entry.text("negative_prompt"),
        "mask": entry.mask,
        "source": "" if found else entry.source,
        "model": entry.model if with_model else "",
    }
    return entry.parameters | {name: value for name, value in told.items() if value}


def _canonical(params: dict[str, Any]) -> str:
    return json.dumps(params, sort_keys=True)
