"""Which images stand together where a case shows several under test, or no reference at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from uuid import UUID

from radrate.studies.matching.items import (
    NO_PARTNER_LEFT,
    NO_SUCH_REFERENCE,
    SHARES_A_SUBJECT,
    Item,
    Seen,
    alike,
    merged,
    seeded,
)
from radrate.studies.matching.pairing import by_traits, match

Pool = Sequence[Item]
Team = tuple[Item, ...]
LineUp = tuple[int, ...]
"""The arms of the images of a case, by index; an arm may come twice."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Images of each case, the reference first or else in the order of their arms; and a reason
    code for every image under test that stands in none."""

    cases: tuple[tuple[UUID, ...], ...]
    left: Mapping[UUID, str]


def prefer(
    *, arms: Sequence[Pool], rules: Mapping[str, str], seed: int, shown: Iterable[Item] = ()
) -> Gathered:
    """Pairs of two arms, any two arms equally often as far as there are images."""
    line_ups = list(combinations(range(len(arms)), 2))
    gathering = _Gathering(arms, None, rules, seed, shown)
    teams = gathering.teams(line_ups)
    return Gathered(tuple(_ids(team) for team in teams), gathering.reasons())


def multiply(
    *,
    arms: Sequence[Pool],
    references: Pool,
    images: int,
    across: bool,
    rules: Mapping[str, str],
    seed: int,
    shown: Iterable[Item] = (),
) -> Gathered:
    """A reference among `images` - 1 images under test: all of one arm or, `across` arms, each of
    another. ValueError if there are fewer arms than that."""
    tested = images - 1
    if across and len(arms) < tested:
        raise ValueError(f"{tested} images of different arms need {tested} arms")
    same = [(arm,) * tested for arm in range(len(arms))]
    gathering = _Gathering(arms, references, rules, seed, shown)
    teams = gathering.teams(list(combinations(range(len(arms)), tested)) if across else same)
    return Gathered(tuple(_ids((team[-1], *team[:-1])) for team in teams), gathering.reasons())


def choose(*, items: Pool, seed: int, shown: Iterable[Item] = ()) -> Gathered:
    """Images that are shown one by one: in seeded order whoever is related to none before."""
    seen = Seen(shown)
    chosen = set()
    for item in seeded(items, seed, "single"):
        if seen.allows(item):
            seen.add(item)
            chosen.add(item.id)
    return Gathered(
        tuple((item.id,) for item in items if item.id in chosen),
        {item.id: SHARES_A_SUBJECT for item in items if item.id not in chosen},
    )


def _ids(team: Team) -> tuple[UUID, ...]:
    return tuple(item.id for item in team)


class _Gathering:
    """Teams of images, no two of all of them related, and what is not in one."""

    def __init__(
        self,
        arms: Sequence[Pool],
        references: Pool | None,
        rules: Mapping[str, str],
        seed: int,
        shown: Iterable[Item],
    ) -> None:
        self.arms, self.references = arms, references
        self.rules, self.seed = rules, seed
        self.taken = list(shown)

    def teams(self, line_ups: Sequence[LineUp]) -> list[Team]:
        """First every line-up with its share of each arm's images; then all of them over again
        with whatever is left, until nothing is gained."""
        uses = list(chain.from_iterable(line_ups))
        parts = [iter(self._split(arm, uses.count(k))) for k, arm in enumerate(self.arms)]
        found = []
        for line_up in line_ups:
            found += self._team_up([next(parts[arm]) for arm in line_up])
        while more := [team for line_up in line_ups for team in self._of_all(line_up)]:
            found += more
        return found

    def reasons(self) -> dict[UUID, str]:
        seen = Seen(self.taken)
        used = {item.id for item in self.taken}
        kinds = None if self.references is None else by_traits(self.references, self.rules)

        def reason(item: Item) -> str:
            mine = item.traits(self.rules)
            if kinds is not None and not any(alike(mine, k, self.rules) for k in kinds):
                return NO_SUCH_REFERENCE
            return NO_PARTNER_LEFT if seen.allows(item) else SHARES_A_SUBJECT

        left = (item for arm in self.arms for item in arm if item.id not in used)
        return {item.id: reason(item) for item in left}

    def _of_all(self, line_up: LineUp) -> list[Team]:
        used = {item.id for item in self.taken}
        parts = {
            arm: iter(self._split([i for i in self.arms[arm] if i.id not in used], count))
            for arm, count in ((arm, line_up.count(arm)) for arm in line_up)
        }
        return self._team_up([next(parts[arm]) for arm in line_up])

    def _split(self, pool: Pool, parts: int) -> list[Pool]:
        """Parts of equal size, within one: over all, and of images of the same traits."""
        kinds = by_traits(seeded(pool, self.seed, "part"), self.rules)
        row = [item for traits in sorted(kinds) for item in kinds[traits]]
        return [row[part::parts] for part in range(parts)]

    def _team_up(self, pools: Sequence[Pool]) -> list[Team]:
        """Match the first two pools, what that gives with the third, and so on; the references
        last."""
        teams: list[Team] = [(item,) for item in pools[0]]
        for pool in [*pools[1:], *([] if self.references is None else [self.references])]:
            whole = {team[0].id: team for team in teams}
            of_pool = {item.id: item for item in pool}
            matching = match(
                candidates=[merged(team) for team in teams],
                references=pool,
                rules=self.rules,
                seed=self.seed,
                shown=self.taken,
            )
            teams = [(*whole[one], of_pool[other]) for one, other in matching.pairs]
        self.taken += chain.from_iterable(teams)
        return teams
