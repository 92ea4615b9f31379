"""Whether a verdict is right, where the truth is known. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

ALL_GENERATED, CANNOT_TELL = 8, 9
REFERENCE, NOT_REFERENCE = 1, 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer to the design's own question: `kind` is side, verdict or place.

    `value` as it was answered; `hit` says of a place whether the region was hit, None if unknown.
    """

    kind: str
    value: int | None = None
    hit: bool | None = None


def is_right(verdict: Verdict, labels: Sequence[str], reference: str | None) -> bool | None:
    """None where nothing was decided, or nothing is right or wrong.

    `labels` are those of the images, `reference` the one that is real (or intact), None if none is.
    """
    if verdict.kind == "place":
        return verdict.hit
    if verdict.value is None or verdict.value == CANNOT_TELL:
        return None
    if verdict.kind == "side":
        return _of_side(verdict.value, labels, reference)
    if verdict.kind == "verdict":
        return (verdict.value == REFERENCE) == (reference is not None)
    return None


def _of_side(value: int, labels: Sequence[str], reference: str | None) -> bool:
    if value == ALL_GENERATED:
        return reference is None
    return 1 <= value <= len(labels) and labels[value - 1] == reference
