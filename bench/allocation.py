"""How long it takes until every reader slot of a large study has its places.

    python -m bench.allocation [READERS] [CASES]
    python -m bench.allocation --pairs

Prints seconds and the process's peak memory, and the time as a multiple of a bare COPY of the same
rows into a table like theirs, indexes and foreign keys included. With --pairs: how evenly pairs of
readers share the cases of incomplete blocks, beside readers who draw theirs at random.
"""

import io
import os
import resource
import sys
import time
from collections.abc import Callable
from itertools import combinations, islice
from pathlib import Path
from typing import Any

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
    alone, alone_cpu, places = timed(
        lambda: sum(
            len(own) for own in islice(plan(phases=[phase], seed=1, planned=readers), readers)
        )
    )

    @transaction.atomic
    def stored_at_once() -> None:
        store(zip(slots, plan(phases=[phase], seed=1, planned=readers), strict=False), case_of)

    before, _memory = session()
    stored, stored_cpu, _nothing = timed(stored_at_once)
    after, memory = session()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert Assignment.objects.count() == places
    bare = bare_copy()
    print(f"{readers} readers × {cases} cases: {places} places")
    print(f"planned             {alone:6.1f} s, of the processor {alone_cpu:.1f} s")
    print(
        f"planned and stored  {stored:6.1f} s, of the processor {stored_cpu:.1f} s here "
        f"and {after - before:.1f} s in the database's session"
    )
    print(f"                    {stored / bare:6.1f} × a bare COPY ({bare:.1f} s)")
    print(f"peak memory         {peak:6.0f} MiB here, {memory:.0f} MiB in the database's session")


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock, seconds of this process, and what came of it."""
    clock, cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - clock, time.process_time() - cpu, result


def session() -> tuple[float, float]:
    """Processor seconds and peak MiB (shared buffers included) of the database's session; the
    embedded server runs on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = Path(f"/proc/{cursor.fetchone()[0]}")
    used = (process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
    peak = (process / "status").read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK"), int(peak) / 1024


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
