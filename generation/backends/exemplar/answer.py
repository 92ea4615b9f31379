"""What the backend makes of a request: one answer or the reason for none, per output."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generation.backends.base import Step
from generation.backends.exemplar.pixels import Floats

NO_OTHER = "nothing else fits that one would see as different"


@dataclass(frozen=True, slots=True)
class Answer:
    """An image in full size with its provenance; or, without one, why it is unsupported."""

    image: Floats | None = None
    unsupported: str = ""
    guides: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
