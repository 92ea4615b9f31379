"""An answer sheet as it is sent, checked against the rubric. Pure but for the messages."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from radrate.errors import DomainError

WORDED = ("side", "verdict")  # may offer values beyond the scale, each with its words


@dataclass(frozen=True, slots=True)
class Answer:
    criterion: str
    image: str | None
    value: int | None
    not_applicable: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class CriterionLike(Protocol):
    key: str
    kind: str
    anchors: dict[str, str]
    per_image: bool
    minimum: int
    maximum: int
    allows_not_applicable: bool
    required: bool


class InvalidAnswers(DomainError):
    """`errors` maps a field (`joints:A`, `confidence`) to what is wrong with it."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some answers are missing or impossible."))
        self.errors = errors


def field(criterion: str, image: str | None) -> str:
    return f"{criterion}:{image}" if image else criterion


def check_answers(
    answers: Sequence[Answer], criteria: Iterable[CriterionLike], labels: str
) -> None:
    """Raise `InvalidAnswers` unless each field is answered once and possibly. `labels` name the
    images of the case."""
    expected = {
        (criterion.key, image): criterion
        for criterion in criteria
        for image in (labels if criterion.per_image else (None,))
    }
    errors: dict[str, str] = {}
    seen: set[tuple[str, str | None]] = set()
    for answer in answers:
        place = (answer.criterion, answer.image)
        if place not in expected:
            errors[field(*place)] = _("This was not asked.")
        elif place in seen:
            errors[field(*place)] = _("Answered twice.")
        elif problem := _problem(answer, expected[place]):
            errors[field(*place)] = problem
        seen.add(place)
    for place, criterion in expected.items():
        if criterion.required and place not in seen:
            errors[field(*place)] = _("Please answer.")
    if errors:
        raise InvalidAnswers(errors)


def _problem(answer: Answer, criterion: CriterionLike) -> str:
    if answer.not_applicable:
        if not criterion.allows_not_applicable:
            return _("n/a is not offered here.")
        return _("A value or n/a, not both.") if answer.value is not None else ""
    if answer.value is None:
        return _("Please answer.")
    if criterion.kind in WORDED and str(answer.value) in criterion.anchors:
        return ""
    if not criterion.minimum <= answer.value <= criterion.maximum:
        return _("Choose %(minimum)s to %(maximum)s.") % {
            "minimum": criterion.minimum,
            "maximum": criterion.maximum,
        }
    return ""
