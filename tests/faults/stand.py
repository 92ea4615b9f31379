"""The test stand: real workers and beats on servers that may be killed, and this process beside
them as the web process would be."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from celery import Celery, current_app
from django.core.cache import caches
from django.db import connections
from django.test import override_settings
from environ import Env

from generation.models import Campaign, GenerationJob, Output, State
from radrate.embedded.configuration import broker_url
from tests.faults.servers import ROOT, Servers

QUEUE = "faulty"
LEASE_S = 2
SWEEP_S = 1
PATIENCE_S = 90
BACKEND = "tests.faults.scripted.FaultyBackend"


class Stand:
    """`options` are the scripted backend's. What the processes print is in `folder`/*.log."""

    def __init__(self, servers: Servers, database_url: str, folder: Path, **options: Any) -> None:
        self.servers = servers
        self.folder = folder
        self.database_url = database_url
        self.media = folder / "media"
        self.marks = folder / "marks"
        self.log = folder / "calls.log"
        self.marks.mkdir()
        self._options = {
            "QUEUE": QUEUE,
            "LEASE_SECONDS": LEASE_S,
            "SECONDS": 0.2,
            "LOG": str(self.log),
            "MARKS": str(self.marks),
        } | options
        self._backends_file = folder / "backends.json"
        self.backends: dict[str, Any] = {}
        self.backend()
        self._started: list[subprocess.Popen[bytes]] = []

    def backend(self, **options: Any) -> None:
        """Change the backend's options, for this process and for the workers to come."""
        self._options |= options
        self.backends["faulty"] = {"BACKEND": BACKEND, "OPTIONS": self._options}
        self._backends_file.write_text(json.dumps(self.backends))

    @contextmanager
    def entered(self) -> Iterator["Stand"]:
        """Within it this process uses the stand's servers, files and backend."""
        changes = override_settings(
            MEDIA_ROOT=str(self.media),
            IMAGE_BACKENDS=self.backends,
            CACHES={"default": _cache() | {"LOCATION": self.servers.redis_url}},
        )
        with ExitStack() as stack:
            stack.enter_context(_database(self.database_url))
            stack.enter_context(_celery(broker_url(self.servers.redis_url)))
            stack.enter_context(changes)
            stack.callback(self.end)
            yield self
            caches.close_all()

    # Processes ---------------------------------------------------------------------------------

    def worker(
        self,
        *,
        app: str = "tests.faults.worker",
        processes: int = 2,
        faults: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        command = ["-A", app, "worker", "-Q", f"default,{QUEUE}", "-c", str(processes)]
        quiet = ["--without-gossip", "--without-mingle", "--loglevel", "info"]
        return self._start("worker", command + quiet, {"FAULTS": json.dumps(dict(faults or {}))})

    def beat(self) -> subprocess.Popen[bytes]:
        schedule = self.folder / f"schedule-{len(self._started)}"
        command = ["-A", "radrate.celery", "beat", "--schedule", str(schedule)]
        return self._start("beat", [*command, "--loglevel", "info"], {})

    def _start(
        self, name: str, arguments: list[str], environment: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}-{len(self._started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", *arguments],
                env=self.environment() | environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "radrate.settings",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.servers.redis_url,
            "MEDIA_ROOT": str(self.media),
            "IMAGE_BACKENDS_FILE": str(self._backends_file),
            "SWEEP_SECONDS": str(SWEEP_S),
            "FAULT_MARKS": str(self.marks),
            "OMP_NUM_THREADS": "1",
        }

    def end(self) -> None:
        for process in self._started:
            kill_tree(process)

    def restart_postgres(self, how: signal.Signals = signal.SIGINT) -> None:
        self.servers.restart_postgres(how)
        connections.close_all()

    # What has happened -------------------------------------------------------------------------

    def calls(self, what: str = "called") -> list[dict[str, Any]]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in map(json.loads, lines) if line["what"] == what]

    def reached(self, point: str) -> bool:
        """Whether a worker has come to this point of tests.faults.worker."""
        return (self.marks / point).exists()


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for a process and all its children."""
    if process.poll() is None:
        signal_tree(process, signal.SIGKILL)
        process.wait()


def signal_tree(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    os.killpg(process.pid, number)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


def wait_until(reached: Callable[[], bool], *, seconds: float = PATIENCE_S) -> float:
    """Poll until true; returns how long it took, in seconds."""
    start = time.monotonic()
    while not reached():
        waited = time.monotonic() - start
        assert waited < seconds, f"it did not come to that within {seconds:.0f} s"
        time.sleep(0.05)
    return time.monotonic() - start


def ended(campaign: Campaign) -> bool:
    return Campaign.objects.filter(pk=campaign.pk, finished_at__isnull=False).exists()


def until_ended(*campaigns: Campaign, seconds: float = PATIENCE_S) -> float:
    return wait_until(lambda: all(map(ended, campaigns)), seconds=seconds)


def some(state: State, campaign: Campaign, *, least: int = 1) -> bool:
    return Output.objects.filter(job__campaign=campaign, state=state).count() >= least


def at_once(campaign: Campaign) -> None:
    """Shorten the wait of jobs that are to be tried again later."""
    waiting = GenerationJob.objects.filter(campaign=campaign, state=State.QUEUED)
    waiting.update(next_attempt_at=None)


def _cache() -> dict[str, Any]:
    from radrate import settings

    cache: dict[str, Any] = settings.CACHES["default"]
    return {name: value for name, value in cache.items() if name != "KEY_PREFIX"}


@contextmanager
def _database(url: str) -> Iterator[None]:
    """Point Django's connection elsewhere, threads to come included, and back."""
    connection = connections["default"]
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(Env.db_url_config(url))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


@contextmanager
def _celery(url: str) -> Iterator[None]:
    """The application with the settings of production, on another broker."""
    before = current_app._get_current_object()
    app = Celery("stand", set_as_current=False)
    app.config_from_object("radrate.settings", namespace="CELERY")
    app.conf.broker_url = url
    app.set_current()
    try:
        yield
    finally:
        app.close()
        before.set_current()
