"""Processes that die, are stopped or are asked to end, at every point of a job (1 to 8, 16)."""

import os
import signal

import pytest

from generation.models import GenerationJob, State
from tests.faults.campaigns import IMAGES, started
from tests.faults.invariants import images_billed, orphans, violations
from tests.faults.stand import (
    children,
    kill_tree,
    signal_tree,
    some,
    until_ended,
    wait_until,
)
from tests.generation.campaigns import states_of

FILES = 3  # of an image
POINTS = {
    "1 before the call": ("a knee, dies before", {}),
    "2 during the call": ("a knee", {}),
    "3 after the answer, before a file": ("a knee", {"answered": "die"}),
    "4 after the files, before the commit": ("a knee", {"files written": "die"}),
    "5 after the commit, before the task returns": ("a knee", {"job ended": "die"}),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_child_that_is_killed_costs_one_call_at_most(stand, point):
    prompt, faults = POINTS[point]
    stand.beat()
    worker = stand.worker(faults=faults)
    campaign = started(prompt, n=1)
    crashes = 1
    if point.startswith("2"):
        wait_until(stand.calls)
        os.kill(children(worker)[0], signal.SIGKILL)
        os.kill(children(worker)[1], signal.SIGKILL)
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"]
    assert violations(stand, crashes=crashes) == []
    assert orphans(stand) == 0
    lost_before_the_commit = not point.startswith("5")
    assert images_billed(campaign, stand) == 1 + lost_before_the_commit
    job = GenerationJob.objects.get()
    assert job.losses == lost_before_the_commit


def test_6_a_worker_killed_with_all_its_children_loses_nothing(stand):
    stand.backend(SECONDS=0.5)
    stand.beat()
    worker = stand.worker()
    campaign = started("a knee")
    wait_until(lambda: some(State.SUCCEEDED, campaign) and some(State.RUNNING, campaign))
    kill_tree(worker)
    stand.worker()
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert violations(stand, crashes=2) == []
    assert orphans(stand) <= 2 * FILES


def test_7_a_deployment_lets_the_job_in_hand_end(stand):
    stand.backend(SECONDS=1)
    stand.beat()
    worker = stand.worker()
    campaign = started("a knee")
    wait_until(lambda: some(State.RUNNING, campaign))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    assert "running" not in states_of(campaign)
    stand.worker()
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert violations(stand) == []


def test_7_a_deployment_that_cannot_wait_costs_the_job_in_hand_one_call(stand):
    stand.backend(SECONDS=[6, 6.1])
    stand.beat()
    worker = stand.worker()
    campaign = started("a knee", n=2)
    wait_until(lambda: some(State.RUNNING, campaign, least=2))
    worker.send_signal(signal.SIGTERM)
    wait_until(lambda: "Warm shutdown" in (stand.folder / "worker-1.log").read_text())
    kill_tree(worker)
    stand.worker()
    until_ended(campaign)
    assert violations(stand, crashes=2) == []


def test_8_a_worker_that_was_stopped_past_its_lease_stores_nothing(stand):
    stand.backend(SECONDS=1)
    stand.beat()
    first = stand.worker()
    campaign = started("a knee")
    wait_until(lambda: some(State.RUNNING, campaign, least=2))
    signal_tree(first, signal.SIGSTOP)
    stopped = len(stand.calls())
    stand.worker()
    wait_until(lambda: len(stand.calls()) > stopped + 2)
    wait_until(lambda: GenerationJob.objects.filter(losses=1).count() >= 1)
    signal_tree(first, signal.SIGCONT)
    until_ended(campaign)
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=30)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert violations(stand, crashes=2) == []


def test_16_a_job_that_kills_its_worker_fails_and_the_others_proceed(stand):
    stand.beat()
    stand.worker()
    campaign = started("a knee that segfaults", n=1)
    others = started("a hand")
    until_ended(others)
    until_ended(campaign)
    assert states_of(campaign) == ["failed"]
    assert states_of(others) == ["succeeded"] * IMAGES
    job = campaign.jobs.get()
    assert (job.reason_code, job.losses) == ("worker_lost", 3)
    assert violations(stand, crashes=3) == []
