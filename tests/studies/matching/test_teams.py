from collections import Counter
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radrate.studies.matching import (
    DEFAULT_RULES,
    NO_PARTNER_LEFT,
    NO_SUCH_REFERENCE,
    SHARES_A_SUBJECT,
    choose,
    multiply,
    prefer,
)
from tests.studies.matching.people import all_alike, item, nobody_twice, population

SEEDS = st.integers(0, 2**48)
ARMS = st.tuples(population(1), population(20), population(40))


def numbers(gathered):
    return [tuple(pk.int for pk in case) for case in gathered.cases]


def knees(*ids):
    return [item(number) for number in ids]


@settings(deadline=None)
@given(ARMS, SEEDS)
def test_a_preference_is_between_two_arms_and_two_images_that_are_alike(arms, seed):
    gathered = prefer(arms=arms, rules=DEFAULT_RULES, seed=seed)
    by_id = {i.id: i for arm in arms for i in arm}
    cases = [[by_id[pk] for pk in case] for case in gathered.cases]
    nobody_twice([image for case in cases for image in case])
    for case in cases:
        all_alike(case)
        places = [next(k for k, arm in enumerate(arms) if image in arm) for image in case]
        assert places == sorted(set(places))
        assert len(places) == 2
    used = {pk for case in gathered.cases for pk in case}
    assert used | gathered.left.keys() == by_id.keys()
    assert not used & gathered.left.keys()
    assert gathered == prefer(arms=arms, rules=DEFAULT_RULES, seed=seed)


def test_any_two_arms_meet_equally_often():
    arms = [knees(*range(100 * k, 100 * k + 40)) for k in (1, 2, 3, 4)]
    gathered = prefer(arms=arms, rules=DEFAULT_RULES, seed=3)
    meetings = Counter(tuple(pk // 100 for pk in case) for case in numbers(gathered))
    assert meetings.keys() == set(combinations((1, 2, 3, 4), 2))
    assert max(meetings.values()) - min(meetings.values()) <= 2
    assert sum(meetings.values()) == 80


def test_images_that_are_left_by_an_arm_meet_another():
    """The third arm is empty: what was meant for it stands beside the second."""
    arms = [knees(*range(1, 11)), knees(*range(101, 111)), []]
    assert len(prefer(arms=arms, rules=DEFAULT_RULES, seed=1).cases) == 10


def test_what_finds_no_partner_is_told_so():
    arms = [knees(1, 2), [item(11), item(12, body_part_examined="HAND")]]
    gathered = prefer(arms=arms, rules=DEFAULT_RULES, seed=1)
    assert len(gathered.cases) == 1
    assert set(gathered.left.values()) == {NO_PARTNER_LEFT}
    ann = [[item(1, subjects=["ann"])], [item(11, subjects=["ann"]), item(12)]]
    gathered = prefer(arms=ann, rules=DEFAULT_RULES, seed=1)
    assert numbers(gathered) == [(1, 12)]
    assert gathered.left == {UUID(int=11): SHARES_A_SUBJECT}


@settings(deadline=None)
@given(ARMS, population(60), st.integers(3, 4), st.booleans(), SEEDS)
def test_one_of_several_is_the_reference_and_the_others_are_alike(
    arms, references, images, across, seed
):
    gathered = multiply(
        arms=arms,
        references=references,
        images=images,
        across=across,
        rules=DEFAULT_RULES,
        seed=seed,
    )
    by_id = {i.id: i for pool in [*arms, references] for i in pool}
    cases = [[by_id[pk] for pk in case] for case in gathered.cases]
    nobody_twice([image for case in cases for image in case])
    for case in cases:
        all_alike(case)
        assert len(case) == images
        assert case[0] in references
        places = {next(k for k, arm in enumerate(arms) if image in arm) for image in case[1:]}
        assert len(places) == (images - 1 if across else 1)
    used = {pk for case in gathered.cases for pk in case}
    assert gathered.left.keys() == {i.id for arm in arms for i in arm} - used


def test_quartets_of_one_arm_use_every_image_that_there_are_references_for():
    arms = [knees(*range(1, 16)), knees(*range(101, 108))]
    gathered = multiply(
        arms=arms,
        references=knees(*range(201, 300)),
        images=4,
        across=False,
        rules=DEFAULT_RULES,
        seed=1,
    )
    assert len(gathered.cases) == 15 // 3 + 7 // 3
    assert list(gathered.left.values()) == [NO_PARTNER_LEFT]


def test_two_images_of_different_sides_do_not_meet_beside_a_reference_of_unknown_side():
    left, right = item(1, image_laterality="L"), item(2, image_laterality="R")
    gathered = multiply(
        arms=[[left, right]],
        references=knees(11),
        images=3,
        across=False,
        rules=DEFAULT_RULES,
        seed=1,
    )
    assert gathered.cases == ()


def test_an_image_that_no_reference_is_like_is_told_so():
    gathered = multiply(
        arms=[knees(1, 2), knees(3)],
        references=[item(11, body_part_examined="HAND")],
        images=3,
        across=True,
        rules=DEFAULT_RULES,
        seed=1,
    )
    assert set(gathered.left.values()) == {NO_SUCH_REFERENCE}


def test_more_images_than_arms_is_refused():
    with pytest.raises(ValueError, match="3 arms"):
        multiply(arms=[[], []], references=[], images=4, across=True, rules=DEFAULT_RULES, seed=1)


@given(population(1, 12), population(50, 3), SEEDS)
def test_whoever_is_chosen_is_related_to_nobody_and_nobody_else_could_be(items, shown, seed):
    gathered = choose(items=items, seed=seed, shown=shown)
    by_id = {i.id: i for i in items}
    chosen = [by_id[pk] for (pk,) in gathered.cases]
    nobody_twice(chosen)
    assert not any(one.related_to(other) for one in chosen for other in shown)
    for pk, reason in gathered.left.items():
        assert reason == SHARES_A_SUBJECT
        assert any(by_id[pk].related_to(other) for other in [*chosen, *shown])
    assert len(chosen) + len(gathered.left) == len(items)


def test_of_an_edit_and_its_source_neither_is_always_the_one_chosen():
    edits = [item(n, kin=[100 + n]) for n in range(1, 11)]
    chosen = choose(items=[*edits, *knees(*range(101, 111))], seed=1).cases
    assert len(chosen) == 10
    assert 0 < sum(pk.int < 100 for (pk,) in chosen) < 10
