"""A real worker process, killed in the middle: nothing is lost and nothing is made twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection

from generation import tasks
from generation.models import Campaign, Output, State
from generation.services import start_campaign
from radrate.images.models import Radiograph
from tests.generation.campaigns import plan, states_of
from tests.generation.conftest import QUEUE, SCRIPTED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

PATIENCE_S = 90
IMAGES = 8


@pytest.fixture
def backends(settings, tmp_path) -> Path:
    """The same slow backend for this process and for the worker."""
    options = {
        "QUEUE": QUEUE,
        "LEASE_SECONDS": 2,
        "SECONDS": 0.4,
        "LOG": str(tmp_path / "requests.log"),
    }
    settings.IMAGE_BACKENDS = {"scripted": {"BACKEND": SCRIPTED, "OPTIONS": options}}
    path = tmp_path / "backends.json"
    path.write_text(json.dumps(settings.IMAGE_BACKENDS))
    return path


@pytest.fixture
def start_worker(backends, tmp_path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Start worker processes on the test's own database and queues; end them all at the end."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=connection.settings_dict["NAME"])
    environment = os.environ | {
        "DATABASE_URL": urlunsplit(database),
        "IMAGE_BACKENDS_FILE": str(backends),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "radrate.celery", "worker"]
    arguments = ["-Q", f"default,{QUEUE}", "-c", "2", "--without-gossip", "--without-mingle"]
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                command + arguments,
                env=environment,
                cwd=django_settings.BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(worker: subprocess.Popen) -> None:
    """SIGKILL for the worker and all its children."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline, "the worker did not get there"
        time.sleep(0.1)


def test_a_worker_killed_in_the_middle_loses_nothing(start_worker, messages, requests):
    campaign = plan("a knee", n=IMAGES)
    first = start_worker()
    start_campaign(actor=None, campaign=campaign)
    wait_until(lambda: Output.objects.filter(state=State.SUCCEEDED).exists())
    wait_until(lambda: Output.objects.filter(state=State.RUNNING).exists())
    kill(first)
    assert {"running"} < set(states_of(campaign))
    messages()
    start_worker()

    def finished() -> bool:
        tasks.sweep()
        campaign.refresh_from_db()
        return campaign.state == Campaign.State.FINISHED

    wait_until(finished)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert Radiograph.objects.filter(batch=campaign.batch_id).count() == IMAGES
    campaign.batch.refresh_from_db()
    assert (campaign.batch.requested, campaign.batch.made) == (IMAGES, IMAGES)
    repeated = len(requests()) - IMAGES
    assert 1 <= repeated <= 2
