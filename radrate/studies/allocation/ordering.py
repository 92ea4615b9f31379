"""In which order a reader sees the cases of a session."""

from collections.abc import Sequence

from radrate.studies.allocation.draws import Draws

Showing = tuple[int, int]
"""Case number and occurrence: 1, or 2 for a hidden repeat."""


def order(
    *,
    cases: Sequence[int],
    repeated: Sequence[int],
    minimum_lag: int,
    catches: Sequence[int],
    session: int,
    draws: Draws,
) -> list[Showing]:
    """Cases, hidden repeats and catch trials of one session. Expects a phase without problems."""
    purpose = f"order {session}"
    fresh = _first_showings(cases, repeated, len(cases) - minimum_lag + 1, purpose, draws)
    places = {number: place for place, number in enumerate(fresh, start=1)}
    after: list[list[Showing]] = [[(number, 1)] for number in fresh]
    for number in draws.shuffled(repeated, "again"):
        earliest = places[number] + minimum_lag - 1
        gap = earliest + draws.below(len(fresh) - earliest + 1, "gap", number)
        after[gap - 1].append((number, 2))
    return _with_catches([one for stretch in after for one in stretch], catches, session, draws)


def _first_showings(
    cases: Sequence[int], repeated: Sequence[int], early: int, purpose: str, draws: Draws
) -> list[int]:
    """A random order in which the repeated cases stand among the first `early` places."""
    again = set(repeated)
    ordered = draws.shuffled(cases, purpose)
    if not again:
        return ordered
    chosen = set(draws.shuffled(range(1, early + 1), "early")[: len(again)])
    rows = {True: iter([n for n in ordered if n in again])}
    rows[False] = iter([n for n in ordered if n not in again])
    return [next(rows[place in chosen]) for place in range(1, len(ordered) + 1)]


def _with_catches(
    showings: Sequence[Showing], catches: Sequence[int], session: int, draws: Draws
) -> list[Showing]:
    """One catch trial in each of as many equal stretches, after a drawn showing of it: so none is
    first and no two are neighbours."""
    if not catches:
        return list(showings)
    found: list[Showing] = []
    bounds = [k * len(showings) // len(catches) for k in range(len(catches) + 1)]
    for k, number in enumerate(draws.shuffled(catches, f"catch {session}")):
        start, end = bounds[k], bounds[k + 1]
        cut = start + 1 + draws.below(end - start, f"catch place {session}", k)
        found += [*showings[start:cut], (number, 1), *showings[cut:end]]
    return found
