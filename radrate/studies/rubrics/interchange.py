"""A rubric as a JSON file, to be kept, sent and taken elsewhere."""

import json
from typing import Any

from django.utils.translation import gettext as _

from radrate.errors import DomainError
from radrate.studies.rubrics.definition import Condition, Definition, Item, Tag, as_json

FORMAT, FORMAT_VERSION = "radrate-rubric", 1
MOST_BYTES = 500_000


def to_json(definition: Definition) -> str:
    body = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": definition.title,
        "description": definition.description,
        "criteria": [as_json(item) for item in definition.criteria],
        "defects": [
            {"key": tag.key, "group": tag.group, "label": tag.label} for tag in definition.tags
        ],
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def from_json(content: bytes) -> Definition:
    """Raises `DomainError` for what is no rubric; what it asks is checked elsewhere."""
    if len(content) > MOST_BYTES:
        raise DomainError(_("The file is too large for a rubric."))
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DomainError(_("The file is not JSON.")) from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise DomainError(_("The file is not a rubric of RadRate."))
    if body.get("format_version") != FORMAT_VERSION:
        raise DomainError(_("The rubric was written by another version of RadRate."))
    return Definition(
        title=_value(body, "title", str),
        description=_value(body, "description", str, ""),
        criteria=tuple(_item(row, number) for number, row in _rows(body, "criteria")),
        tags=tuple(_tag(row) for _number, row in _rows(body, "defects")),
    )


def _rows(body: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    rows = _value(body, name, list, [])
    if not all(isinstance(row, dict) for row in rows):
        raise DomainError(_("“%(name)s” is not as it has to be.") % {"name": name})
    return list(enumerate(rows, start=1))


def _item(row: dict[str, Any], number: int) -> Item:
    plain = Item("", "")
    try:
        return Item(
            key=_value(row, "key", str),
            question=_value(row, "question", str),
            kind=_value(row, "kind", str),
            hint=_value(row, "hint", str, plain.hint),
            per_image=_value(row, "per_image", bool, plain.per_image),
            required=_value(row, "required", bool, plain.required),
            not_applicable=_value(row, "not_applicable", bool, plain.not_applicable),
            points=_value(row, "points", int, plain.points),
            anchors=_anchors(row),
            options=_listed(row, "options", str),
            shown_if=_condition(row),
        )
    except DomainError as error:
        raise DomainError(
            _("Question %(number)s: %(problem)s") % {"number": number, "problem": error}
        ) from error


def _anchors(row: dict[str, Any]) -> dict[int, str]:
    anchors = _value(row, "anchors", dict, {})
    try:
        words = {int(value): _value(anchors, value, str) for value in anchors}
    except ValueError as error:
        raise DomainError(_("“%(name)s” is not as it has to be.") % {"name": "anchors"}) from error
    return {value: word for value, word in words.items() if word}


def _condition(row: dict[str, Any]) -> Condition | None:
    if row.get("shown_if") is None:
        return None
    condition = _value(row, "shown_if", dict)
    return Condition(_value(condition, "criterion", str), _listed(condition, "values", int))


def _tag(row: dict[str, Any]) -> Tag:
    return Tag(*(_value(row, name, str) for name in ("key", "group", "label")))


def _listed(row: dict[str, Any], name: str, kind: type) -> tuple[Any, ...]:
    values = _value(row, name, list, [])
    return tuple(_value({name: value}, name, kind) for value in values)


def _value(row: dict[str, Any], name: str, kind: type, default: Any = None) -> Any:
    """What stands there, if it is of this kind; true and false are no numbers."""
    value = row.get(name, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise DomainError(_("“%(name)s” is not as it has to be.") % {"name": name})
    return value
