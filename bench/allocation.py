"""How long it takes until every reader slot of a large study has its places.

    python -m bench.allocation [READERS] [CASES]
    python -m bench.allocation --pairs

Prints seconds and the process's peak memory, and the time as a multiple of a bare COPY of the same
rows into a table like theirs, indexes and foreign keys included. With --pairs: how evenly pairs of
readers share the cases of incomplete blocks, beside readers who draw theirs at random.
"""

import io
import resource
import sys
import time
from itertools import combinations, islice

import numpy as np

from bench.scratch import scratch
from radrate.studies.allocation import BLOCKS, PhasePlan, PlannedCase, plan
from radrate.studies.allocation.dealing import deal

DESIGNS = [
    (120, 60, 6),
    (210, 90, 7),
    (200, 50, 12),
    (300, 100, 15),
    (1000, 200, 20),
    (10_000, 1000, 100),
]


def main(readers: int, cases: int) -> None:
    from django.db import transaction

    from radrate.studies.assigning import store
    from radrate.studies.models import Assignment

    slots, case_of = study(readers, cases)
    phase = phase_of(cases, block_size=12)
    started = time.perf_counter()
    places = sum(len(own) for own in islice(plan(phases=[phase], seed=1, planned=readers), readers))
    alone = time.perf_counter() - started
    started = time.perf_counter()
    with transaction.atomic():
        store(zip(slots, plan(phases=[phase], seed=1, planned=readers), strict=False), case_of)
    stored = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert Assignment.objects.count() == places
    bare = bare_copy()
    print(f"{readers} readers × {cases} cases: {places} places")
    print(f"planned             {alone:6.1f} s   {1e6 * alone / places:.1f} µs a place")
    print(f"planned and stored  {stored:6.1f} s   {stored / bare:.1f} × a bare COPY ({bare:.1f} s)")
    print(f"peak memory         {peak:6.0f} MiB")


def phase_of(cases: int, **settings: object) -> PhasePlan:
    """Of two arms and four body parts."""
    rows = tuple(PlannedCase(n, arm=n % 2, body_part=n // 2 % 4) for n in range(1, cases + 1))
    return PhasePlan(1, rows, images=2, **{"block_size": 12, **settings})


def study(readers: int, cases: int) -> tuple[list[int], dict[int, int]]:
    """A study of empty slots and of cases without images: primary keys by slot, by number."""
    from radrate.accounts.models import User
    from radrate.studies import designing
    from radrate.studies.models import Case, ReaderStudy, StudyReader

    manager = User.objects.create(username="manager")
    made = ReaderStudy.objects.create(
        number=1, name="Bench", task="which_real", manager=manager, matching_rules={}, seed=1
    )
    phase = designing.add_phase(study=made)
    rows = (
        Case(study=made, phase=phase, number=number, body_part_examined="KNEE")
        for number in range(1, cases + 1)
    )
    numbered = Case.objects.bulk_create(rows)
    slots = StudyReader.objects.bulk_create(
        StudyReader(study=made, slot=slot) for slot in range(readers)
    )
    return [slot.pk for slot in slots], {case.number: case.pk for case in numbered}


def bare_copy() -> float:
    """Seconds for the rows that are there."""
    from django.db import connection, transaction

    from radrate.studies.assigning import COLUMNS
    from radrate.studies.models import Assignment

    table, columns = Assignment._meta.db_table, ", ".join(COLUMNS)
    rows = io.BytesIO()
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
            for part in copy:
                rows.write(part)
        cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING ALL)")
        for column, other in (("study_reader_id", "studyreader"), ("case_id", "case")):
            cursor.execute(
                f"ALTER TABLE bare ADD FOREIGN KEY ({column}) REFERENCES radrate_{other}"
                " DEFERRABLE INITIALLY DEFERRED"
            )
    started = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY bare ({columns}) FROM STDIN") as copy,
    ):
        copy.write(rows.getvalue())
    return time.perf_counter() - started


def pairs() -> None:
    print("| cases | a reader | readers | shared, mean | deviation | least–most | at random |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for cases, load, readers in DESIGNS:
        phase = phase_of(cases, kind=BLOCKS, cases_per_reader=load)
        dealt = islice(deal(phase, seed=1, planned=readers), readers)
        shared = in_common([set(own) for own in dealt])
        rng = np.random.default_rng(1)
        drawn = in_common([set(rng.permutation(cases)[:load]) for _ in range(readers)])
        print(
            f"| {cases} | {load} | {readers} | {shared.mean():.1f} | {shared.std():.1f} "
            f"| {shared.min()}–{shared.max()} | {drawn.std():.1f}, {drawn.min()}–{drawn.max()} |"
        )


def in_common(sets: list[set[int]]) -> np.ndarray:
    return np.array([len(one & other) for one, other in combinations(sets, 2)])


if __name__ == "__main__":
    if sys.argv[1:] == ["--pairs"]:
        pairs()
    else:
        with scratch():
            main(*(map(int, sys.argv[1:]) if sys.argv[1:] else (100, 10_000)))
