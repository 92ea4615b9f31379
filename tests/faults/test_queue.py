"""A queue that is emptied, away, mute, repeats itself or is read by the wrong program (9 to 12, 14,
15, 22, 23)."""

import subprocess
import sys
import time

from django.test import Client
from django.urls import reverse

from generation import tasks
from generation.models import Campaign, Output, State
from tests.factories.people import make_user
from tests.faults.campaigns import IMAGES, started
from tests.faults.invariants import images_billed, violations
from tests.faults.servers import ROOT
from tests.faults.stand import kill_tree, some, until_ended, wait_until
from tests.generation.campaigns import plan, states_of

REQUEST_S = 2
MANY = 200


def ordered_on_the_page() -> float:
    """Plan and start a campaign as a manager does, with the session of a browser; seconds of the
    slowest request."""
    client = Client()
    manager = make_user(username=f"manager{time.time_ns()}", is_manager=True)
    client.force_login(manager)
    form = {"title": "Knees", "backend": "faulty", "prompts": "a knee", "n": 2, "seed": 7}
    form |= {"operation": "text_to_image", "width": 32, "height": 32}
    slowest = 0.0
    for url, data in [(reverse("campaign_list"), None), (reverse("campaign_form"), form)]:
        start = time.monotonic()
        answer = client.get(url) if data is None else client.post(url, data)
        slowest = max(slowest, time.monotonic() - start)
        assert answer.status_code == (200 if data is None else 302)
    return slowest


def test_9_redis_killed_with_a_full_queue_loses_nothing(stand):
    stand.backend(SECONDS=0.02)
    stand.beat()
    stand.worker()
    campaign = started("a knee", "a hand", n=MANY // 2, images_per_job=1)
    wait_until(lambda: some(State.SUCCEEDED, campaign, least=5))
    stand.servers.kill_redis()
    stand.servers.start_redis()
    assert not Campaign.objects.filter(pk=campaign.pk, finished_at__isnull=False).exists()
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * MANY
    assert violations(stand) == []


def test_10_campaigns_can_be_started_while_redis_is_down(stand):
    stand.beat()
    stand.worker()
    stand.servers.kill_redis()
    slowest = max(ordered_on_the_page() for _time in range(3))
    time.sleep(8)
    assert set(Output.objects.values_list("state", flat=True)) == {"queued"}
    stand.servers.start_redis()
    until_ended(*Campaign.objects.all())
    assert Output.objects.filter(state=State.SUCCEEDED).count() == 6
    assert violations(stand) == []
    assert slowest < REQUEST_S


def test_11_an_emptied_redis_loses_nothing(stand):
    stand.beat()
    stand.worker()
    campaign = started("a knee", n=20)
    wait_until(lambda: some(State.SUCCEEDED, campaign))
    stand.servers.redis_client().flushall()
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * 20
    assert violations(stand) == []


def test_12_a_redis_that_is_mute_holds_up_no_request_and_loses_nothing(stand):
    stand.beat()
    stand.worker()
    first = started("a knee", n=20)
    wait_until(lambda: some(State.SUCCEEDED, first))
    with stand.servers.redis_stopped():
        slowest = ordered_on_the_page()
        time.sleep(5)
    until_ended(*Campaign.objects.all())
    assert violations(stand) == []
    assert slowest < REQUEST_S


def test_14_a_crash_between_the_commit_and_the_message_loses_nothing(stand):
    campaign = plan("a knee", n=IMAGES, backend="faulty")
    command = [sys.executable, "-m", "tests.faults.dies_before_ringing", str(campaign.pk)]
    done = subprocess.run(command, cwd=ROOT, env=stand.environment(), check=False)
    assert done.returncode == -9
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.RUNNING
    assert tasks.messages_in("default") == 0
    stand.beat()
    stand.worker()
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert violations(stand) == []


def test_15_a_message_that_comes_five_times_at_once_does_its_work_once(stand):
    campaign = started("a knee")
    for job in campaign.jobs.all():
        for _time in range(5):
            tasks.publish("faulty", [job.pk])
    stand.worker(processes=3)
    stand.worker(processes=3)
    until_ended(campaign)
    wait_until(lambda: tasks.messages_in("faulty") == 0)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert images_billed(campaign, stand) == IMAGES
    assert violations(stand) == []


def test_22_two_beats_and_two_sweeping_workers_do_nothing_twice(stand):
    stand.backend(SECONDS=0.5)
    stand.beat()
    stand.beat()
    first = stand.worker()
    stand.worker()
    campaign = started("a knee", n=20)
    wait_until(lambda: some(State.SUCCEEDED, campaign) and some(State.RUNNING, campaign))
    kill_tree(first)
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * 20
    assert violations(stand, crashes=2) == []


def test_23_a_worker_with_old_code_loses_no_job(stand):
    old = stand.worker(app="tests.faults.old_code")
    campaign = started("a knee")
    tasks.dispatch(str(campaign.pk))
    wait_until(lambda: tasks.messages_in("faulty") == 0)
    assert states_of(campaign) == ["queued"] * IMAGES
    stand.worker()
    kill_tree(old)
    stand.beat()
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert violations(stand) == []
