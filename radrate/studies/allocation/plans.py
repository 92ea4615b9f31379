"""The whole reading of each slot: phases, sessions, blocks."""

from collections.abc import Iterator, Sequence
from itertools import count

from radrate.studies.allocation.dealing import deal, shares
from radrate.studies.allocation.designs import (
    CATCH,
    MAIN,
    TRAINING,
    PhasePlan,
    Place,
    by_stratum,
    problems,
)
from radrate.studies.allocation.draws import EVERYONE, Draws
from radrate.studies.allocation.layouts import Layouts, lay_out, swapped
from radrate.studies.allocation.ordering import Showing, order

VERSION = 2
"""Of the recipe in docs/allocation.md. It goes into the protocol."""

Stretch = tuple[int, list[tuple[Showing, str]]]
"""A session and what is shown in it without a border that no block may cross."""


def plan(*, phases: Sequence[PhasePlan], seed: int, planned: int) -> Iterator[list[Place]]:
    """The places of slot 0, 1, 2, …, without end; `planned` slots come before the spare ones.

    ValueError for a phase with problems.
    """
    for phase in phases:
        if found := problems(phase):
            raise ValueError(f"phase {phase.number}: {found}")
    readings = [_readings(phase, seed, planned) for phase in phases]
    for parts in zip(*readings, strict=True):
        yield _numbered(parts, phases)


def _readings(phase: PhasePlan, seed: int, planned: int) -> Iterator[list[Stretch]]:
    """What each slot is shown in a phase."""
    training = _training(phase, seed)
    catches = phase.of_kind(CATCH)
    mains = {case.number: case for case in phase.of_kind(MAIN)}
    strata = by_stratum(mains.values())
    dealt = deal(phase, seed=seed, planned=planned)
    for twin in count():
        own = [[mains[n] for n in next(dealt)] for _ in range(2)]
        layouts = lay_out(
            cases=([*own[0], *catches], [*own[1], *catches]),
            images=phase.images,
            draws=Draws(seed, phase.number, twin),
        )
        for k in range(2):
            read = {case.number for case in own[k]}
            mine = [[number for number in stratum if number in read] for stratum in strata]
            draws = Draws(seed, phase.number, 2 * twin + k)
            yield [training, *_sessions(phase, mine, layouts[k], draws)]


def _training(phase: PhasePlan, seed: int) -> Stretch:
    """The same for everyone, by number."""
    cases = phase.of_kind(TRAINING)
    draws = Draws(seed, phase.number, EVERYONE)
    layouts, _ = lay_out(cases=(cases, []), images=phase.images, draws=draws)
    return 1, [((case.number, 1), layouts[case.number]) for case in cases]


def _sessions(
    phase: PhasePlan, strata: Sequence[Sequence[int]], layouts: Layouts, draws: Draws
) -> Iterator[Stretch]:
    read = [number for stratum in strata for number in stratum]
    repeated = shares(strata, phase.repeats, draws, "repeat")
    for session in range(1, phase.sessions + 1):
        if session == 2:
            repeated = []
            if phase.second_session_cases is not None:
                read = shares(strata, phase.second_session_cases, draws, "second session")
        shown = order(
            cases=read,
            repeated=repeated,
            minimum_lag=phase.minimum_lag,
            catches=[case.number for case in phase.of_kind(CATCH)],
            session=session,
            draws=draws,
        )
        yield session, [(one, _side(layouts, one, session)) for one in shown]


def _side(layouts: Layouts, showing: Showing, session: int) -> str:
    """What is shown again, hidden or in a second session, is shown on other sides: whoever
    answers by the side is not consistent then."""
    number, occurrence = showing
    layout = layouts[number]
    return swapped(layout) if (session == 2) != (occurrence == 2) else layout


def _numbered(parts: Sequence[list[Stretch]], phases: Sequence[PhasePlan]) -> list[Place]:
    places: list[Place] = []
    block = 0
    for stretches, phase in zip(parts, phases, strict=True):
        for session, shown in stretches:
            for k, ((number, occurrence), layout) in enumerate(shown):
                block += k % phase.block_size == 0
                places.append(Place(number, len(places) + 1, block, session, occurrence, layout))
    return places
