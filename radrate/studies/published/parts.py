"""What a published design consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.utils.functional import Promise

Words: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class PhasePart:
    """`rubric` names a shipped one, empty: the task's own. `shows_again` is the position of the
    phase whose images it shows. `options` are other fields of `Phase`."""

    design: str
    title: Words
    told: Words = ""
    rubric: str = ""
    images: int | None = None
    shows_again: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """`citation` is empty for a design that is common to many studies; `differs` tells what is
    otherwise here than there."""

    key: str
    name: Words
    summary: Words
    phases: tuple[PhasePart, ...]
    citation: str = ""
    differs: Words = ""
    planned_readers: int = 3
