"""One job, once: what the backend does becomes the outcome, and nothing is stored twice."""

import errno
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from generation import jobs, runner, storing
from generation.backends.base import GeneratedImage, GenerationRequest, Operation
from generation.backends.registry import Limits
from generation.context import JobContext
from generation.models import Campaign, GenerationJob, Output, State
from generation.planning import derive_seed
from generation.services import cancel_campaign
from radrate.images.models import Batch, Radiograph
from tests.generation.campaigns import (
    SIDE,
    job_of,
    let_lease_run_out,
    outputs_of,
    plan,
    running,
    states_of,
)
from tests.generation.scripted import picture

pytestmark = pytest.mark.django_db


def run(campaign: Campaign) -> GenerationJob:
    runner.run(job_of(campaign).pk)
    return job_of(campaign)


def test_each_output_becomes_a_radiograph_with_its_provenance():
    campaign = running(("a knee", {"defect": "missing_fibula"}), n=2, images_per_job=2)
    job = run(campaign)
    first, second = outputs_of(campaign)
    assert (job.state, job.progress, job.lease) == (State.SUCCEEDED, 1, None)
    assert [first.seed, second.seed] == [derive_seed(7, 0, 0), derive_seed(7, 0, 1)]
    stored = second.radiograph
    assert (stored.origin, stored.batch_id) == ("synthetic", campaign.batch_id)
    assert (stored.body_part_examined, stored.view_position) == ("KNEE", "AP")
    assert stored.source_name == f"{job.pk}-1"
    assert stored.provenance == {
        "backend": "scripted",
        "backend_version": "1.2",
        "model": "scripted-1",
        "operation": "text_to_image",
        "prompt": "a knee",
        "revised_prompt": "",
        "negative_prompt": "",
        "seed": second.seed,
        "params": {"defect": "missing_fibula"},
        "width": SIDE,
        "height": SIDE,
        "request_id": f"{job.pk}.0.1",
        "provider_request_id": "",
        "n": 2,
        "seconds": 0.5,
        "usage": {},
        "metadata": {"defect": "missing_fibula"},
        "campaign": str(campaign.pk),
        "job": str(job.pk),
    }
    with default_storage.open(stored.pixels.name) as file:
        pixels = Image.open(io.BytesIO(file.read())).tobytes()
    assert pixels == picture(second.seed, SIDE, SIDE).tobytes()


def test_a_phantom_with_nothing_wrong_has_origin_simulated():
    campaign = running("a simulated knee")
    run(campaign)
    assert Radiograph.objects.get(batch=campaign.batch).origin == "simulated"


@pytest.mark.parametrize(
    ("prompt", "state", "code", "reason"),
    [
        ("refuse all", "refused", "refused", "the filter does not like “bleeding”"),
        ("unsupported", "unsupported", "unsupported", "there is no ankle"),
        ("quota", "failed", "quota", "the quota is used up"),
        ("crash", "failed", "RuntimeError", "RuntimeError: a bug of the backend"),
        ("nothing", "failed", "bad_image", "The backend gave no image."),
        ("html", "failed", "bad_image", "The file is not a PNG, JPEG or WebP image."),
    ],
)
def test_what_the_backend_says_is_the_outcome_of_every_output(prompt, state, code, reason):
    campaign = running(prompt, n=2, images_per_job=2)
    job = run(campaign)
    assert (job.state, job.reason_code, job.reason) == (state, code, reason)
    assert [(o.state, o.reason_code, o.reason) for o in outputs_of(campaign)] == [
        (state, code, reason)
    ] * 2
    assert not Radiograph.objects.exists()


def test_a_truncated_file_fails_with_the_decoders_words():
    campaign = running("truncated")
    job = run(campaign)
    assert (job.state, job.reason_code) == ("failed", "bad_image")
    assert job.reason.startswith("The image cannot be decoded: ")


def test_a_file_that_is_not_of_its_media_type_is_not_kept():
    stream = io.BytesIO()
    picture(1, SIDE, SIDE).save(stream, "JPEG")
    request = GenerationRequest("r", Operation.TEXT_TO_IMAGE, "a knee", 1, SIDE, SIDE)
    for media_type, words in {
        "image/png": "not the image/png that it claims",
        "image/svg+xml": "not a kind of image that is kept",
    }.items():
        generated = GeneratedImage(index=0, raw=stream.getvalue(), media_type=media_type)
        with pytest.raises(storing.BadImage, match=words):
            storing.checked(generated, request)


