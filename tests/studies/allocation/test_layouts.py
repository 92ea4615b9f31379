"""The guarantees of docs/allocation.md on the places of images."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from radrate.studies.allocation import LABELS, PhasePlan, PlannedCase
from radrate.studies.allocation.layouts import swapped
from tests.studies.allocation.phases import SEEDS, first_showings, main_cases, phases, places_of


def label_of_reference(place, case):
    return LABELS[place.layout.index(str(case.reference))]


def is_balanced(labels, images):
    counts = [Counter(labels)[label] for label in LABELS[:images]]
    return max(counts) - min(counts) <= 1


@given(phases(), SEEDS)
def test_a_layout_shows_every_image_once(phase, seed):
    images = [str(k) for k in range(1, phase.images + 1)]
    for places in places_of(phase, seed=seed):
        assert all(sorted(place.layout) == images for place in places)


@given(phases(), SEEDS)
def test_the_reference_stands_under_every_label_equally_often(phase, seed):
    mains = main_cases(phase)
    with_catches = {case.number: case for case in phase.cases if case.kind != "training"}
    for places in places_of(phase, seed=seed, slots=4, planned=3):
        for group in (mains, with_catches):
            shown = first_showings(places, group)
            assert is_balanced(
                [label_of_reference(p, group[p.case_number]) for p in shown], phase.images
            )
        for arm in {case.arm for case in mains.values()}:
            own = {number: case for number, case in mains.items() if case.arm == arm}
            shown = first_showings(places, own)
            assert is_balanced(
                [label_of_reference(p, own[p.case_number]) for p in shown], phase.images
            )


@given(phases(images=2), SEEDS)
def test_twins_see_on_opposite_sides_what_both_read(phase, seed):
    for first in (0, 2):
        one, two = places_of(phase, seed=seed, slots=4, planned=3)[first : first + 2]
        numbers = {case.number for case in phase.cases if case.kind != "training"}
        mine = {p.case_number: p.layout for p in first_showings(one, numbers)}
        theirs = {p.case_number: p.layout for p in first_showings(two, numbers)}
        assert all(mine[number] == theirs[number][::-1] for number in mine.keys() & theirs.keys())


@given(st.integers(3, 4).flatmap(lambda m: phases(images=m, kind="crossed")), SEEDS)
def test_twins_that_read_the_same_see_every_image_under_another_label(phase, seed):
    mains = main_cases(phase)
    one, two = places_of(phase, seed=seed)
    mine = {p.case_number: p.layout for p in first_showings(one, mains)}
    theirs = {p.case_number: p.layout for p in first_showings(two, mains)}
    for number, layout in mine.items():
        assert not any(a == b for a, b in zip(layout, theirs[number], strict=True))


def test_every_layout_of_four_images_occurs():
    cases = tuple(PlannedCase(n) for n in range(1, 401))
    phase = PhasePlan(1, cases, images=4, block_size=10)
    seen = Counter(place.layout for place in places_of(phase)[0])
    assert len(seen) == 24
    assert max(seen.values()) < 3 * min(seen.values())


def test_swapped_turns_by_half_of_the_labels():
    assert [swapped(layout) for layout in ("1", "21", "312", "4321")] == ["1", "12", "231", "2143"]
