"""The queue is a hint: what it loses the sweep finds, what it repeats does nothing."""

import pytest
from celery import Celery, current_app
from django.conf import settings as django_settings

from generation import jobs, tasks
from generation.backends.registry import Limits
from generation.models import Campaign, GenerationJob, State
from generation.planning import plan_campaign
from generation.services import pause_campaign, start_campaign
from tests.generation.campaigns import SIDE, job_of, let_lease_run_out, plan, running, states_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_broker():
    """An application whose broker nobody answers for."""
    app = current_app._get_current_object()
    dead = Celery("dead", broker="redis://127.0.0.1:1/0", set_as_current=False)
    dead.conf.task_publish_retry_policy = django_settings.CELERY_TASK_PUBLISH_RETRY_POLICY
    dead.set_current()
    yield
    app.set_current()


def ids(campaign: Campaign) -> list[str]:
    rows = campaign.jobs.order_by("position", "batch_number")
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def test_a_start_rings_once_after_the_commit(messages, django_capture_on_commit_callbacks):
    campaign = plan("a knee", n=3)
    with django_capture_on_commit_callbacks(execute=True):
        start_campaign(actor=None, campaign=campaign)
        assert messages("default") == []
    assert messages("default") == [("dispatch", str(campaign.pk))]


def test_dispatch_publishes_each_due_job_in_order_to_the_backends_queue(messages):
    campaign = running("a knee", "a hand", n=2)
    tasks.dispatch(str(campaign.pk))
    assert messages() == [("run_job", pk) for pk in ids(campaign)]


def test_dispatch_of_a_paused_campaign_publishes_nothing(messages):
    campaign = running("a knee")
    pause_campaign(actor=None, campaign=campaign)
    tasks.dispatch(str(campaign.pk))
    assert messages() == []


def test_the_sweep_publishes_what_the_queue_lost(messages):
    campaign = running("a knee", n=3)
    tasks.sweep()
    assert messages() == [("run_job", pk) for pk in ids(campaign)]


def test_the_sweep_is_not_kept_waiting_by_jobs_of_its_own_queue(messages, settings):
    settings.IMAGE_BACKENDS["scripted"]["OPTIONS"]["QUEUE"] = "default"
    campaign = running("a knee", n=2)
    tasks.dispatch(str(campaign.pk))
    tasks.dispatch.apply_async(["first"])
    assert messages("default") == [
        ("dispatch", "first"),
        *[("run_job", pk) for pk in ids(campaign)],
    ]


def test_the_sweep_publishes_what_a_lost_worker_ran(messages):
    campaign = running("a knee")
    job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
    let_lease_run_out(job)
    tasks.sweep()
    assert messages() == [("run_job", str(job.pk))]


def test_the_sweep_leaves_drafts_postponed_jobs_and_running_jobs_alone(messages):
    plan("a knee")
    postponed, claimed = running("busy"), running("a hand")
    for campaign in (postponed, claimed):
        job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
        if campaign is postponed:
            jobs.postpone(job, delay_s=60, code="transient", reason="busy")
    tasks.sweep()
    assert messages() == []


def test_the_sweep_never_fills_a_queue_beyond_its_bound(messages, monkeypatch):
    monkeypatch.setattr(tasks, "TOP_UP", 3)
    running("a knee", n=5)
    tasks.sweep()
    tasks.sweep()
    assert len(messages()) == 3


def test_a_backend_that_left_the_settings_gets_its_jobs_to_the_default_queue(messages, settings):
    campaign = running("a knee")
    settings.IMAGE_BACKENDS = {}
    tasks.sweep()
    assert messages("default") == [("run_job", pk) for pk in ids(campaign)]


def test_a_message_runs_its_job_and_a_second_one_does_nothing(requests):
    campaign = running("a knee")
    for _delivery in range(2):
        tasks.run_job(ids(campaign)[0])
    assert states_of(campaign) == ["succeeded"]
    assert len(requests()) == 1


def test_a_queue_that_does_not_exist_is_empty():
    assert tasks.messages_in("no-such-queue") == 0


def test_without_a_broker_a_campaign_starts_and_waits_for_the_sweep(
    no_broker, django_capture_on_commit_callbacks
):
    campaign = plan("a knee")
    with django_capture_on_commit_callbacks(execute=True):
        start_campaign(actor=None, campaign=campaign)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.RUNNING
    assert job_of(campaign).state == State.QUEUED


def test_without_a_broker_the_sweep_still_recovers_jobs(no_broker):
    campaign = running("a knee")
    job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
    let_lease_run_out(job)
    tasks.sweep()
    assert job_of(campaign).state == State.QUEUED


def test_ten_thousand_outputs_are_planned_with_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        campaign = plan_campaign(
            actor=None,
            title="Many",
            backend="scripted",
            prompts=[(f"knee {number}", {}) for number in range(100)],
            n=100,
            width=SIDE,
            height=SIDE,
            seed=1,
        )
    assert GenerationJob.objects.filter(campaign=campaign).count() == 10_000
