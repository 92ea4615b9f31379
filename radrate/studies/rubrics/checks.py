"""What can be wrong with a rubric, each fault at its field. Pure but for the messages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from radrate.studies.rubrics.definition import (
    CHOICE,
    EDITABLE,
    FEWEST,
    MOST,
    SCALE,
    TEXT,
    Condition,
    Definition,
    Item,
    Tag,
)

MOST_CRITERIA = 40
MOST_TAGS = 80
LONGEST = {"title": 120, "description": 2000, "key": 40, "question": 200, "hint": 300, "word": 100}
LONGEST_TAG = {"group": 40, "label": 60}
UNKEPT = re.compile("[\x00\ud800-\udfff]")  # Postgres holds none of these
KEY = re.compile(r"[a-z][a-z0-9_]*")
VERDICT_KEYS = frozenset(
    {"verdict", "place", "confidence", "real_side", "intact_side", "preferred_side"}
)  # what designs ask by themselves

Place = tuple[str, int, str]  # ("criteria", 2, "question"), ("tags", 0, "label"), ("rubric", 0, …)
Fault = tuple[str, str]  # a field and what is wrong with it


def faults(definition: Definition) -> dict[Place, str]:
    """The first thing wrong with each field; empty where the rubric can be used."""
    found = [
        *((("rubric", 0, name), message) for name, message in _of_rubric(definition)),
        *_of_criteria(definition.criteria),
        *_of_tags(definition.tags),
    ]
    first: dict[Place, str] = {}
    for place, message in found:
        first.setdefault(place, message)
    return first


def _of_rubric(definition: Definition) -> Iterator[Fault]:
    if not definition.title.strip():
        yield "title", _("Give it a title.")
    for name in ("title", "description"):
        yield from _too_long(name, getattr(definition, name), LONGEST[name])
    if not definition.criteria:
        yield "criteria", _("A rubric asks at least one question.")
    elif not any(one.required for one in definition.criteria):
        yield "criteria", _("At least one question must be required.")
    if len(definition.criteria) > MOST_CRITERIA:
        yield "criteria", _("A rubric has at most %(most)s questions.") % {"most": MOST_CRITERIA}
    if len(definition.tags) > MOST_TAGS:
        yield "tags", _("A rubric has at most %(most)s defects.") % {"most": MOST_TAGS}


def _of_criteria(criteria: Sequence[Item]) -> Iterator[tuple[Place, str]]:
    keys = Counter(one.key for one in criteria)
    for index, criterion in enumerate(criteria):
        found = [
            *_of_words(criterion),
            *_of_key(criterion.key, keys),
            *_of_values(criterion),
            *_of_condition(criterion, criteria[:index]),
        ]
        yield from ((("criteria", index, name), message) for name, message in found)


def _of_words(criterion: Item) -> Iterator[Fault]:
    if not criterion.question.strip():
        yield "question", _("Write the question.")
    for name in ("question", "hint"):
        yield from _too_long(name, getattr(criterion, name), LONGEST[name])


def _of_key(key: str, keys: Counter[str]) -> Iterator[Fault]:
    if not KEY.fullmatch(key):
        yield "key", _("Small letters, digits and _, beginning with a letter.")
    elif key in VERDICT_KEYS:
        yield "key", _("This name is kept for the question that the design asks.")
    elif keys[key] > 1:
        yield "key", _("Two questions have this name.")
    yield from _too_long("key", key, LONGEST["key"])


def _of_values(criterion: Item) -> Iterator[Fault]:
    between = {"fewest": FEWEST, "most": MOST}
    if criterion.kind not in EDITABLE:
        yield "kind", _("There is no such kind.")
    elif criterion.kind == SCALE:
        if not FEWEST <= criterion.points <= MOST:
            yield "points", _("A scale has %(fewest)s to %(most)s points.") % between
        if any(value not in criterion.values for value in criterion.anchors):
            yield "anchors", _("A value that is not on the scale has words.")
        yield from _of_labels("anchors", [word for word in criterion.anchors.values() if word])
    elif criterion.kind == CHOICE:
        if not FEWEST <= len(criterion.options) <= MOST:
            yield "options", _("A choice has %(fewest)s to %(most)s options.") % between
        yield from _of_labels("options", criterion.options)


def _of_labels(name: str, labels: Sequence[str]) -> Iterator[Fault]:
    if not all(label.strip() for label in labels):
        yield name, _("One of them is empty.")
    if len(set(labels)) < len(labels):
        yield name, _("Two of them are the same.")
    for label in labels:
        yield from _too_long(name, label, LONGEST["word"])


def _of_condition(criterion: Item, earlier: Sequence[Item]) -> Iterator[Fault]:
    condition = criterion.shown_if
    if condition is None:
        return
    asked = next((one for one in earlier if one.key == condition.criterion), None)
    if asked is None:
        yield "shown_if", _("It can depend on a question that stands before it only.")
    elif asked.kind == TEXT:
        yield "shown_if", _("It cannot depend on a text.")
    elif asked.per_image and not criterion.per_image:
        yield (
            "shown_if",
            _("A question of the case cannot depend on one that is asked for each image."),
        )
    else:
        yield from _of_condition_values(condition, asked)


def _of_condition_values(condition: Condition, asked: Item) -> Iterator[Fault]:
    if not condition.values:
        yield "shown_values", _("Choose the answers for which it is asked.")
    elif not set(condition.values) <= set(asked.values):
        yield "shown_values", _("One of these answers cannot be given any more.")
    elif len(set(condition.values)) < len(condition.values):
        yield "shown_values", _("Two of them are the same.")


def _of_tags(tags: Sequence[Tag]) -> Iterator[tuple[Place, str]]:
    keys = Counter(tag.key for tag in tags)
    names = Counter((tag.group, tag.label) for tag in tags)
    for index, tag in enumerate(tags):
        found = [*_of_tag(tag)]
        if not KEY.fullmatch(tag.key) or len(tag.key) > LONGEST["key"]:
            found.append(("key", _("Small letters, digits and _, beginning with a letter.")))
        elif keys[tag.key] > 1:
            found.append(("key", _("Two defects have this name.")))
        if names[tag.group, tag.label] > 1:
            found.append(("label", _("This defect stands here twice.")))
        yield from ((("tags", index, name), message) for name, message in found)


def _of_tag(tag: Tag) -> Iterator[Fault]:
    if not tag.label.strip():
        yield "label", _("Name the defect.")
    if not tag.group.strip():
        yield "group", _("Name its group.")
    for name, longest in LONGEST_TAG.items():
        yield from _too_long(name, getattr(tag, name), longest)


def _too_long(name: str, words: str, longest: int) -> Iterator[Fault]:
    if len(words) > longest:
        yield name, _("At most %(longest)s characters.") % {"longest": longest}
    elif UNKEPT.search(words):
        yield name, _("It holds a character that cannot be kept.")
