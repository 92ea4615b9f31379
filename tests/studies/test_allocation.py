from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from radrate.studies.allocation import allocate

CASES = st.lists(st.integers(1, 3), min_size=1, max_size=40).map(
    lambda arms: list(enumerate(arms, start=1))
)
SEEDS = st.integers(0, 2**53)
SLOTS = st.integers(0, 200)
KNOWN_ORDER = [7, 4, 6, 1, 2, 8, 3, 5]
KNOWN_LAYOUTS = ["12", "21", "21", "12", "12", "21", "12", "21"]


@given(CASES, SEEDS, SLOTS, st.integers(1, 15))
def test_every_case_once_in_whole_blocks(cases, seed, slot, block_size):
    places = allocate(cases=cases, seed=seed, slot=slot, block_size=block_size)
    assert sorted(place.case_number for place in places) == [number for number, _ in cases]
    assert [place.position for place in places] == list(range(1, len(cases) + 1))
    sizes = Counter(place.block for place in places)
    assert all(size == block_size for block, size in sizes.items() if block != max(sizes))


@given(CASES, SEEDS, SLOTS)
def test_sides_are_balanced_over_all_cases_and_within_each_arm(cases, seed, slot):
    places = allocate(cases=cases, seed=seed, slot=slot, block_size=10)
    side = {place.case_number: place.layout for place in places}
    for group in [None, *{arm for _, arm in cases}]:
        sides = Counter(side[number] for number, arm in cases if group in (None, arm))
        assert abs(sides["12"] - sides["21"]) <= 1


@given(CASES, SEEDS, st.integers(0, 100))
def test_twin_slots_see_opposite_sides(cases, seed, pair):
    def sides(slot):
        places = allocate(cases=cases, seed=seed, slot=slot, block_size=10)
        return {place.case_number: place.layout for place in places}

    first, second = sides(2 * pair), sides(2 * pair + 1)
    assert all(first[number] != second[number] for number in first)


def test_the_allocation_of_a_seed_never_changes():
    """Published seals depend on it: this is the value of version 1."""
    places = allocate(cases=[(n, 1) for n in range(1, 9)], seed=2023, slot=0, block_size=4)
    assert [place.case_number for place in places] == KNOWN_ORDER
    assert [place.layout for place in places] == KNOWN_LAYOUTS


def test_slots_differ_in_order():
    cases = [(n, 1) for n in range(1, 21)]
    orders = {
        tuple(p.case_number for p in allocate(cases=cases, seed=5, slot=slot, block_size=20))
        for slot in range(10)
    }
    assert len(orders) == 10
