"""Plan, start, pause, resume, cancel and retry; every step is audited."""

import hashlib

import pytest

from generation import runner
from generation.models import Campaign, GenerationJob, Output, State
from generation.planning import derive_seed, plan_campaign
from generation.services import (
    cancel_campaign,
    pause_campaign,
    resume_campaign,
    retry_failed,
    start_campaign,
)
from radrate.audit.models import Event
from radrate.errors import Conflict, DomainError
from radrate.images.models import Batch
from tests.generation.campaigns import job_of, outputs_of, plan, running, states_of

pytestmark = pytest.mark.django_db


def verbs(campaign: Campaign) -> list[str]:
    events = Event.objects.filter(target_type="campaign", target_id=str(campaign.pk))
    return list(events.order_by("pk").values_list("verb", flat=True))


def test_a_plan_has_all_its_rows_and_nothing_runs(manager):
    campaign = plan(
        "a knee", ("a hand", {"defect": "extra_finger"}), n=5, images_per_job=2, actor=manager
    )
    rows = GenerationJob.objects.order_by("position", "batch_number")
    assert [(job.position, job.prompt, job.batch_number, job.n) for job in rows] == [
        (0, "a knee", 0, 2),
        (0, "a knee", 1, 2),
        (0, "a knee", 2, 1),
        (1, "a hand", 0, 2),
        (1, "a hand", 1, 2),
        (1, "a hand", 2, 1),
    ]
    assert [output.seed for output in outputs_of(campaign)] == [
        derive_seed(7, position, sample) for position in (0, 1) for sample in range(5)
    ]
    assert (campaign.state, campaign.batch.kind, campaign.batch.requested) == (
        Campaign.State.DRAFT,
        Batch.Kind.CAMPAIGN,
        10,
    )
    assert campaign.created_by == manager
    assert verbs(campaign) == ["plan"]


def test_seeds_come_from_a_digest_and_never_change():
    digest = hashlib.sha256(b"2023:3:1").digest()
    assert derive_seed(2023, 3, 1) == int.from_bytes(digest[:4], "big") % 2**31
    assert derive_seed(2023, 0, 0) == 210117144
    assert len({derive_seed(1, p, i) for p in range(20) for i in range(20)}) == 400


def test_the_seeds_do_not_depend_on_how_images_are_shared_among_jobs():
    one = [output.seed for output in outputs_of(plan("a knee", n=6, images_per_job=1))]
    four = [output.seed for output in outputs_of(plan("a knee", n=6, images_per_job=4))]
    assert one == four


@pytest.mark.parametrize(
    ("attrs", "words"),
    [
        ({"prompts": []}, "at least one prompt"),
        ({"prompts": [(" ", {})]}, "A prompt is empty"),
        ({"prompts": [("a", {}), ("a", {})]}, "“a” stands there twice"),
        ({"prompts": [("a" * 32_001, {})]}, "more than 32000 characters"),
        ({"n": 0}, "1 to 100 images"),
        ({"n": 101}, "1 to 100 images"),
        ({"prompts": [(str(i), {}) for i in range(201)], "n": 100}, "at most 20000"),
        ({"backend": "dalle"}, "no backend “dalle”"),
        ({"width": 512}, "a side of 512 px is not supported"),
        ({"n": 9, "images_per_job": 9}, "n must be 1 to 8"),
    ],
)
def test_what_cannot_be_planned_is_said_in_words_and_leaves_nothing(attrs, words):
    values = {
        "actor": None,
        "title": "Knees",
        "backend": "scripted",
        "prompts": [("a knee", {})],
        "n": 1,
        "width": 32,
        "height": 32,
        "seed": 1,
    }
    with pytest.raises(DomainError, match=words):
        plan_campaign(**values | attrs)
    assert not Batch.objects.exists()


def test_the_same_words_with_other_parameters_are_another_prompt():
    plan(("a knee", {}), ("a knee", {"defect": "missing_fibula"}))
    assert GenerationJob.objects.count() == 2


