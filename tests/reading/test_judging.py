"""Right, wrong or neither, for every kind of verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radrate.reading.judging import ALL_GENERATED, CANNOT_TELL, Verdict, is_right

LABELS = "ABCD"
kinds = st.sampled_from(["side", "verdict", "place", "scale"])


@given(st.integers(2, 4), st.data())
def test_of_all_sides_exactly_the_reference_s_is_right(images, data):
    labels = LABELS[:images]
    reference = data.draw(st.sampled_from(labels))
    values = [*range(1, images + 1), ALL_GENERATED]
    right = [value for value in values if is_right(Verdict("side", value), labels, reference)]
    assert [labels[value - 1] for value in right] == [reference]


@given(st.integers(2, 4))
def test_without_a_reference_only_all_generated_is_right(images):
    values = [*range(1, images + 1), ALL_GENERATED]
    labels = LABELS[:images]
    right = [value for value in values if is_right(Verdict("side", value), labels, None)]
    assert right == [ALL_GENERATED]


@pytest.mark.parametrize(
    ("value", "reference", "right"),
    [(1, "A", True), (2, "A", False), (1, None, False), (2, None, True)],
)
def test_a_single_image_is_the_reference_or_not(value, reference, right):
    assert is_right(Verdict("verdict", value), "A", reference) is right


@given(kinds, st.integers(1, 4))
def test_who_cannot_tell_is_neither_right_nor_wrong(kind, images):
    assert is_right(Verdict(kind, CANNOT_TELL), LABELS[:images], "A") is None
    assert is_right(Verdict(kind, None), LABELS[:images], "A") is None


@pytest.mark.parametrize("hit", [True, False, None])
def test_a_place_is_right_when_it_hits(hit):
    assert is_right(Verdict("place", hit=hit), "A", None) is hit


@given(st.integers(1, 7), st.sampled_from([None, "A"]))
def test_a_score_is_never_right_or_wrong(value, reference):
    assert is_right(Verdict("scale", value), "AB", reference) is None
    assert is_right(Verdict("confidence", value), "AB", reference) is None
