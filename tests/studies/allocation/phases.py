"""Phases of every kind for the property tests."""

from itertools import islice

from hypothesis import strategies as st

from radrate.studies.allocation import KINDS, PhasePlan, PlannedCase, plan

SEEDS = st.integers(0, 2**48)


def planned_cases(rows, first=1):
    """From (kind, arm, body part) of each; the reference is any of `images`."""
    return tuple(
        PlannedCase(number, kind, arm, part, reference)
        for number, (kind, arm, part, reference) in enumerate(rows, start=first)
    )


@st.composite
def phases(draw, *, number=1, first=1, images=None, kind=None, most=36):
    """A phase without problems."""
    images = draw(st.integers(1, 4)) if images is None else images
    reference = st.integers(1, images)

    def rows(kind, least, greatest):
        row = st.tuples(st.just(kind), st.integers(1, 3), st.sampled_from("hk"), reference)
        return draw(st.lists(row, min_size=least, max_size=greatest))

    mains = rows("main", 1, most)
    kind = draw(st.sampled_from(KINDS)) if kind is None else kind
    load = len(mains) if kind == "crossed" else draw(st.integers(1, len(mains)))
    repeats = draw(st.integers(0, load))
    again = draw(st.none() | st.integers(1, load))
    catches = rows("catch", 0, min(5, load if again is None else again))
    mixed = draw(st.permutations([*mains, *catches, *rows("training", 0, 4)]))
    return PhasePlan(
        number=number,
        cases=planned_cases(mixed, first),
        images=images,
        block_size=draw(st.integers(1, 12)),
        kind=kind,
        anchors=draw(st.integers(0, load)) if kind == "blocks" else 0,
        cases_per_reader=load,
        repeats=repeats,
        minimum_lag=draw(st.integers(1, load - repeats + 1)),
        sessions=draw(st.integers(1, 2)),
        second_session_cases=again,
    )


def places_of(phase, *, seed=1, slots=2, planned=2):
    return list(islice(plan(phases=[phase], seed=seed, planned=planned), slots))


def main_cases(phase):
    return {case.number: case for case in phase.cases if case.kind == "main"}


def first_showings(places, cases):
    """Places of the first showing of those cases."""
    return [p for p in places if p.case_number in cases and (p.session, p.occurrence) == (1, 1)]
