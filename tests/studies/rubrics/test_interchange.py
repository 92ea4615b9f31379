"""A rubric as a file: what is written is read again, and nothing else is taken."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radrate.errors import DomainError
from radrate.studies.rubrics.interchange import MOST_BYTES, from_json, to_json
from radrate.studies.rubrics.shipped import SHIPPED
from tests.factories.rubrics import make_definition
from tests.studies.rubrics.strategies import definitions


@given(definitions())
def test_what_is_written_is_read_again(definition):
    assert from_json(to_json(definition).encode()) == definition


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_rubrics_survive_a_file(name):
    assert from_json(to_json(SHIPPED[name]()).encode()) == SHIPPED[name]()


def changed(**changes):
    return json.dumps(json.loads(to_json(make_definition())) | changes).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a rubric"),
        (b"{}", "not a rubric"),
        (b" " * (MOST_BYTES + 1), "too large"),
        (changed(format_version=2), "another version"),
        (changed(title=1), "title"),
        (changed(criteria={}), "criteria"),
        (changed(criteria=[1]), "criteria"),
        (changed(criteria=[{"key": "a", "question": "b"}]), "Question 1: “kind”"),
        (
            changed(criteria=[{"key": "a", "question": "b", "kind": "scale", "points": True}]),
            "points",
        ),
        (
            changed(
                criteria=[{"key": "a", "question": "b", "kind": "scale", "anchors": {"x": "y"}}]
            ),
            "anchors",
        ),
        (
            changed(criteria=[{"key": "a", "question": "b", "kind": "scale", "shown_if": {}}]),
            "criterion",
        ),
        (changed(defects=[{"key": "a"}]), "group"),
    ],
)
def test_what_is_no_rubric_is_refused_in_a_sentence(content, told):
    with pytest.raises(DomainError, match=told):
        from_json(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
PARTS = ["title", "description", "criteria", "defects"]
ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["key", "question", "kind", "points", "anchors", "options", "shown_if"]),
        JSON,
    ),
    max_size=2,
)


@given(st.dictionaries(st.sampled_from(PARTS), JSON | ROWS))
def test_any_content_is_a_rubric_or_a_sentence(parts):
    try:
        from_json(changed(**parts))
    except DomainError as refused:
        assert str(refused)
