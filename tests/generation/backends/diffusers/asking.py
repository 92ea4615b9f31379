"""What the tests of this backend ask for, and a context that listens."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from generation.backends.base import (
    Cancelled,
    GenerationRequest,
    GenerationResult,
    Operation,
)

SIDE = 256
SEEDS = (11, 12, 13, 14)
HOLE = slice(96, 160)


class Context:
    """Records progress; the campaign is cancelled once so many reports have come."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.fractions: list[float] = []
        self.notes: list[str] = []
        self.cancel_after = cancel_after

    def progress(self, fraction: float, note: str = "") -> None:
        self.fractions.append(fraction)
        self.notes.append(note)

    def raise_if_cancelled(self) -> None:
        if self.cancel_after is not None and len(self.fractions) >= self.cancel_after:
            raise Cancelled


def request(seeds: Sequence[int] = (11,), **fields: Any) -> GenerationRequest:
    values = {
        "request_id": "r1",
        "operation": Operation.TEXT_TO_IMAGE,
        "prompt": "An X-ray of the knee",
        "n": len(seeds),
        "width": SIDE,
        "height": SIDE,
        "seeds": tuple(seeds),
    }
    return GenerationRequest(**values | fields)


def to_inpaint(seeds: Sequence[int] = (11,), **fields: Any) -> GenerationRequest:
    """A ramp from dark to light with a square hole."""
    ramp = np.linspace(0, 255, SIDE * SIDE).reshape(SIDE, SIDE).astype(np.uint8)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[HOLE, HOLE] = 255
    source = {"image": Image.fromarray(ramp), "mask": Image.fromarray(mask)}
    return request(seeds, operation=Operation.INPAINT, **source | fields)


def pixels(result: GenerationResult, index: int = 0) -> np.ndarray:
    """Grey values that can be subtracted."""
    return np.asarray(result.images[index].image, dtype=int)


def difference(one: np.ndarray, other: np.ndarray) -> int:
    """The largest, in grey levels."""
    return int(np.abs(one - other).max())
