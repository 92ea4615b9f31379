"""Short hands with which the shipped rubrics are written down."""

from collections.abc import Mapping

from radrate.studies.rubrics.definition import CHOICE, TEXT, Condition, Item, Tag


def scale(
    key: str, question: str, hint: str, *anchors: str, shown_if: Condition | None = None
) -> Item:
    """Asked for each image, n/a offered; `anchors` word every point from the lowest upwards."""
    return Item(
        key=key,
        question=question,
        hint=hint,
        not_applicable=True,
        points=len(anchors),
        anchors=dict(enumerate(anchors, start=1)),
        shown_if=shown_if,
    )


def choice(key: str, question: str, *options: str, hint: str = "", per_image: bool = False) -> Item:
    return Item(
        key=key, question=question, kind=CHOICE, hint=hint, per_image=per_image, options=options
    )


def text(key: str, question: str, *, shown_if: Condition) -> Item:
    return Item(key=key, question=question, kind=TEXT, per_image=False, shown_if=shown_if)


def only_if(criterion: str, *values: int) -> Condition:
    return Condition(criterion, values)


def tags(groups: Mapping[str, Mapping[str, str]]) -> tuple[Tag, ...]:
    return tuple(
        Tag(key, group, label) for group, labels in groups.items() for key, label in labels.items()
    )
