"""A provider's answers as what becomes of a campaign's outputs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from generation import runner
from generation.models import GenerationJob
from tests.generation.backends.openai.provider import data, error, slot
from tests.generation.campaigns import job_of, outputs_of, running, states_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote(provider, settings):
    """Three outputs of one request to the provider."""
    settings.IMAGE_BACKENDS = {
        "remote": {
            "BACKEND": "generation.backends.openai.OpenAIBackend",
            "OPTIONS": provider.options(API_KEY_ENV="IMAGES_KEY", SIZES=["256x256"]),
        }
    }
    return running(
        "a bleeding knee", n=3, images_per_job=3, backend="remote", width=256, height=256
    )


def test_each_output_gets_the_outcome_of_its_place(provider, remote):
    provider.script = [data(slot(), slot(respect_moderation=False), slot((512, 256)))]
    runner.run(job_of(remote).pk)
    assert states_of(remote) == ["succeeded", "refused", "failed"]
    made, refused, failed = outputs_of(remote)
    assert made.radiograph.provenance["model"] == "model-1"
    assert made.radiograph.provenance["metadata"]["dialect"] == "openai"
    assert made.radiograph.provenance["seed"] is None
    assert (refused.reason_code, failed.reason_code) == ("flagged", "bad_image")
    assert "512 × 256 px instead of 256 × 256" in failed.reason


def test_a_refusal_ends_the_job_and_is_never_asked_again(provider, remote):
    provider.script = [error(400, code="moderation_blocked", message="rejected")]
    for _time in range(2):
        runner.run(job_of(remote).pk)
    assert states_of(remote) == ["refused"] * 3
    assert {(one.reason_code, one.reason) for one in outputs_of(remote)} == {
        ("moderation_blocked", "rejected")
    }
    assert len(provider.seen) == 1


def test_what_is_tried_again_is_the_same_request_to_the_provider(provider, remote):
    provider.script = [
        error(429, {"Retry-After": "60"}, code="rate_limit_exceeded", message="slow down"),
        data(slot(level=80), slot(level=90), slot(level=100)),
    ]
    job = job_of(remote)
    runner.run(job.pk)
    due = job_of(remote).next_attempt_at
    assert states_of(remote) == ["queued"] * 3
    assert due > timezone.now() + timedelta(seconds=55)
    runner.run(job.pk)
    assert len(provider.seen) == 1
    GenerationJob.objects.filter(pk=job.pk).update(next_attempt_at=timezone.now())
    runner.run(job.pk)
    assert states_of(remote) == ["succeeded"] * 3
    keys = [seen.headers["idempotency-key"] for seen in provider.seen]
    assert keys == [f"{job.pk}.0.1.2"] * 2


def test_a_used_up_quota_fails_with_its_code(provider, remote):
    provider.script = [error(429, code="insufficient_quota", message="pay")]
    runner.run(job_of(remote).pk)
    assert states_of(remote) == ["failed"] * 3
    assert {one.reason_code for one in outputs_of(remote)} == {"quota"}
