"""Marks as they are sent, checked against the rubric's defects. Pure but for the messages."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from radrate.reading.answers import InvalidAnswers

MOST_MARKS = 50
DIGITS = 5  # decimal places kept of a fraction: a hundredth of a pixel of the rendition
SEVERITIES = (1, 2, 3)
EXTENDS = {"point": (False, False), "box": (True, True)}  # to the right, downwards


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """Lengths in fractions of the square image; x and y of a box are its upper left corner."""

    image: str
    shape: str
    x: float
    y: float
    width: float
    height: float
    tag: str
    severity: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def field(number: int) -> str:
    return f"mark:{number}"


def check_marks(marks: Sequence[PlacedMark], tags: Collection[str], labels: str) -> None:
    """Raise `InvalidAnswers` unless each mark lies on an image of the case, named by `labels`, and
    names a defect of `tags`."""
    if len(marks) > MOST_MARKS:
        raise InvalidAnswers(
            {"marks": _("A case takes at most %(most)s marks.") % {"most": MOST_MARKS}}
        )
    errors = {
        field(number): _("Mark %(number)s: %(problem)s") % {"number": number, "problem": problem}
        for number, mark in enumerate(marks, start=1)
        if (problem := _problem(mark, tags, labels))
    }
    if errors:
        raise InvalidAnswers(errors)


def _problem(mark: PlacedMark, tags: Collection[str], labels: str) -> str:
    if mark.tag not in tags:
        return _("this defect is not offered.")
    if mark.severity not in SEVERITIES:
        return _("choose a severity from 1 to 3.")
    return _problem_of_place(mark, labels)


def _problem_of_place(mark: PlacedMark, labels: str) -> str:
    if not mark.image or mark.image not in labels:
        return _("there is no such image.")
    if not (_within(mark.x, mark.width) and _within(mark.y, mark.height)):
        return _("it does not lie on the image.")
    extends = (mark.width > 0, mark.height > 0)
    if extends != EXTENDS.get(mark.shape):
        return _("it is neither a point nor a box.")
    return ""


def _within(start: float, length: float) -> bool:
    return start >= 0 and length >= 0 and round(start + length, DIGITS) <= 1
