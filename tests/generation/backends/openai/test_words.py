"""A provider's words and numbers, made fit to be stored."""

import json

from hypothesis import given
from hypothesis import strategies as st

from generation.backends.openai.words import added, numbers, plain

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
USAGE = st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), max_size=3)


@given(st.text(alphabet=st.characters(), max_size=40) | JSON, st.integers(1, 20))
def test_words_are_storable_and_short(value, most):
    words = plain(value, most)
    assert len(words) <= most
    assert "\0" not in words
    words.encode("utf-8")


@given(JSON)
def test_usage_is_numbers_that_json_can_hold(value):
    json.dumps(numbers(value), allow_nan=False).encode("utf-8")


@given(USAGE, USAGE)
def test_usage_is_summed_number_by_number(one, other):
    total = added({"n": 1, "of": one}, {"of": other})
    assert total["n"] == 1
    assert sum(total["of"].values()) == sum(one.values()) + sum(other.values())
    assert added({}, total) == added(total, {}) == total
