"""docs/allocation.md, followed line by line and without a look at RadRate's own code: the second
implementation that the first one is held against. Only the standard library."""

import hashlib


class Recipe:
    def __init__(self, *, seed, phase, number, planned):
        """`phase` has the settings by name; its `cases` are dicts."""
        self.seed, self.number, self.planned = seed, number, planned
        self.settings = phase
        cases = sorted(phase["cases"], key=lambda case: case["number"])
        self.case = {case["number"]: case for case in cases}
        self.main = [c["number"] for c in cases if c["kind"] == "main"]
        self.catch = [c["number"] for c in cases if c["kind"] == "catch"]
        self.training = [c["number"] for c in cases if c["kind"] == "training"]
        self.strata = self._strata()

    def digest(self, who, purpose, number=0):
        line = ":".join(map(str, (self.seed, self.number, who, purpose, number)))
        return hashlib.sha256(line.encode("utf-8")).digest()

    def below(self, limit, who, purpose, number=0):
        return int.from_bytes(self.digest(who, purpose, number)[:8], "big") % limit

    def shuffle(self, numbers, who, purpose):
        return sorted(numbers, key=lambda n: self.digest(who, purpose, n))

    @staticmethod
    def spread(total, take, offset):
        return [(i * total + offset) // take for i in range(take)]

    def _strata(self):
        arms, parts = [], []
        for n in self.main:
            for known, value in ((arms, "arm"), (parts, "body_part")):
                if self.case[n][value] not in known:
                    known.append(self.case[n][value])
        grid = [
            [n for n in self.main if (self.case[n]["arm"], self.case[n]["body_part"]) == (a, b)]
            for a in arms
            for b in parts
        ]
        return [stratum for stratum in grid if stratum]

    def shares(self, strata, take, who, purpose):
        row = [n for stratum in strata for n in self.shuffle(stratum, who, purpose)]
        if take == 0:
            return []
        offset = self.below(len(row), who, purpose)
        return [row[i] for i in self.spread(len(row), take, offset)]

    # 1. Which cases a slot reads

    def sets(self, slots):
        kind, load = self.settings["kind"], self.settings["cases_per_reader"]
        every = [n for stratum in self.strata for n in stratum]
        if kind == "crossed" or load is None or load >= len(every):
            return [every] * slots
        wanted = self.settings["anchors"] if kind == "blocks" else 0
        anchors = self.shares(self.strata, wanted, "all", "anchor")
        piles = [[n for n in stratum if n not in anchors] for stratum in self.strata]
        piles = [self.shuffle(pile, "all", "deal") for pile in piles if pile]
        owners = {n: set() for pile in piles for n in pile}
        planned = self.planned if kind == "blocks" else 0
        self._together(piles, owners, planned, load - len(anchors))
        for slot in range(planned, slots):
            self._alone(piles, owners, slot, load - len(anchors))
        return [[n for n in every if n in anchors or slot in owners[n]] for slot in range(slots)]

    def demand(self, piles, slot, k):
        row = [j for j, pile in enumerate(piles) for _ in pile]
        start = self.below(len(row), "all", "start")
        chosen = self.spread(len(row), k, (start + slot * k) % len(row)) if k else []
        return [sum(row[i] == j for i in chosen) for j in range(len(piles))]

    def _together(self, piles, owners, planned, k):
        demands = [self.demand(piles, slot, k) for slot in range(planned)]
        common = [[0] * planned for _ in range(planned)]
        for j, pile in enumerate(piles):
            left = [demand[j] for demand in demands]
            d, n = sum(left), len(pile)
            for i, case in enumerate(pile):
                chosen = []
                for _ in range(d * (i + 1) // n - d * i // n):
                    chosen.append(
                        min(
                            (slot for slot in range(planned) if slot not in chosen),
                            key=lambda slot: (
                                -left[slot],
                                sum(common[slot][other] for other in chosen),
                                (slot - i) % planned,
                            ),
                        )
                    )
                for slot in chosen:
                    left[slot] -= 1
                    for other in chosen:
                        common[slot][other] += slot != other
                owners[case] = set(chosen)

    def _alone(self, piles, owners, slot, k):
        common = [0] * slot
        batch = -(-k // 256)
        for pile, wanted in zip(piles, self.demand(piles, slot, k), strict=True):
            taken = []
            while len(taken) < wanted:
                ranked = sorted(
                    (n for n in pile if n not in taken),
                    key=lambda n: (
                        len(owners[n]),
                        sum(common[other] for other in owners[n]),
                        pile.index(n),
                    ),
                )
                now = ranked[: min(batch, wanted - len(taken))]
                taken += now
                for n in now:
                    for other in owners[n]:
                        common[other] += 1
            for n in taken:
                owners[n] = owners[n] | {slot}

    # 2. Layouts

    def row(self, cases, twin):
        arms = []
        for n in cases:
            if self.arm(n) not in arms:
                arms.append(self.arm(n))
        return sorted(cases, key=lambda n: (arms.index(self.arm(n)), self.digest(twin, "side", n)))

    def arm(self, n):
        return (self.case[n]["kind"], self.case[n]["arm"])

    def layouts(self, sets, twin):
        m = self.settings["images"]
        rows = [self.row(cases, twin) for cases in sets]
        first = self.below(m, twin, "first")
        if m == 2:
            places = self.two(rows, first)
        else:
            places = {
                (odd, n): (first + i + odd * (m // 2)) % m
                for odd, row in enumerate(rows)
                for i, n in enumerate(row)
            }
        return [{n: self.layout(n, places[odd, n], twin) for n in rows[odd]} for odd in (0, 1)]

    def layout(self, n, place, twin):
        m, reference = self.settings["images"], self.case[n]["reference"]
        others = [j for j in range(1, m + 1) if j != reference]
        others.sort(key=lambda j: self.digest(twin, f"image {j}", n))
        shown = [None] * m
        for step, image in enumerate([reference, *others]):
            shown[(place + step) % m] = str(image)
        return "".join(shown)

    def two(self, rows, first):
        bonds = {(odd, n): [] for odd, row in enumerate(rows) for n in row}
        for odd, row in enumerate(rows):
            over = []
            for arm in dict.fromkeys(self.arm(n) for n in row):
                own = [n for n in row if self.arm(n) == arm]
                for i in range(0, len(own) - 1, 2):
                    bonds[odd, own[i]].append((odd, own[i + 1]))
                    bonds[odd, own[i + 1]].append((odd, own[i]))
                if len(own) % 2:
                    over.append(own[-1])
            for i in range(0, len(over) - 1, 2):
                bonds[odd, over[i]].append((odd, over[i + 1]))
                bonds[odd, over[i + 1]].append((odd, over[i]))
            for n in row:
                if (1 - odd, n) in bonds:
                    bonds[odd, n].append((1 - odd, n))
        places = {}
        for odd, row in enumerate(rows):
            for i, n in enumerate(row):
                if (odd, n) in places:
                    continue
                places[odd, n] = (first + i + odd) % 2
                reached = [(odd, n)]
                for node in reached:
                    for other in bonds[node]:
                        if other not in places:
                            places[other] = 1 - places[node]
                            reached.append(other)
        return places

    def swap(self, layout):
        half = len(layout) // 2
        return "".join(layout[(i - half) % len(layout)] for i in range(len(layout)))

    # 3. Order

    def session(self, s, cases, repeated, slot):
        n, r, lag = len(cases), len(repeated), self.settings["minimum_lag"]
        order = self.shuffle(cases, slot, f"order {s}")
        if r:
            early = set(self.shuffle(range(1, n - lag + 2), slot, "early")[:r])
            again = [case for case in order if case in repeated]
            once = [case for case in order if case not in repeated]
            order = [again.pop(0) if p in early else once.pop(0) for p in range(1, n + 1)]
        follow = {case: [(case, 1)] for case in order}
        for case in self.shuffle(repeated, slot, "again"):
            e = order.index(case) + 1 + lag - 1
            after = e + self.below(n - e + 1, slot, "gap", case)
            follow[order[after - 1]].append((case, 2))
        shown = [showing for case in order for showing in follow[case]]
        z, c = len(shown), len(self.catch)
        if not c:
            return shown
        result = []
        for j, catch in enumerate(self.shuffle(self.catch, slot, f"catch {s}")):
            stretch = shown[j * z // c : (j + 1) * z // c]
            stretch.insert(1 + self.below(len(stretch), slot, f"catch place {s}", j), (catch, 1))
            result += stretch
        return result

    def parts(self, slots):
        """For each slot: for training and each session, (case, session, occurrence, layout)."""
        sets = self.sets(slots + slots % 2)
        taught = self.layouts([self.training, []], "all")[0]
        for slot in range(slots):
            twin, odd = divmod(slot, 2)
            pair = [[*sets[2 * twin + k], *self.catch] for k in (0, 1)]
            layouts = self.layouts(pair, twin)[odd]
            strata = [[n for n in stratum if n in sets[slot]] for stratum in self.strata]
            found = [[(n, 1, 1, taught[n]) for n in self.training]]
            cases = sets[slot]
            repeated = self.shares(strata, self.settings["repeats"], slot, "repeat")
            for s in range(1, self.settings["sessions"] + 1):
                if s == 2:
                    repeated = []
                    some = self.settings["second_session_cases"]
                    if some is not None:
                        cases = self.shares(strata, some, slot, "second session")
                shown = self.session(s, cases, repeated, slot)
                found.append(
                    [
                        (n, s, o, self.swap(layouts[n]) if (s == 2) != (o == 2) else layouts[n])
                        for n, o in shown
                    ]
                )
            yield found


def recompute(*, seed, phases, planned, slots):
    """(case, position, block, session, occurrence, layout) of every place of every slot."""
    recipes = [
        Recipe(seed=seed, phase=phase, number=phase["number"], planned=planned).parts(slots)
        for phase in phases
    ]
    result = []
    for by_phase in zip(*recipes, strict=True):
        places, block = [], 0
        for phase, parts in zip(phases, by_phase, strict=True):
            for part in parts:
                for i, (case, session, occurrence, layout) in enumerate(part):
                    block += i % phase["block_size"] == 0
                    places.append((case, len(places) + 1, block, session, occurrence, layout))
        result.append(places)
    return result
