"""Pauses of a reader within a case: taken out of the response time, and kept. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

MOST_PAUSES = 100
LONGEST_MS = 2**31 - 1  # what the column holds: 24 days


class Why(StrEnum):
    HIDDEN = "hidden"  # the page could not be seen
    IDLE = "idle"  # no input; the first minute of it counts as looking
    CLOSED = "closed"  # the page was closed and opened again, by the computer's clock


@dataclass(frozen=True, slots=True)
class Pause:
    """`after_ms` is the response time when the pause began."""

    after_ms: int
    ms: int
    why: Why

    def as_dict(self) -> dict[str, int | str]:
        return asdict(self) | {"why": str(self.why)}


def paused_ms(pauses: Iterable[Pause]) -> int:
    return min(sum(pause.ms for pause in pauses), LONGEST_MS)
