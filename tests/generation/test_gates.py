"""Limits that bind all workers together: jobs at once, starts a minute, the budget, the clock."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from generation import jobs, runner, tasks
from generation.backends.registry import Limits
from generation.context import kept_alive
from generation.models import BackendGate, Campaign, GenerationJob, State
from generation.services import cancel_campaign, resume_campaign, set_budget
from radrate.errors import Conflict, DomainError
from tests.generation.campaigns import job_of, outputs_of, run_all, running, states_of

pytestmark = pytest.mark.django_db


def ids(campaign):
    return list(campaign.jobs.order_by("position").values_list("pk", flat=True))


@pytest.fixture
def options(settings):
    """OPTIONS of the scripted backend; a new mapping, since backends are built once."""

    def change(**more):
        before = settings.IMAGE_BACKENDS["scripted"]
        settings.IMAGE_BACKENDS["scripted"] = {
            **before,
            "OPTIONS": {**before["OPTIONS"], **more},
        }

    return change


def test_no_more_jobs_run_at_once_than_the_backend_takes():
    first, second = ids(running("a", "b"))
    limits = Limits(concurrency=1)
    held = jobs.claim(first, limits=limits)
    assert held is not None
    assert jobs.claim(second, limits=limits) is None
    jobs.end(held, State.CANCELLED)
    assert jobs.claim(second, limits=limits) is not None


def test_a_job_whose_lease_ran_out_holds_no_place():
    first, second = ids(running("a", "b"))
    jobs.claim(first, limits=Limits(concurrency=1))
    past = timezone.now() - timedelta(seconds=1)
    GenerationJob.objects.filter(pk=first).update(lease_until=past)
    assert jobs.claim(second, limits=Limits(concurrency=1)) is not None


def test_starts_are_spaced_by_the_rate_over_all_campaigns():
    one, other = ids(running("a", "b", "c")), ids(running("d"))
    limits = Limits(rate_per_minute=6)
    claimed = [jobs.claim(pk, limits=limits) for pk in (*one, *other)]
    assert sum(job is not None for job in claimed) == 1
    BackendGate.objects.update(next_start_at=timezone.now())
    assert jobs.claim(other[0], limits=limits) is not None
    gate = BackendGate.objects.get()
    assert gate.next_start_at > timezone.now() + timedelta(seconds=9)


def test_a_limited_backend_gets_few_messages_and_one_more_for_each_that_ends(options, messages):
    options(CONCURRENCY=2)
    campaign = running("a", "b", "c", "d")
    tasks.dispatch(str(campaign.pk))
    assert [task for task, _job in messages()] == ["run_job"] * 2
    tasks.run_job(str(ids(campaign)[0]))
    assert len(messages()) == 2


def test_a_backend_with_a_rate_gets_its_messages_from_the_tick(options, messages):
    options(RATE_PER_MINUTE=120)
    campaign = running("a", "b", "c")
    tasks.dispatch(str(campaign.pk))
    tasks.sweep()
    assert messages() == []
    tasks.tick()
    assert [task for task, _job in messages()] == ["run_job"] * 2


def test_the_budget_stops_the_campaign_before_it_is_passed(options, manager):
    options(COST_PER_IMAGE="0.04")
    campaign = run_all(running("a", "b", "c", n=2, budget=Decimal("0.20")))
    campaign.refresh_from_db()
    assert states_of(campaign).count("succeeded") == 5
    assert campaign.spent == Decimal("0.20")
    assert campaign.state == Campaign.State.PAUSED
    assert "0.2 is used up" in campaign.pause_reason or "0.2" in campaign.pause_reason
    with pytest.raises(DomainError, match=r"0\.2 are spent"):
        set_budget(actor=manager, campaign=campaign, budget=Decimal("0.1"))
    set_budget(actor=manager, campaign=campaign, budget=Decimal("0.24"))
    resume_campaign(actor=manager, campaign=campaign)
    run_all(campaign)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.pause_reason) == (Campaign.State.FINISHED, "")
    assert states_of(campaign) == ["succeeded"] * 6


def test_what_the_budget_left_can_be_cancelled(options):
    options(COST_PER_IMAGE=1)
    campaign = run_all(running("a", "b", budget=Decimal(1)))
    campaign.refresh_from_db()
    cancel_campaign(actor=None, campaign=campaign)
    assert states_of(campaign) == ["succeeded", "cancelled"]


def test_an_attempt_that_was_turned_away_costs_nothing(options):
    options(COST_PER_IMAGE=1)
    campaign = running("busy", budget=Decimal(1))
    for _attempt in range(3):
        GenerationJob.objects.update(next_attempt_at=None)
        runner.run(job_of(campaign).pk)
    campaign.refresh_from_db()
    assert campaign.spent == 0
    assert job_of(campaign).attempts == 3


def test_a_crashed_attempt_is_reckoned_since_it_may_have_been_billed(options):
    options(COST_PER_IMAGE=1)
    campaign = running("a", budget=Decimal(2))
    limits = Limits(cost_per_image=Decimal(1))
    for spent in (1, 2):
        jobs.claim(job_of(campaign).pk, limits=limits)
        campaign.refresh_from_db()
        assert campaign.spent == spent
        GenerationJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        jobs.recover()
    assert jobs.claim(job_of(campaign).pk, limits=limits) is None
    campaign.refresh_from_db()
    assert (campaign.state, campaign.spent) == (Campaign.State.PAUSED, 2)


def test_the_budget_of_an_ended_campaign_stays(manager):
    campaign = run_all(running("a"))
    with pytest.raises(Conflict):
        set_budget(actor=manager, campaign=campaign, budget=Decimal(5))


class TooLong(Exception):
    pass


def test_an_attempt_that_takes_too_long_is_tried_again_later(monkeypatch):
    campaign = running("a")

    def hang(*args, **kwargs):
        raise TooLong

    monkeypatch.setattr("tests.generation.scripted.ScriptedBackend.text_to_image", hang)
    runner.run(job_of(campaign).pk, too_long=TooLong)
    job = job_of(campaign)
    assert (job.state, job.reason_code) == (State.QUEUED, "transient")
    assert job.next_attempt_at > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_a_long_silent_call_keeps_its_lease_and_a_lost_one_is_not_taken_back():
    job = jobs.claim(job_of(running("a")).pk, limits=Limits(lease_seconds=0.3))
    with kept_alive(job, lease_s=0.3):
        time.sleep(1)
        assert jobs.recover() == 0
        jobs.raise_if_cancelled(job)
    time.sleep(0.4)
    assert jobs.recover() == 1
    with kept_alive(job, lease_s=0.3):
        time.sleep(0.3)
    assert job_of(Campaign.objects.get()).state == State.QUEUED


def test_the_studys_own_filter_refuses_before_the_backend_is_asked(requests, options):
    options(COST_PER_IMAGE=1)
    words = ("intracranial bleeding", "a knee")
    campaign = run_all(running(*words, content_filter="adams2023", budget=Decimal(1)))
    campaign.refresh_from_db()
    assert campaign.spent == 1  # what was refused here was asked of nobody
    refused, made = outputs_of(campaign)
    assert (refused.state, refused.reason_code) == (State.REFUSED, "study_filter")
    assert "bleeding" in refused.categories
    assert made.state == State.SUCCEEDED
    assert len(requests()) == 1
