"""Between rows and values: a rubric as it is stored, and as a definition."""

from typing import Any

from radrate.studies.rubrics.definition import CHOICE, SCALE, Condition, Definition, Item, Tag
from radrate.studies.rubrics.models import Criterion, DefectTag, Rubric


def definition_of(rubric: Rubric) -> Definition:
    return Definition(
        title=rubric.title,
        description=rubric.description,
        criteria=tuple(_item(row) for row in rubric.criteria.all()),
        tags=tuple(Tag(row.key, row.group, row.label) for row in rubric.tags.all()),
    )


def _item(row: Criterion) -> Item:
    condition = row.condition
    return Item(
        key=row.key,
        question=row.question,
        kind=row.kind,
        hint=row.hint,
        per_image=row.per_image,
        required=row.required,
        not_applicable=row.allows_not_applicable,
        points=row.maximum,
        anchors={int(value): words for value, words in row.anchors.items()},
        options=tuple(option["label"] for option in row.options),
        shown_if=Condition(condition["criterion"], tuple(condition["values"]))
        if condition
        else None,
    )


def write(rubric: Rubric, definition: Definition) -> None:
    """Make the rows of a rubric those of the definition."""
    rubric.title, rubric.description = definition.title, definition.description
    rubric.save()
    rubric.criteria.all().delete()
    rubric.tags.all().delete()
    Criterion.objects.bulk_create(criteria_rows(rubric, definition))
    DefectTag.objects.bulk_create(tag_rows(rubric, definition))


def criteria_rows(rubric: Rubric, definition: Definition) -> list[Criterion]:
    return [
        Criterion(rubric=rubric, position=position, **_fields(item))
        for position, item in enumerate(definition.criteria, start=1)
    ]


def tag_rows(rubric: Rubric, definition: Definition) -> list[DefectTag]:
    return [
        DefectTag(rubric=rubric, position=position, key=tag.key, group=tag.group, label=tag.label)
        for position, tag in enumerate(definition.tags, start=1)
    ]


def _fields(item: Item) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "key": item.key,
        "kind": item.kind,
        "question": item.question,
        "hint": item.hint,
        "per_image": item.per_image,
        "allows_not_applicable": item.not_applicable,
        "required": item.required,
        "condition": _condition(item.shown_if),
    }
    if item.kind == SCALE:
        anchors = {str(value): words for value, words in item.anchors.items()}
        fields |= {"maximum": item.points, "anchors": anchors}
    if item.kind == CHOICE:
        labels = enumerate(item.options, start=1)
        fields["options"] = [{"value": value, "label": label} for value, label in labels]
    return fields


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    return {"criterion": condition.criterion, "values": list(condition.values)}