def test_one_refused_image_of_a_request_leaves_the_others():
    campaign = running("refuse second", n=3, images_per_job=3)
    job = run(campaign)
    assert job.state == State.SUCCEEDED
    assert states_of(campaign) == ["succeeded", "refused", "succeeded"]
    assert outputs_of(campaign)[1].reason == "one was flagged"


def test_an_image_of_the_wrong_size_fails_and_the_others_are_kept():
    campaign = running("too small", n=2, images_per_job=2)
    job = run(campaign)
    assert states_of(campaign) == ["failed", "succeeded"]
    assert (job.state, job.reason) == ("failed", "The image has 16 × 16 px instead of 32 × 32.")


def test_a_busy_provider_puts_the_job_back_for_later():
    campaign = running("busy", n=2, images_per_job=2)
    job = run(campaign)
    wait = (job.next_attempt_at - timezone.now()).total_seconds()
    assert (job.state, job.lease, job.attempts) == ("queued", None, 1)
    assert (job.reason_code, job.reason) == ("transient", "too many requests")
    assert 5 < wait <= 10
    assert states_of(campaign) == ["queued", "queued"]


def test_the_provider_may_say_how_long_to_wait():
    campaign = running(("busy", {"retry_after": 300}))
    wait = (run(campaign).next_attempt_at - timezone.now()).total_seconds()
    assert 290 < wait <= 300


def test_a_postponed_job_is_not_claimed_before_its_time(requests):
    campaign = running(("busy", {"retry_after": 300}))
    run(campaign)
    run(campaign)
    assert len(requests()) == 1
    GenerationJob.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    run(campaign)
    assert len(requests()) == 2


def test_a_provider_that_stays_busy_fails_the_job_in_the_end(requests):
    campaign = running(("busy", {"retry_after": 0}))
    for _attempt in range(jobs.MAX_ATTEMPTS + 2):
        run(campaign)
        GenerationJob.objects.update(next_attempt_at=None)
    job = job_of(campaign)
    assert (job.state, len(requests())) == ("failed", jobs.MAX_ATTEMPTS)
    assert job.reason == "Tried 8 times; the last time: too many requests"


@pytest.mark.parametrize(
    ("attempts", "retry_after", "expected"),
    [(1, None, 10), (3, None, 40), (12, None, 600), (1, 3.5, 10), (1, 35, 35), (12, 900, 900)],
)
def test_the_wait_doubles_up_to_ten_minutes_and_is_never_less_than_the_provider_asks_for(
    attempts, retry_after, expected
):
    assert jobs.retry_delay(attempts, retry_after) == expected


def test_a_full_disk_is_tried_again_later(settings, tmp_path):
    blocked = tmp_path / "media"
    blocked.write_text("a file where the folder should be")
    settings.MEDIA_ROOT = str(blocked)
    campaign = running("a knee")
    job = run(campaign)
    assert job.state == "queued"
    assert job.reason.startswith("The image could not be stored: ")
    assert not Radiograph.objects.exists()


def test_no_space_left_pauses_the_campaign_and_what_was_made_stays_paid(monkeypatch, settings):
    settings.IMAGE_BACKENDS["scripted"]["OPTIONS"]["COST_PER_IMAGE"] = "2"
    campaign = running("a knee", budget=10)

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device", "/somewhere/private")

    monkeypatch.setattr(runner, "store_output", full)
    job = run(campaign)
    campaign.refresh_from_db()
    assert (job.state, campaign.state) == ("queued", Campaign.State.PAUSED)
    assert campaign.pause_reason == "The image could not be stored: No space left on device"
    assert campaign.spent == 2


def test_the_same_pixels_for_another_sample_are_no_sample():
    campaign = running("twins", n=3, images_per_job=3)
    run(campaign)
    first, second, third = outputs_of(campaign)
    assert states_of(campaign) == ["succeeded", "failed", "succeeded"]
    assert second.reason_code == "duplicate_image"
    assert first.radiograph.pixel_hash != third.radiograph.pixel_hash


def test_an_image_whose_commit_went_unanswered_is_not_stored_twice(monkeypatch):
    """The database goes away after the commit; the second try finds the outcome there."""
    campaign = running("a knee")
    once = runner._store

    def twice(*args, **kwargs):
        once(*args, **kwargs | {"last": False})
        once(*args, **kwargs)

    monkeypatch.setattr(runner, "_store", twice)
    run(campaign)
    assert states_of(campaign) == ["succeeded"]
    assert Radiograph.objects.filter(batch=campaign.batch).count() == 1


def test_a_draft_or_paused_campaign_runs_nothing(requests):
    draft, paused = plan("a knee"), running("a hand")
    Campaign.objects.filter(pk=paused.pk).update(state=Campaign.State.PAUSED)
    run(draft)
    run(paused)
    assert (requests(), states_of(draft), states_of(paused)) == ([], ["queued"], ["queued"])