def test_a_prompt_may_be_longer_than_an_index_row():
    long = "knee " * 6_000
    assert job_of(plan(long)).prompt == long


def test_start_pause_resume_and_cancel_are_audited(manager):
    campaign = plan("a knee")
    start_campaign(actor=manager, campaign=campaign)
    pause_campaign(actor=manager, campaign=campaign)
    resume_campaign(actor=manager, campaign=campaign)
    cancel_campaign(actor=manager, campaign=campaign)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.CANCELLED
    assert campaign.started_at is not None
    assert verbs(campaign) == ["plan", "start", "pause", "resume", "cancel", "finish"]


@pytest.mark.parametrize(
    ("state", "service"),
    [
        (Campaign.State.RUNNING, start_campaign),
        (Campaign.State.FINISHED, start_campaign),
        (Campaign.State.PAUSED, start_campaign),
        (Campaign.State.DRAFT, resume_campaign),
        (Campaign.State.FINISHED, resume_campaign),
        (Campaign.State.DRAFT, pause_campaign),
        (Campaign.State.FINISHED, cancel_campaign),
        (Campaign.State.FINISHED, retry_failed),
    ],
)
def test_a_step_that_does_not_fit_the_state_is_refused(manager, state, service):
    campaign = plan("a knee")
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    with pytest.raises(Conflict):
        service(actor=manager, campaign=campaign)
    campaign.refresh_from_db()
    assert campaign.state == state


def test_cancelling_ends_what_waits_and_keeps_what_was_made():
    campaign = running("a knee", "a hand")
    runner.run(campaign.jobs.get(position=0).pk)
    cancel_campaign(actor=None, campaign=campaign)
    campaign.refresh_from_db()
    batch = campaign.batch
    assert states_of(campaign) == ["succeeded", "cancelled"]
    assert (batch.state, batch.requested, batch.made) == (Batch.State.CANCELLED, 2, 1)
    assert campaign.finished_at is not None


def test_a_cancelled_draft_is_closed_at_once():
    campaign = plan("a knee", n=2)
    cancel_campaign(actor=None, campaign=campaign)
    campaign.refresh_from_db()
    assert states_of(campaign) == ["cancelled", "cancelled"]
    assert campaign.finished_at is not None


def test_a_retry_queues_what_failed_and_only_that(manager, requests):
    campaign = running("too small", "a knee", "refuse all", n=2, images_per_job=2)
    for job in campaign.jobs.all():
        runner.run(job.pk)
    before = outputs_of(campaign)
    assert retry_failed(actor=manager, campaign=campaign) == 1
    campaign.refresh_from_db()
    assert (campaign.state, campaign.finished_at) == (Campaign.State.RUNNING, None)
    assert Batch.objects.get(pk=campaign.batch_id).state == Batch.State.RUNNING
    assert states_of(campaign) == ["queued", *(output.state for output in before[1:])]
    first = GenerationJob.objects.get(campaign=campaign, position=0)
    GenerationJob.objects.filter(pk=first.pk).update(prompt="a knee that fits", attempts=0)
    runner.run(first.pk)
    campaign.refresh_from_db()
    assert requests()[-1] == f"{first.pk}.0"
    assert outputs_of(campaign)[0].seed == before[0].seed
    assert (campaign.state, campaign.batch.made, campaign.batch.failed) == (
        Campaign.State.FINISHED,
        4,
        0,
    )
    assert verbs(campaign) == ["plan", "finish", "retry", "finish"]


def test_a_cancelled_campaign_is_not_retried():
    campaign = running("quota", "a knee")
    runner.run(campaign.jobs.get(position=0).pk)
    cancel_campaign(actor=None, campaign=campaign)
    with pytest.raises(Conflict):
        retry_failed(actor=None, campaign=campaign)
    assert Output.objects.filter(state=State.FAILED).count() == 1
