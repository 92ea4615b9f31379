from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radrate.studies.allocation import PhasePlan, PlannedCase, Problem, problems
from tests.studies.allocation.phases import places_of

TEN = PhasePlan(1, tuple(PlannedCase(n) for n in range(1, 11)), images=2, block_size=5)
CATCHES = tuple(PlannedCase(n, kind="catch") for n in range(11, 16))


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"repeats": 11}, ("too_many_repeats", 10)),
        ({"repeats": 3, "minimum_lag": 9}, ("lag_too_long", 8)),
        ({"repeats": 1, "minimum_lag": 0}, ("lag_too_short", 1)),
        ({"kind": "blocks", "cases_per_reader": 4, "anchors": 5}, ("too_many_anchors", 4)),
        ({"kind": "quota", "cases_per_reader": 0}, ("nothing_to_read", 1)),
        ({"sessions": 2, "second_session_cases": 11}, ("too_many_in_second_session", 10)),
        (
            {"kind": "quota", "cases_per_reader": 4, "cases": TEN.cases + CATCHES},
            ("too_many_catch_trials", 4),
        ),
        (
            {"sessions": 2, "second_session_cases": 3, "cases": TEN.cases + CATCHES},
            ("too_many_catch_trials", 3),
        ),
    ],
)
def test_a_design_that_cannot_be_is_refused_with_what_would_do(settings, problem):
    assert problems(replace(TEN, **settings)) == [Problem(*problem)]


@given(st.integers(1, 10), st.integers(1, 10))
def test_the_limit_that_is_told_for_the_lag_does(repeats, lag):
    phase = replace(TEN, repeats=repeats, minimum_lag=lag)
    for problem in problems(phase):
        assert problem.code == "lag_too_long"
        phase = replace(phase, minimum_lag=problem.limit)
    assert not problems(phase)
    first = {p.case_number: p.position for p in places_of(phase)[0] if p.occurrence == 1}
    again = {p.case_number: p.position for p in places_of(phase)[0] if p.occurrence == 2}
    assert len(again) == repeats
    assert all(again[number] - first[number] >= phase.minimum_lag for number in again)


def test_the_load_is_never_more_than_there_are_cases():
    assert replace(TEN, kind="quota", cases_per_reader=50).load == 10
    assert replace(TEN, kind="quota", cases_per_reader=4).load == 4
    assert replace(TEN, kind="quota").load == 10
