"""Campaigns under random faults, for many seeds: `make chaos SEEDS=20 JOBS=300`.

Each seed runs the same campaign twice: calm, then with workers and children killed, Redis killed
without anything kept, Postgres restarted and workers stopped past their lease. Prints a line for
each seed and exits with 1 if anything was not as it must be.
"""

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from subprocess import Popen
from threading import Thread

os.environ.setdefault("SECRET_KEY", "only-for-chaos-" + "x" * 40)
os.environ.setdefault("SECURE_SSL", "false")
os.environ.setdefault("DATABASE_URL", "postgresql:///none")
os.environ.setdefault("REDIS_URL", "unix:///none")
os.environ["DJANGO_SETTINGS_MODULE"] = "radrate.settings"

import django

django.setup()

from django.db import OperationalError, connections  # noqa: E402

from generation.models import Campaign, GenerationJob, State  # noqa: E402
from generation.services import start_campaign  # noqa: E402
from radrate.images.models import Radiograph  # noqa: E402
from tests.faults.invariants import images_billed, orphans, violations  # noqa: E402
from tests.faults.servers import Servers, own_servers  # noqa: E402
from tests.faults.stand import Stand, children, kill_tree, signal_tree  # noqa: E402
from tests.generation.campaigns import plan  # noqa: E402

WORKERS = 2
PROCESSES = 2
LEASE_S = 4
SWEEP_S = 1
JOB_S = [0.1, 0.5]
LONGEST = 8  # times what the calm run took; then it has not ended
PAUSE_S = (0.5, 3.0)  # between two faults


@dataclass
class Fleet:
    """The workers of one run and the faults that befall them."""

    stand: Stand
    random: Random
    workers: list[Popen[bytes]] = field(default_factory=list)
    happened: dict[str, int] = field(default_factory=dict)
    crashes: int = 0

    def start(self) -> None:
        self.stand.beat()
        self.workers = [self.stand.worker(processes=PROCESSES) for _worker in range(WORKERS)]

    def befall(self) -> str:
        """Let one of the faults happen; returns its name."""
        names = list(FAULTS)
        name = self.random.choices(names, [FAULTS[name][1] for name in names])[0]
        self.crashes += FAULTS[name][0](self)
        self.happened[name] = self.happened.get(name, 0) + 1
        return name

    def kill_worker(self) -> int:
        """A worker and all its children; another takes its place."""
        place = self.random.randrange(WORKERS)
        kill_tree(self.workers[place])
        self.workers[place] = self.stand.worker(processes=PROCESSES)
        return PROCESSES

    def kill_child(self) -> int:
        """One process of a worker, in whatever it does."""
        found = children(self.random.choice(self.workers))
        if not found:
            return 0
        os.kill(self.random.choice(found), signal.SIGKILL)
        return 1

    def kill_redis(self) -> int:
        self.stand.servers.kill_redis()
        time.sleep(self.random.uniform(0, 2))
        self.stand.servers.start_redis()
        return 0

    def restart_postgres(self) -> int:
        """Running jobs go on when it is back; those that cannot may cost their call."""
        self.stand.restart_postgres(self.random.choice([signal.SIGINT, signal.SIGKILL]))
        return WORKERS * PROCESSES

    def stop_worker(self) -> int:
        """SIGSTOP for longer than its leases last, then SIGCONT, while the rest goes on."""
        worker = self.random.choice(self.workers)
        signal_tree(worker, signal.SIGSTOP)

        def go_on() -> None:
            time.sleep(LEASE_S * 1.5)
            if worker.poll() is None:
                signal_tree(worker, signal.SIGCONT)

        Thread(target=go_on, daemon=True).start()
        return PROCESSES


FAULTS: dict[str, tuple[Callable[[Fleet], int], int]] = {
    "worker": (Fleet.kill_worker, 3),
    "child": (Fleet.kill_child, 8),
    "redis": (Fleet.kill_redis, 3),
    "postgres": (Fleet.restart_postgres, 1),
    "stop": (Fleet.stop_worker, 1),
}


@dataclass
class Outcome:
    seconds: float
    images: int
    calls: int
    failed: int
    orphans: int
    recovery: float
    violations: list[str]
    happened: dict[str, int]


