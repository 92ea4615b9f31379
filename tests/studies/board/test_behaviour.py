"""What stands out in a way of answering, on answers that are made up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radrate.studies.board import behaviour
from radrate.studies.board.behaviour import Sheet

SECONDS = st.lists(st.floats(0, 3600, allow_nan=False), max_size=60)
SHEETS = st.lists(
    st.builds(
        Sheet,
        position=st.integers(1, 500),
        seconds=st.floats(0, 600, allow_nan=False),
        lowest=st.one_of(st.none(), st.integers(0, 5)),
        highest=st.one_of(st.none(), st.integers(0, 5)),
        answers=st.integers(0, 12),
        side=st.one_of(st.none(), st.integers(1, 2), st.just(8), st.just(9)),
        images=st.just(2),
        caught=st.one_of(st.none(), st.booleans()),
    ),
    max_size=60,
)


def same(value: int = 3, **changes: object) -> Sheet:
    return replace(Sheet(1, 30.0, value, value, 6, 1, 2), **changes)


def varied(**changes: object) -> Sheet:
    return replace(Sheet(1, 30.0, 2, 4, 6, 2, 2), **changes)


@given(SECONDS, st.one_of(st.none(), st.floats(1, 600)))
def test_fast_cases_are_all_those_under_the_limit_that_is_named(seconds, group):
    flag = behaviour.too_fast(seconds, group)
    own = behaviour.pace(seconds)
    limit = max(behaviour.FLOOR_S, 0.25 * (own or 0), 0.25 * (group or 0))
    count = sum(one < limit for one in seconds)
    assert (flag is not None) == (count >= 3 and count >= 0.1 * len(seconds))
    if flag:
        assert (flag.count, flag.of, flag.limit) == (count, len(seconds), limit)


@given(st.lists(st.floats(5, 600), min_size=1, max_size=60))
def test_whoever_is_as_quick_as_the_group_and_even_is_never_too_fast(seconds):
    slowest = max(seconds)
    even = [slowest * 0.5 + one * 0.5 for one in seconds]
    assert behaviour.too_fast(even, behaviour.pace(even)) is None


def test_the_sentence_on_speed_has_the_numbers_and_accuses_nobody():
    flag = behaviour.too_fast([40.0] * 17 + [2.0] * 3, 60.0)
    assert flag.sentence == (
        "3 of 20 cases took less than 15 s (own median 40 s, the group's 60 s)."
    )


def test_a_group_of_two_has_no_pace():
    assert behaviour.group_pace([10.0, 20.0]) is None
    assert behaviour.group_pace([10.0, 20.0, 90.0]) == 20.0


@given(SHEETS)
def test_the_longest_run_is_one_that_is_there_and_no_longer_one_is(sheets):
    length, answers = behaviour.longest_run(sheets)

    def value(run: list[Sheet]) -> int | None:
        seen = {one.lowest for one in run} | {one.highest for one in run}
        return seen.pop() if len(seen) == 1 else None

    runs = [
        sheets[start:end]
        for start in range(len(sheets))
        for end in range(start + 1, len(sheets) + 1)
        if value(sheets[start:end]) is not None
    ]
    assert length == max((len(run) for run in runs), default=0)
    if length:
        found = [sum(one.answers for one in run) for run in runs if len(run) == length]
        assert answers in found


def test_eight_cases_with_one_value_are_told_and_seven_are_not():
    assert behaviour.one_key([same()] * 7 + [varied()]) is None
    flag = behaviour.one_key([varied(), *[same()] * 8, same(value=4)])
    assert flag.count == 8
    assert flag.sentence == "8 cases in a row have one and the same value in all 48 answers."


def test_a_rubric_of_one_scale_needs_a_longer_run():
    assert behaviour.one_key([same(answers=1)] * 23) is None
    assert behaviour.one_key([same(answers=1)] * 24).count == 24


@given(st.lists(st.integers(1, 2), max_size=80))
def test_one_side_is_told_from_twenty_cases_and_85_percent(sides):
    flag = behaviour.one_side([same(side=side) for side in sides])
    most = max(sides.count(1), sides.count(2))
    assert (flag is not None) == (len(sides) >= 20 and most >= 0.85 * len(sides))
    if flag:
        assert (flag.count, flag.of) == (most, len(sides))


def test_neither_side_nor_value_can_be_read_from_a_sentence():
    """Swapping the sides, or another key, gives the same words."""
    left, right = [same(side=1)] * 30, [same(side=2, value=5)] * 30
    told = [
        [flag.sentence for flag in behaviour.flags(one, group=None, idle_days=0, is_machine=True)]
        for one in (left, right)
    ]
    assert told[0] == told[1]
    assert len(told[0]) == 2


@given(st.lists(st.booleans(), max_size=40))
def test_missed_catch_trials_are_only_counted_and_only_from_three_on(caught):
    flag = behaviour.catch_missed([varied(caught=one) for one in caught] + [varied()] * 9)
    missed = caught.count(False)
    told = len(caught) >= 3 and missed >= 2 and missed > len(caught) / 4
    assert (flag is not None) == told
    if flag:
        assert flag.sentence == (
            f"{missed} of {len(caught)} catch trials were not answered as expected."
        )


@pytest.mark.parametrize(("days", "is_told"), [(6, False), (7, True), (40, True)])
def test_idle_is_told_after_a_week(days, is_told):
    assert (behaviour.idle(days) is not None) == is_told


@given(SHEETS)
def test_a_machine_is_neither_too_fast_nor_idle(sheets):
    kinds = {one.kind for one in behaviour.flags(sheets, group=99, idle_days=99, is_machine=True)}
    assert kinds <= {"one_key", "one_side", "catch_missed"}
