"""What is typed into the rubric's form, as a value and back. Nothing typed is refused here.

Every question and every group of defects has a name of its own in the form (its uid), so that a
question can be moved, or its key changed, and whatever depends on it goes along. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Any

from django.utils.datastructures import MultiValueDict as Data
from django.utils.text import slugify

from radrate.studies.rubrics.checks import LONGEST, VERDICT_KEYS
from radrate.studies.rubrics.definition import (
    CHOICE,
    MOST,
    SCALE,
    Condition,
    Definition,
    Item,
    Tag,
)

KEYED = re.compile(r"(?P<label>.*?)\s*\[(?P<key>[^\]]*)\]")  # a defect with a key of its own
UID = re.compile(r"[a-z0-9_]{1,50}")


def uids(data: Data, name: str) -> list[str]:
    """In their order; what is no uid of ours is left out."""
    return list(dict.fromkeys(uid for uid in data.getlist(name) if UID.fullmatch(uid)))


def definition_in(data: Data) -> Definition:
    names = uids(data, "criteria")
    keys = _keys(data, names)
    return Definition(
        title=data.get("title", "").strip(),
        description=_text(data.get("description", "")),
        criteria=tuple(_item(data, uid, keys) for uid in names),
        tags=tuple(tag for tags in tags_by_group(data).values() for tag in tags),
    )


def _keys(data: Data, names: Sequence[str]) -> dict[str, str]:
    """The key of each question: as typed, else made of the question, each but once."""
    typed = {uid: data.get(f"{uid}-key", "").strip() for uid in names}
    taken = {*typed.values(), *VERDICT_KEYS}
    for number, uid in enumerate(names, start=1):
        if not typed[uid]:
            words = data.get(f"{uid}-question", "")
            typed[uid] = key_of(words, fallback=f"question_{number}", taken=taken)
            taken.add(typed[uid])
    return typed


def key_of(words: str, *, fallback: str, taken: Iterable[str] = ()) -> str:
    made = slugify(words).replace("-", "_").strip("_")[: LONGEST["key"] - 4]
    base = made if made[:1].isalpha() else fallback
    names = chain([base], (f"{base}_{number}" for number in count(2)))
    used = set(taken)
    return next(name for name in names if name not in used)


def _item(data: Data, uid: str, keys: Mapping[str, str]) -> Item:
    def typed(name: str) -> str:
        return data.get(f"{uid}-{name}", "").strip()

    kind = typed("kind")
    points = int(typed("points")) if typed("points") in POINTS else Item("", "").points
    anchors = {value: typed(f"anchor_{value}") for value in range(1, points + 1)}
    return Item(
        key=keys[uid],
        question=typed("question"),
        kind=kind,
        hint=typed("hint"),
        per_image=typed("per_image") != "case",
        required=bool(typed("required")),
        not_applicable=bool(typed("not_applicable")),
        points=points if kind == SCALE else Item("", "").points,
        anchors={value: words for value, words in anchors.items() if words}
        if kind == SCALE
        else {},
        options=_lines(typed("options")) if kind == CHOICE else (),
        shown_if=_condition(data, uid, keys),
    )


POINTS = tuple(str(points) for points in range(2, MOST + 1))


def _condition(data: Data, uid: str, keys: Mapping[str, str]) -> Condition | None:
    other = data.get(f"{uid}-shown_if", "")
    if not other:
        return None
    values = (value for value in data.getlist(f"{uid}-shown_values") if value.isdecimal())
    return Condition(keys.get(other, other), tuple(int(value[:3]) for value in values))


def tags_by_group(data: Data) -> dict[str, list[Tag]]:
    """The defects of each group's uid, one a line."""
    taken: set[str] = set()
    found: dict[str, list[Tag]] = {}
    for uid in uids(data, "groups"):
        group = data.get(f"{uid}-group", "").strip()
        lines = _lines(data.get(f"{uid}-labels", ""))
        found[uid] = [_tag(group, line, taken) for line in lines]
    return found


def _tag(group: str, line: str, taken: set[str]) -> Tag:
    keyed = KEYED.fullmatch(line)
    label = keyed["label"] if keyed else line
    key = keyed["key"] if keyed else key_of(label, fallback="defect", taken=taken)
    taken.add(key)
    return Tag(key, group, label)


