"""An answer sheet as it is sent, checked against the rubric. Pure but for the messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from radrate.errors import DomainError

SIDES = ("A", "B")
LONGEST_TEXT = 2000
RANGED = ("scale", "confidence")  # kinds whose values are minimum to maximum

Place = tuple[str, str | None]  # key of the criterion, label of the image or None for the case


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, n/a, a text, or the fractions x and y of a place: one of them."""

    criterion: str
    image: str | None
    value: int | None = None
    not_applicable: bool = False
    text: str = ""
    x: float | None = None
    y: float | None = None

    @property
    def place(self) -> Place:
        return self.criterion, self.image

    def as_dict(self) -> dict[str, Any]:
        """With text and place only where there is one, as sheets had none once."""
        row = {
            "criterion": self.criterion,
            "image": self.image,
            "value": self.value,
            "not_applicable": self.not_applicable,
        }
        if self.text:
            row["text"] = self.text
        if self.x is not None or self.y is not None:
            row |= {"x": self.x, "y": self.y}
        return row


class CriterionLike(Protocol):
    key: str
    kind: str
    per_image: bool
    minimum: int
    maximum: int
    options: Sequence[Mapping[str, Any]]
    allows_not_applicable: bool
    required: bool
    condition: Mapping[str, Any] | None


class InvalidAnswers(DomainError):
    """`errors` maps a field (`joints:A`, `confidence`) to what is wrong with it."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some answers are missing or impossible."))
        self.errors = errors


def field(criterion: str, image: str | None) -> str:
    return f"{criterion}:{image}" if image else criterion


def check_answers(
    answers: Sequence[Answer], criteria: Iterable[CriterionLike], labels: Sequence[str]
) -> None:
    """Raise `InvalidAnswers` unless each field that was asked is answered once and possibly.

    `labels` are those of the images shown. What an earlier answer hides must not be answered.
    """
    asked = {
        (criterion.key, image): criterion
        for criterion in criteria
        for image in (labels if criterion.per_image else (None,))
    }
    given = {answer.place: answer for answer in reversed(answers)}
    shown = _shown(asked, given)
    errors: dict[str, str] = {}
    seen: set[Place] = set()
    for answer in answers:
        if problem := _problem(answer, asked, shown, seen, labels):
            errors[field(*answer.place)] = problem
        seen.add(answer.place)
    for place in shown - seen:
        if asked[place].required:
            errors[field(*place)] = _("Please answer.")
    if errors:
        raise InvalidAnswers(errors)


def _shown(asked: Mapping[Place, CriterionLike], given: Mapping[Place, Answer]) -> set[Place]:
    """The fields that the answers leave open; criteria are asked in their order."""
    shown: set[Place] = set()
    for (key, image), criterion in asked.items():
        if _holds(criterion.condition, image, shown, given):
            shown.add((key, image))
    return shown


def _holds(
    condition: Mapping[str, Any] | None,
    image: str | None,
    shown: set[Place],
    given: Mapping[Place, Answer],
) -> bool:
    """Whether the earlier criterion, of the same image or of the case, is as it has to be."""
    if condition is None:
        return True
    places = {(condition["criterion"], image), (condition["criterion"], None)} & shown
    return any(place in given and given[place].value in condition["values"] for place in places)


def _problem(
    answer: Answer,
    asked: Mapping[Place, CriterionLike],
    shown: set[Place],
    seen: set[Place],
    labels: Sequence[str],
) -> str:
    if answer.place not in asked:
        return _("This was not asked.")
    if answer.place in seen:
        return _("Answered twice.")
    if answer.place not in shown:
        return _("This is not asked after what was answered before.")
    return _problem_of_kind(answer, asked[answer.place], labels)


def _problem_of_kind(answer: Answer, criterion: CriterionLike, labels: Sequence[str]) -> str:
    if answer.not_applicable:
        return _problem_of_not_applicable(answer, criterion)
    if criterion.kind == "text":
        return _problem_of_text(answer)
    if criterion.kind == "place":
        return _problem_of_place(answer)
    return _problem_of_value(answer, criterion, labels)


def _problem_of_not_applicable(answer: Answer, criterion: CriterionLike) -> str:
    if not criterion.allows_not_applicable:
        return _("n/a is not offered here.")
    return "" if _parts(answer) == 0 else _("A value or n/a, not both.")


def _problem_of_text(answer: Answer) -> str:
    if not answer.text.strip():
        return _("Please answer.")
    if len(answer.text) > LONGEST_TEXT:
        return _("At most %(longest)s characters.") % {"longest": LONGEST_TEXT}
    return "" if _parts(answer) == 1 else _("A text, and nothing else.")


def _problem_of_place(answer: Answer) -> str:
    if answer.x is None or answer.y is None:
        return _("Please point at the image.")
    if not (0 <= answer.x <= 1 and 0 <= answer.y <= 1):
        return _("It does not lie on the image.")
    return "" if _parts(answer) == 1 else _("A place, and nothing else.")


def _problem_of_value(answer: Answer, criterion: CriterionLike, labels: Sequence[str]) -> str:
    if answer.value is None:
        return _("Please answer.")
    if _parts(answer) > 1:
        return _("A value, and nothing else.")
    if answer.value in values_of(criterion, labels):
        return ""
    if criterion.kind not in RANGED:
        return _("Choose one of the options.")
    return _("Choose %(minimum)s to %(maximum)s.") % {
        "minimum": criterion.minimum,
        "maximum": criterion.maximum,
    }


def values_of(criterion: CriterionLike, labels: Sequence[str]) -> set[int]:
    """What may be answered: a range, the options, and for a side one value an image besides."""
    if criterion.kind in RANGED:
        return set(range(criterion.minimum, criterion.maximum + 1))
    values = {option["value"] for option in criterion.options}
    images = range(1, len(labels) + 1) if criterion.kind == "side" else ()
    return values | set(images)


def _parts(answer: Answer) -> int:
    """How many of value, text and place were sent."""
    has_place = answer.x is not None or answer.y is not None
    return (answer.value is not None) + bool(answer.text) + has_place
