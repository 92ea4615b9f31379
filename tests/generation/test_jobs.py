"""Claims, leases and the end of a campaign, under real concurrency."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from generation import jobs, runner
from generation.backends.registry import Limits
from generation.models import Campaign, GenerationJob, Output, State
from generation.services import cancel_campaign
from generation.states import MOVES, move, move_campaign
from radrate.audit.models import Event
from radrate.errors import Conflict
from radrate.images.models import Batch, Radiograph
from tests.generation.campaigns import job_of, let_lease_run_out, outputs_of, running, states_of

AT_ONCE = 5


def at_once(work: Callable[[], Any], times: int = AT_ONCE) -> list[Any]:
    """Run `work` in threads that start together, each with its own connection."""
    barrier = Barrier(times)

    def one(_number: int) -> Any:
        barrier.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def lose_worker(campaign: Campaign) -> None:
    job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
    let_lease_run_out(job)
    jobs.recover()


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_exactly_one_wins():
    for _round in range(5):
        job = job_of(running("a knee"))
        claims = at_once(lambda pk=job.pk: jobs.claim(pk, limits=Limits(lease_seconds=60)))
        assert sum(claim is not None for claim in claims) == 1
        job.refresh_from_db()
        assert job.attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_delivered_five_times_at_once_makes_one_image_an_output(requests):
    campaign = running("a knee", n=2, images_per_job=2)
    job = job_of(campaign)
    at_once(lambda: runner.run(job.pk))
    assert Radiograph.objects.filter(batch=campaign.batch).count() == 2
    assert states_of(campaign) == ["succeeded", "succeeded"]
    assert len(requests()) == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_last_jobs_end_together_the_campaign_is_finished_once():
    for _round in range(5):
        campaign = running("a knee", n=AT_ONCE)
        waiting = list(campaign.jobs.values_list("pk", flat=True))
        at_once(lambda ids=waiting: runner.run(ids.pop()))
        campaign.refresh_from_db()
        assert campaign.state == Campaign.State.FINISHED
        assert Event.objects.filter(verb="finish", target_id=str(campaign.pk)).count() == 1
        assert (campaign.batch.state, campaign.batch.made) == (Batch.State.FINISHED, AT_ONCE)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_count_one_loss():
    campaign = running("a knee")
    job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
    let_lease_run_out(job)
    assert sum(at_once(jobs.recover)) == 1
    job.refresh_from_db()
    assert (job.state, job.losses) == ("queued", 1)


@pytest.mark.django_db
def test_a_job_whose_lease_ran_out_is_queued_again():
    campaign = running("a knee", n=2, images_per_job=2)
    lose_worker(campaign)
    job = job_of(campaign)
    assert (job.state, job.lease, job.losses) == ("queued", None, 1)
    assert states_of(campaign) == ["queued", "queued"]


@pytest.mark.django_db
def test_a_job_that_loses_its_worker_three_times_fails_and_ends_its_campaign():
    campaign = running("a knee")
    for _loss in range(jobs.MAX_LOSSES):
        lose_worker(campaign)
    job = job_of(campaign)
    campaign.refresh_from_db()
    assert (job.state, job.reason_code) == ("failed", "worker_lost")
    assert job.reason == "Its worker was lost 3 times."
    assert (campaign.state, campaign.batch.failed) == (Campaign.State.FINISHED, 1)


@pytest.mark.django_db
def test_what_a_lost_worker_ran_is_cancelled_with_its_campaign():
    campaign = running("a knee")
    job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
    cancel_campaign(actor=None, campaign=campaign)
    let_lease_run_out(job)
    jobs.recover()
    campaign.refresh_from_db()
    assert states_of(campaign) == ["cancelled"]
    assert campaign.finished_at is not None


@pytest.mark.django_db
def test_the_sweep_closes_a_campaign_that_nobody_closed():
    campaign = running("a knee")
    job = job_of(campaign)
    runner.run(job.pk)
    Campaign.objects.update(state=Campaign.State.RUNNING, finished_at=None)
    jobs.recover()
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FINISHED


@pytest.mark.django_db
def test_the_batch_has_the_denominators_of_a_mixed_campaign():
    campaign = running("a knee", "refuse all", "unsupported", "quota", n=2)
    for job in campaign.jobs.all():
        runner.run(job.pk)
    batch = Batch.objects.get(pk=campaign.batch_id)
    assert (batch.requested, batch.made, batch.refused, batch.unsupported, batch.failed) == (
        8,
        2,
        2,
        2,
        2,
    )
    assert batch.state == Batch.State.FINISHED
    assert batch.finished_at is not None


@pytest.mark.django_db
def test_nothing_is_settled_while_a_job_is_open():
    campaign = running("a knee", n=2)
    runner.run(campaign.jobs.first().pk)
    campaign.refresh_from_db()
    assert not jobs.settle(campaign.pk)
    assert campaign.state == Campaign.State.RUNNING


@pytest.mark.django_db
def test_ended_jobs_have_no_way_back_but_by_a_retry_of_what_failed():
    assert set(MOVES) == {State.QUEUED, State.RUNNING, State.FAILED}
    assert MOVES[State.FAILED] == {State.QUEUED}
    for state in (State.SUCCEEDED, State.REFUSED, State.UNSUPPORTED, State.CANCELLED):
        with pytest.raises(ValueError, match="nothing moves"):
            move(GenerationJob.objects.all(), state, State.QUEUED)


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(Campaign.State))
@pytest.mark.parametrize("target", list(Campaign.State))
def test_a_campaign_makes_only_the_moves_of_the_design(state, target):
    allowed = {
        ("draft", "running"),
        ("draft", "cancelled"),
        ("running", "paused"),
        ("running", "finished"),
        ("running", "cancelled"),
        ("paused", "running"),
        ("paused", "finished"),
        ("paused", "cancelled"),
        ("finished", "running"),
    }
    campaign = running("a knee")
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if (state, target) in allowed:
            move_campaign(locked, target)
            assert Campaign.objects.get(pk=campaign.pk).state == target
        else:
            with pytest.raises(Conflict, match=f"is {state} and cannot become {target}"):
                move_campaign(locked, target)


@pytest.mark.django_db
def test_an_output_has_one_outcome():
    campaign = running("a knee")
    runner.run(job_of(campaign).pk)
    output = outputs_of(campaign)[0]
    with pytest.raises(jobs.LeaseLost):
        jobs.end_output(output, State.FAILED)
    assert Output.objects.get(pk=output.pk).state == State.SUCCEEDED