def data_of(definition: Definition) -> Data:
    """What the form would hold to say this."""
    data = Data()
    data["title"], data["description"] = definition.title, definition.description
    order = [f"q{number}" for number in range(1, len(definition.criteria) + 1)]
    data.setlist("criteria", order)
    by_key: dict[str, str] = {}
    for uid, item in zip(order, definition.criteria, strict=True):
        _put(data, uid, _fields(item, by_key))
        by_key.setdefault(item.key, uid)
    groups = dict.fromkeys(tag.group for tag in definition.tags)
    data.setlist("groups", [f"g{number}" for number in range(1, len(groups) + 1)])
    for number, group in enumerate(groups, start=1):
        lines = [_line(tag) for tag in definition.tags if tag.group == group]
        _put(data, f"g{number}", {"group": group, "labels": "\n".join(lines)})
    return data


def _fields(item: Item, names: Mapping[str, str]) -> dict[str, Any]:
    condition = item.shown_if
    return {
        "key": item.key,
        "question": item.question,
        "hint": item.hint,
        "kind": item.kind,
        "per_image": "image" if item.per_image else "case",
        "required": "on" if item.required else "",
        "not_applicable": "on" if item.not_applicable else "",
        "points": str(item.points),
        **{f"anchor_{value}": words for value, words in item.anchors.items()},
        "options": "\n".join(item.options),
        "shown_if": names.get(condition.criterion, condition.criterion) if condition else "",
        "shown_values": [str(value) for value in condition.values] if condition else [],
    }


def _line(tag: Tag) -> str:
    """With its key where that is not the one that its label would make."""
    is_plain = key_of(tag.label, fallback="") == tag.key
    return tag.label if is_plain else f"{tag.label} [{tag.key}]"


def _put(data: Data, uid: str, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if value != "":
            data.setlist(f"{uid}-{name}", value if isinstance(value, list) else [value])


def _text(words: str) -> str:
    return words.replace("\r\n", "\n").strip()


def _lines(words: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in words.splitlines() if line.strip())


# What the form's buttons do -------------------------------------------------------------------


def acted(data: Data, action: str) -> tuple[Data, str]:
    """The form after a button, and the uid of what it made or moved (else empty). An action is
    `add:scale`, `up:q2`, `down:q2`, `double:q2`, `remove:q2`, or `add:group`."""
    verb, _sign, uid = action.partition(":")
    changed = data.copy()
    name = "groups" if uid.startswith("g") else "criteria"
    order = uids(data, name)
    if verb == "add":
        made = _new(changed, "g" if uid == "group" else "q", order)
        _put(changed, made, {} if uid == "group" else _blank(uid))
        order, uid = [*order, made], made
    elif uid not in order:
        return changed, ""
    elif verb == "double":
        made = _new(changed, "q", order)
        _copy(changed, uid, made)
        place = order.index(uid) + 1
        order, uid = [*order[:place], made, *order[place:]], made
    elif verb == "remove":
        order.remove(uid)
    elif verb in ("up", "down"):
        order = _moved(order, uid, -1 if verb == "up" else 1)
    changed.setlist(name, order)
    return changed, "" if verb == "remove" else uid


def _new(data: Data, letter: str, order: Sequence[str]) -> str:
    number = 1 + max((int(uid[1:]) for uid in order if uid[1:].isdecimal()), default=0)
    while any(name.startswith(f"{letter}{number}-") for name in data):
        number += 1
    return f"{letter}{number}"


def _blank(kind: str) -> dict[str, str]:
    return {"kind": kind, "per_image": "image", "required": "on", "points": "5"}


def _copy(data: Data, uid: str, made: str) -> None:
    for name in [name for name in data if name.startswith(f"{uid}-")]:
        data.setlist(f"{made}-{name.partition('-')[2]}", data.getlist(name))
    data[f"{made}-key"] = ""


def _moved(order: Sequence[str], uid: str, by: int) -> list[str]:
    place = order.index(uid)
    rest = [other for other in order if other != uid]
    to = min(max(place + by, 0), len(rest))
    return [*rest[:to], uid, *rest[to:]]