def run(servers: Servers, *, seed: int, jobs: int, calm_s: float | None = None) -> Outcome:
    """One campaign to its end; with `calm_s`, what the calm one took, under faults so long."""
    with _stand(servers) as stand:
        fleet = Fleet(stand, Random(seed))
        fleet.start()
        _wait_for_workers(stand)
        campaign = plan(
            *[f"a knee {number}" for number in range(jobs)], backend="faulty", seed=seed
        )
        start_campaign(actor=None, campaign=campaign)
        watch = Watch()
        begun = time.monotonic()
        limit = LONGEST * (calm_s or 600)
        while not watch.ended(campaign) and time.monotonic() - begun < limit:
            if calm_s is None or time.monotonic() - begun > calm_s:
                time.sleep(0.1)
                continue
            time.sleep(fleet.random.uniform(*PAUSE_S))
            if fleet.befall() in ("redis", "postgres"):
                watch.servers_are_back()
        seconds = time.monotonic() - begun
        return Outcome(
            seconds=seconds,
            images=Radiograph.objects.filter(batch=campaign.batch_id).count(),
            calls=images_billed(campaign, stand),
            failed=campaign.jobs.filter(state=State.FAILED).count(),
            orphans=orphans(stand),
            recovery=watch.longest,
            violations=violations(stand, crashes=fleet.crashes),
            happened=fleet.happened,
        )


class Watch:
    """Looks whether the campaign has ended, and for how long leases that ran out stay unnoticed
    while both servers are there."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._servers_since = time.monotonic()

    def servers_are_back(self) -> None:
        self._servers_since = time.monotonic()

    def ended(self, campaign: Campaign) -> bool:
        try:
            there_for = time.monotonic() - self._servers_since
            self.longest = max(self.longest, min(_overdue(), there_for))
            return Campaign.objects.filter(pk=campaign.pk, finished_at__isnull=False).exists()
        except OperationalError:
            connections.close_all()
            self.servers_are_back()
            return False


def _overdue() -> float:
    """Seconds since the oldest lease of a running job ran out, by the database's clock."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - min(lease_until)) FROM "
            f"{GenerationJob._meta.db_table} WHERE state = 'running'"
        )
        (overdue,) = cursor.fetchone()
    return max(0.0, float(overdue or 0))


@contextmanager
def _stand(servers: Servers) -> Iterator[Stand]:
    servers.redis_client().flushall()
    with (
        servers.new_database() as url,
        tempfile.TemporaryDirectory() as folder,
        Stand(
            servers, url, Path(folder), LEASE_SECONDS=LEASE_S, SECONDS=JOB_S
        ).entered() as entered,
    ):
        yield entered


def _wait_for_workers(stand: Stand) -> None:
    logs = [stand.folder / f"worker-{number}.log" for number in range(1, WORKERS + 1)]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if all("ready." in log.read_text() for log in logs):
            return
        time.sleep(0.1)
    raise TimeoutError("the workers did not start")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=300)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # end what was started
    pairs: list[tuple[Outcome, Outcome]] = []
    with own_servers() as servers:
        for seed in range(1, options.seeds + 1):
            calm = run(servers, seed=seed, jobs=options.jobs)
            wild = run(servers, seed=seed, jobs=options.jobs, calm_s=calm.seconds)
            pairs.append((calm, wild))
            found = [*calm.violations, *wild.violations]
            print(line(seed, options.jobs, calm, wild), *found, sep="\n    ", flush=True)
    return conclusion(options.jobs, pairs)


def conclusion(jobs: int, pairs: list[tuple[Outcome, Outcome]]) -> int:
    """Print all seeds in one; 1 if anything was not as it must be."""
    wild = [outcome for _calm, outcome in pairs]
    wrong = sum(len(outcome.violations) for pair in pairs for outcome in pair)
    ratios = sorted(outcome.seconds / calm.seconds for calm, outcome in pairs)
    overdue = sorted(outcome.recovery for outcome in wild)
    calls = sum(outcome.calls for outcome in wild)
    happened: dict[str, int] = {}
    for outcome in wild:
        for name, count in outcome.happened.items():
            happened[name] = happened.get(name, 0) + count
    print(
        f"{len(pairs)} seeds, {jobs * len(pairs)} jobs: "
        f"{sum(outcome.images for outcome in wild)} images, "
        f"{sum(outcome.failed for outcome in wild)} failed, {calls} calls "
        f"({100 * (calls / jobs / len(pairs) - 1):.1f} % repeats), {wrong} violations; "
        f"{statistics.median(ratios):.2f} × calm in the median, {ratios[-1]:.2f} × at most; "
        f"leases overdue by {statistics.median(overdue):.1f} s in the median, "
        f"{overdue[-1]:.1f} s at most; {happened}"
    )
    return int(wrong > 0)


def line(seed: int, jobs: int, calm: Outcome, wild: Outcome) -> str:
    happened = ", ".join(f"{count} {name}" for name, count in sorted(wild.happened.items()))
    return (
        f"seed {seed}: {jobs} jobs, {wild.images} images, {wild.failed} failed, "
        f"{wild.calls} calls, {wild.calls - jobs} repeats, "
        f"{wild.seconds:.0f} s to {calm.seconds:.0f} s calm "
        f"({wild.seconds / calm.seconds:.2f} ×), leases overdue by {wild.recovery:.1f} s at most, "
        f"{wild.orphans} orphans, {len(calm.violations) + len(wild.violations)} violations "
        f"[{happened}]"
    )


if __name__ == "__main__":
    sys.exit(main())
