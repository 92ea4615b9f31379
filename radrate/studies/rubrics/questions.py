"""A rubric as a reader's page, or its preview, is given it: plain frozen values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from radrate.studies.rubrics.models import Criterion, Rubric

Kind = Criterion.Kind


@dataclass(frozen=True, slots=True)
class Question:
    """`options` are {"value", "label"} in the order of the digit keys; empty for a scale, whose
    values are `minimum` to `maximum`. `condition` as in Criterion."""

    key: str
    question: str
    hint: str
    kind: str
    per_image: bool
    minimum: int
    maximum: int
    anchors: dict[str, str]
    not_applicable: bool
    required: bool
    options: tuple[dict[str, Any], ...]
    condition: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Tag:
    key: str
    group: str
    label: str


def questions(criteria: Iterable[Criterion], labels: str) -> tuple[Question, ...]:
    """`labels` are those of the images shown, such as "AB"."""
    return tuple(question(criterion, labels) for criterion in criteria)


def question(criterion: Criterion, labels: str) -> Question:
    return Question(
        key=criterion.key,
        question=criterion.question,
        hint=criterion.hint,
        kind=criterion.kind,
        per_image=criterion.per_image,
        minimum=criterion.minimum,
        maximum=criterion.maximum,
        anchors=criterion.anchors,
        not_applicable=criterion.allows_not_applicable,
        required=criterion.required,
        options=tuple(options(criterion, labels)),
        condition=criterion.condition,
    )


def options(criterion: Criterion, labels: str) -> list[dict[str, Any]]:
    """What can be chosen. A side offers every image that is shown, and then its own options."""
    if criterion.kind != Kind.SIDE:
        return list(criterion.options)
    images = [{"value": number, "label": label} for number, label in enumerate(labels, start=1)]
    return [*images, *criterion.options]


def tags(rubric: Rubric) -> tuple[Tag, ...]:
    return tuple(Tag(tag.key, tag.group, tag.label) for tag in rubric.tags.all())
