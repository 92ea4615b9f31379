from hypothesis import given

from radrate.studies.allocation import shown_twice
from tests.studies.allocation.phases import SEEDS, phases, places_of


@given(phases(), SEEDS)
def test_repeats_and_second_sessions_are_no_fault(phase, seed):
    images = {case.number: {case.number} for case in phase.cases}
    assert not any(shown_twice(places, images) for places in places_of(phase, seed=seed))


@given(phases(kind="quota"), SEEDS)
def test_an_image_in_two_cases_is_found_only_with_the_reader_of_both(phase, seed):
    numbers = sorted(case.number for case in phase.cases)
    images = {number: {number} for number in numbers}
    if len(numbers) < 2:
        return
    one, other = numbers[0], numbers[-1]
    images[one] |= {"a person"}
    images[other] |= {"a person"}
    for places in places_of(phase, seed=seed):
        read = {place.case_number for place in places}
        found = {frozenset(pair) for pair in shown_twice(places, images)}
        assert found == ({frozenset({one, other})} if {one, other} <= read else set())
