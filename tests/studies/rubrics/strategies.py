"""Sound rubrics at random."""

from hypothesis import strategies as st

from radrate.studies.rubrics.checks import VERDICT_KEYS
from radrate.studies.rubrics.definition import CHOICE, SCALE, TEXT, Condition, Definition, Item, Tag

# a line as a person may type it: without what ends a line, without blanks at its ends
LETTERS = st.characters(
    codec="utf-8", exclude_categories=("C", "Zl", "Zp"), exclude_characters="\x85[]"
)


def lines(longest):
    return st.text(LETTERS, min_size=1, max_size=longest).map(str.strip).filter(lambda words: words)


KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True).filter(
    lambda key: key not in VERDICT_KEYS
)


@st.composite
def items(draw, key, earlier):
    kind = draw(st.sampled_from([SCALE, CHOICE, TEXT]))
    points = draw(st.integers(2, 10)) if kind == SCALE else 5
    words = st.dictionaries(st.integers(1, points), lines(30), max_size=points)
    anchors = draw(words.filter(lambda found: len(set(found.values())) == len(found)))
    options = draw(st.lists(lines(30), min_size=2, max_size=10, unique=True))
    possible = [item for item in earlier if item.kind != TEXT]
    asked = draw(st.none() | st.sampled_from(possible)) if possible else None
    return Item(
        key=key,
        question=draw(lines(60)),
        kind=kind,
        hint=draw(st.just("") | lines(60)),
        per_image=draw(st.booleans()) or bool(asked and asked.per_image),
        required=not earlier or draw(st.booleans()),
        not_applicable=draw(st.booleans()),
        points=points,
        anchors=anchors if kind == SCALE else {},
        options=tuple(options) if kind == CHOICE else (),
        shown_if=draw(conditions(asked)) if asked else None,
    )


def conditions(asked):
    values = st.sets(st.sampled_from(asked.values), min_size=1)
    return values.map(lambda found: Condition(asked.key, tuple(sorted(found))))


@st.composite
def definitions(draw):
    found = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=5, unique=True)):
        found.append(draw(items(key, found)))
    groups = draw(st.lists(lines(20), max_size=3, unique=True))
    keys = iter(draw(st.lists(KEYS, min_size=6, max_size=6, unique=True)))
    tags = [
        Tag(next(keys), group, label)
        for group in groups
        for label in draw(st.lists(lines(20), min_size=1, max_size=2, unique=True))
    ]
    return Definition(draw(lines(60)), draw(st.just("") | lines(100)), tuple(found), tuple(tags))
