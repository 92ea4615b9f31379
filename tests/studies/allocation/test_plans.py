"""The guarantees of docs/allocation.md on order, blocks, repeats, catch trials and sessions."""

from collections import Counter
from dataclasses import asdict
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radrate.studies.allocation import PhasePlan, PlannedCase, plan
from tests.studies.allocation.phases import (
    SEEDS,
    first_showings,
    main_cases,
    phases,
    places_of,
)
from tests.studies.allocation.recipe import recompute

KNOWN = [
    (6, 1, 1, 1, 1, "21"),
    (1, 2, 1, 1, 1, "21"),
    (8, 3, 1, 1, 1, "21"),
    (3, 4, 1, 1, 1, "21"),
    (5, 5, 1, 1, 1, "12"),
    (4, 6, 2, 1, 1, "12"),
    (7, 7, 2, 1, 1, "12"),
    (2, 8, 2, 1, 1, "12"),
    (3, 9, 2, 1, 2, "12"),
]


def kinds(phase):
    return {case.number: case.kind for case in phase.cases}


@settings(deadline=None)
@given(phases(number=1), phases(number=2, first=100), SEEDS, st.integers(0, 4))
def test_the_recipe_of_the_document_gives_the_same_plan(one, two, seed, planned):
    found = list(islice(plan(phases=[one, two], seed=seed, planned=planned), 5))
    expected = recompute(seed=seed, phases=[asdict(one), asdict(two)], planned=planned, slots=5)
    assert [[tuple(place) for place in places] for places in found] == expected


def test_the_plan_of_a_seed_never_changes():
    """Protocols that were published depend on it: this is a value of version 2."""
    cases = tuple(PlannedCase(n, arm=n % 2) for n in range(1, 9))
    phase = PhasePlan(1, cases, images=2, block_size=5, repeats=1, minimum_lag=3)
    places = places_of(phase, seed=2023)[0]
    assert [tuple(place) for place in places] == KNOWN


@given(phases(), SEEDS)
def test_positions_run_on_and_only_the_last_block_of_a_part_is_not_full(phase, seed):
    for places in places_of(phase, seed=seed):
        assert [place.position for place in places] == list(range(1, len(places) + 1))
        kind = kinds(phase)
        parts = {}
        for place in places:
            part = (place.session, kind[place.case_number] == "training")
            parts.setdefault(part, []).append(place.block)
        assert Counter(place.block for place in places).keys() == set(
            range(1, places[-1].block + 1)
        )
        for part, blocks in parts.items():
            sizes = Counter(blocks)
            assert all(sizes[block] == phase.block_size for block in sorted(sizes)[:-1])
            others = {block for other, own in parts.items() if other != part for block in own}
            assert not sizes.keys() & others


@given(phases(number=1), phases(number=2, first=100), SEEDS)
def test_phases_follow_each_other_with_blocks_of_their_own(one, two, seed):
    both = islice(plan(phases=[one, two], seed=seed, planned=2), 2)
    for places, alone in zip(both, places_of(one, seed=seed), strict=True):
        assert places[: len(alone)] == alone
        assert all(p.case_number >= 100 for p in places[len(alone) :])
        assert alone[-1].block + 1 == places[len(alone)].block


@given(phases(), SEEDS)
def test_every_case_is_shown_once_or_again_as_a_repeat(phase, seed):
    mains = main_cases(phase)
    for places in places_of(phase, seed=seed):
        showings = Counter((p.case_number, p.session, p.occurrence) for p in places)
        assert set(showings.values()) == {1}
        shown = {p.case_number for p in first_showings(places, mains)}
        assert len(shown) == phase.load
        repeated = {p.case_number for p in places if p.occurrence == 2}
        assert len(repeated) == phase.repeats
        assert repeated <= shown
        assert {p.session for p in places if p.occurrence == 2} <= {1}