def test_a_message_about_a_job_that_is_gone_is_ignored(requests):
    campaign = running("a knee")
    job = job_of(campaign)
    Campaign.objects.get(pk=campaign.pk).delete()
    runner.run(job.pk)
    assert requests() == []


def test_a_backend_that_left_the_settings_fails_its_jobs_in_words(settings):
    campaign = running("a knee")
    settings.IMAGE_BACKENDS = {}
    job = run(campaign)
    assert (job.state, job.reason_code) == ("failed", "misconfigured")
    assert "There is no backend “scripted”" in job.reason


def test_a_late_worker_stores_nothing():
    campaign = running("a knee")
    job = job_of(campaign)
    late = jobs.claim(job.pk, limits=Limits(lease_seconds=60))
    let_lease_run_out(job)
    jobs.recover()
    runner.run(job.pk)
    stored = Radiograph.objects.get(batch=campaign.batch)
    for act in (
        lambda: jobs.hold(late, lease_s=60),
        lambda: jobs.report(late, fraction=0.5, lease_s=60),
        lambda: jobs.raise_if_cancelled(late),
        lambda: jobs.postpone(late, delay_s=1, code="", reason=""),
        lambda: jobs.end(late),
    ):
        with pytest.raises(jobs.LeaseLost):
            act()
    assert Radiograph.objects.get(batch=campaign.batch) == stored
    assert job_of(campaign).state == State.SUCCEEDED


def test_after_a_crash_only_what_is_missing_is_asked_for(requests):
    campaign = running("refuse second", n=3, images_per_job=3)
    job = run(campaign)
    last = outputs_of(campaign)[2]
    kept = outputs_of(campaign)[0].radiograph
    Output.objects.filter(pk=last.pk).update(state=State.QUEUED, radiograph=None)
    last.radiograph.delete()
    GenerationJob.objects.filter(pk=job.pk).update(state=State.QUEUED, prompt="a knee")
    Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.State.RUNNING, finished_at=None)
    run(campaign)
    again = outputs_of(campaign)
    assert requests()[1:] == [f"{job.pk}.2"]
    assert again[0].radiograph == kept
    assert again[2].radiograph.provenance["seed"] == last.seed
    assert states_of(campaign) == ["succeeded", "refused", "succeeded"]


def test_a_job_whose_outputs_were_all_stored_before_the_crash_just_ends(requests):
    campaign = running("a knee")
    job = run(campaign)
    GenerationJob.objects.filter(pk=job.pk).update(state=State.QUEUED)
    Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.State.RUNNING, finished_at=None)
    run(campaign)
    assert (job_of(campaign).state, len(requests())) == (State.SUCCEEDED, 1)


def test_a_cancelled_campaign_stops_its_running_job_at_the_next_step():
    campaign = running("a knee", n=2, images_per_job=2)
    job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
    cancel_campaign(actor=None, campaign=campaign)
    assert states_of(campaign) == ["running", "running"]
    runner._run(job, lease_s=60, too_long=TimeoutError)
    assert states_of(campaign) == ["cancelled", "cancelled"]
    campaign.batch.refresh_from_db()
    assert campaign.batch.state == Batch.State.CANCELLED
    assert campaign.batch.finished_at is not None


def test_progress_never_goes_back_and_is_written_at_most_once_a_second():
    campaign = running("a knee")
    job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
    context = JobContext(job, lease_s=60)
    context.progress(0.9)
    assert job_of(campaign).progress == 0
    context._reported_at -= 1
    context.progress(0.4)
    assert job_of(campaign).progress == 0.9


def test_progress_renews_the_lease():
    campaign = running("a knee")
    job = jobs.claim(job_of(campaign).pk, limits=Limits(lease_seconds=60))
    let_lease_run_out(job)
    jobs.report(job, fraction=0.5, lease_s=60)
    assert jobs.recover() == 0
    assert job_of(campaign).state == State.RUNNING


def test_the_condition_of_a_claim_stands_on_the_row_itself():
    """In a subquery Postgres would not check it again after waiting for the row's lock."""
    campaign = running("a knee")
    job = job_of(campaign)
    with CaptureQueriesContext(connection) as queries:
        jobs.claim(job.pk, limits=Limits(lease_seconds=60))
    update = next(q["sql"] for q in queries if q["sql"].startswith("UPDATE"))
    assert '"generation_generationjob"."state" = \'queued\'' in update
    assert 'FROM "generation_generationjob"' not in update
