"""How many candidates of each kind get a reference of which kind."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from radrate.studies.matching.items import Traits

Flow = dict[Traits, Counter[Traits]]
"""Candidates' traits → references' traits → number of pairs."""


def largest(
    candidates: Iterable[Traits],
    capacity: Mapping[Traits, int],
    fitting: Mapping[Traits, Sequence[Traits]],
) -> Flow:
    """The most pairs that there can be, each reference once: candidates come one by one and are
    taken in if those before them can make room (augmenting paths). So who comes first is served
    first, whatever its traits, and only the number of kinds, not of images, is searched."""
    flow: Flow = {}
    left = dict(capacity)
    refused: set[Traits] = set()
    for traits in candidates:
        if traits in refused:
            continue
        path = _path(traits, left, flow, fitting)
        if path is None:
            refused.add(traits)
            continue
        left[path[-1][1]] -= 1
        for (mine, reference), (theirs, _) in pairwise(path):
            flow[theirs][reference] -= 1
            flow.setdefault(mine, Counter())[reference] += 1
        mine, reference = path[-1]
        flow.setdefault(mine, Counter())[reference] += 1
    return flow


def _path(
    start: Traits,
    left: Mapping[Traits, int],
    flow: Flow,
    fitting: Mapping[Traits, Sequence[Traits]],
) -> list[tuple[Traits, Traits]] | None:
    """Steps (candidate, reference): each candidate takes the reference from the next one, the last
    one takes a reference that is left. The shortest such path."""
    came_from: dict[Traits, tuple[Traits, Traits] | None] = {start: None}
    queue = deque([start])
    while queue:
        mine = queue.popleft()
        for reference in fitting.get(mine, ()):
            if left[reference]:
                return _back(came_from, mine, reference)
        for reference in fitting.get(mine, ()):
            for theirs, pairs in flow.items():
                if pairs[reference] and theirs not in came_from:
                    came_from[theirs] = (mine, reference)
                    queue.append(theirs)
    return None


def _back(
    came_from: Mapping[Traits, tuple[Traits, Traits] | None], mine: Traits, reference: Traits
) -> list[tuple[Traits, Traits]]:
    path = [(mine, reference)]
    while step := came_from[path[0][0]]:
        path.insert(0, step)
    return path