@given(phases(), SEEDS)
def test_a_repeat_keeps_the_lag_and_moves_every_image(phase, seed):
    for places in places_of(phase, seed=seed):
        first = {p.case_number: p for p in places if (p.session, p.occurrence) == (1, 1)}
        for again in (p for p in places if p.occurrence == 2):
            before = first[again.case_number]
            assert again.position - before.position >= phase.minimum_lag
            if phase.images > 1:
                assert not any(a == b for a, b in zip(before.layout, again.layout, strict=True))


@given(phases(), SEEDS)
def test_every_stratum_has_its_share_of_the_repeats(phase, seed):
    mains = main_cases(phase)
    for places in places_of(phase, seed=seed):
        sizes = Counter(stratum(mains[p.case_number]) for p in first_showings(places, mains))
        repeats = Counter(stratum(mains[p.case_number]) for p in places if p.occurrence == 2)
        for key, size in sizes.items():
            assert abs(repeats[key] - size * phase.repeats / phase.load) < 1


def stratum(case):
    return case.arm, case.body_part


@given(phases(), SEEDS)
def test_catch_trials_are_never_first_never_neighbours_and_spread(phase, seed):
    kind = kinds(phase)
    total = sum(one == "catch" for one in kind.values())
    for places in places_of(phase, seed=seed):
        for session in range(1, phase.sessions + 1):
            shown = [
                kind[p.case_number] == "catch"
                for p in places
                if p.session == session and kind[p.case_number] != "training"
            ]
            assert sum(shown) == total
            assert not shown[0]
            assert not any(a and b for a, b in pairwise(shown))
            at = [i - k for k, i in enumerate(j for j, one in enumerate(shown) if one)]
            others = len(shown) - total
            for k, gap in enumerate(at):
                assert k * others // total < gap <= (k + 1) * others // total


@given(phases(), SEEDS)
def test_training_comes_first_by_number_and_alike_for_everyone(phase, seed):
    kind = kinds(phase)
    training = sorted(number for number, one in kind.items() if one == "training")
    openings = [places[: len(training)] for places in places_of(phase, seed=seed, slots=4)]
    assert all(opening == openings[0] for opening in openings)
    assert [place.case_number for place in openings[0]] == training
    for places in places_of(phase, seed=seed):
        assert not any(kind[p.case_number] == "training" for p in places[len(training) :])


@given(phases(), SEEDS)
def test_the_second_session_moves_every_image(phase, seed):
    kind = kinds(phase)
    mains = main_cases(phase)
    for places in places_of(phase, seed=seed):
        first = {p.case_number: p.layout for p in first_showings(places, kind)}
        second = [p for p in places if p.session == 2]
        assert bool(second) == (phase.sessions == 2)
        assert places == sorted(places, key=lambda p: p.session)
        for p in second:
            if phase.images > 1:
                assert not any(a == b for a, b in zip(first[p.case_number], p.layout, strict=True))
        if second:
            again = phase.second_session_cases
            assert sum(p.case_number in mains for p in second) == (
                phase.load if again is None else again
            )


def test_orders_differ_between_slots_and_between_sessions():
    phase = PhasePlan(
        1, tuple(PlannedCase(n) for n in range(1, 21)), images=2, block_size=20, sessions=2
    )
    orders = [
        tuple(p.case_number for p in places if p.session == session)
        for places in places_of(phase, seed=5, slots=10)
        for session in (1, 2)
    ]
    assert len(set(orders)) == 20


def test_no_position_is_likelier_to_show_a_case_than_another():
    """Over many slots a case stands in the first half as often as in the second."""
    phase = PhasePlan(1, tuple(PlannedCase(n) for n in range(1, 11)), images=2, block_size=10)
    early = Counter(p.case_number for places in places_of(phase, slots=400) for p in places[:5])
    assert all(150 <= early[number] <= 250 for number in range(1, 11))


def test_a_phase_with_problems_is_not_planned():
    phase = PhasePlan(1, (PlannedCase(1),), images=2, block_size=1, repeats=2)
    with pytest.raises(ValueError, match="too_many_repeats"):
        next(plan(phases=[phase], seed=1, planned=1))
