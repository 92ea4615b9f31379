"""A backend that does not answer, declines or answers nonsense, and budgets (17 to 19, 24)."""

import pytest

from generation.models import Campaign, State
from generation.services import cancel_campaign, resume_campaign, set_budget
from tests.faults.campaigns import IMAGES, started
from tests.faults.invariants import images_billed, violations
from tests.faults.stand import at_once, until_ended, wait_until
from tests.generation.campaigns import job_of, outputs_of, states_of


def test_17_a_backend_that_hangs_is_given_up_and_tried_again(stand):
    stand.backend(TIME_LIMIT=2)
    stand.beat()
    stand.worker()
    campaign = started("a knee that hangs", n=2)
    wait_until(lambda: campaign.jobs.filter(reason_code="transient").count() == 2)
    at_once(campaign)
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * 2
    assert violations(stand, crashes=2) == []


def test_17_a_backend_that_cannot_be_interrupted_is_killed_and_tried_again(stand):
    stand.backend(TIME_LIMIT=2)
    stand.beat()
    stand.worker()
    campaign = started("a deaf knee", n=1)
    others = started("a hand", n=1)
    until_ended(campaign, others)
    assert states_of(campaign) == states_of(others) == ["succeeded"]
    assert job_of(campaign).losses == 1
    assert violations(stand, crashes=1) == []


def test_18_a_storm_of_429_is_waited_out_and_the_rate_is_kept(stand):
    stand.backend(SECONDS=0, RATE_PER_MINUTE=120, COST_PER_IMAGE="0.5")
    stand.beat()
    stand.worker()
    campaign = started(("a knee in a storm", {"retry_after": 60}), budget=IMAGES)
    wait_until(lambda: campaign.jobs.filter(next_attempt_at__isnull=False).count() == IMAGES)
    waits = campaign.jobs.values_list("next_attempt_at", flat=True)
    assert min(waits).timestamp() > stand.calls("declined")[0]["at"] + 59
    campaign.refresh_from_db()
    assert campaign.spent == 0
    at_once(campaign)
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert images_billed(campaign, stand) == IMAGES
    campaign.refresh_from_db()
    assert campaign.spent == IMAGES / 2
    times = [call["at"] for call in stand.calls()]
    assert len(times) == 2 * IMAGES <= 2 * (times[-1] - times[0]) + 3
    assert violations(stand) == []


BAD = {
    "a truncated file": "cannot be decoded",
    "a corrupt file": "cannot be decoded",
    "a wrong size": "16 × 32 px instead of 32 × 32",
    "html": "not a PNG, JPEG or WebP image",
}


@pytest.mark.parametrize("kind", BAD)
def test_19_what_is_no_image_is_rejected_with_its_reason(stand, kind):
    stand.beat()
    stand.worker()
    campaign, others = started(kind, n=2), started("a hand", n=2)
    until_ended(campaign, others)
    assert states_of(campaign) == ["failed"] * 2
    for output in outputs_of(campaign):
        assert output.reason_code == "bad_image"
        assert BAD[kind] in output.reason
    assert states_of(others) == ["succeeded"] * 2
    assert violations(stand) == []


def test_19_the_same_image_for_two_samples_is_kept_once(stand):
    stand.backend(BATCH=4)
    stand.beat()
    stand.worker()
    campaign = started("a duplicate", n=4)
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded", "failed", "failed", "failed"]
    assert {output.reason_code for output in outputs_of(campaign)[1:]} == {"duplicate_image"}
    assert violations(stand) == []


def test_24_a_budget_that_is_reached_pauses_the_campaign(stand):
    stand.backend(COST_PER_IMAGE="1.5")
    stand.beat()
    stand.worker()
    campaign = started("a knee", n=10, budget=6)

    def paused() -> bool:
        campaign.refresh_from_db()
        return campaign.state == Campaign.State.PAUSED and "running" not in states_of(campaign)

    wait_until(paused)
    assert states_of(campaign).count("succeeded") == 4
    assert "The budget of 6 is used up" in campaign.pause_reason
    set_budget(actor=None, campaign=campaign, budget=9)
    resume_campaign(actor=None, campaign=campaign)
    wait_until(paused)
    assert (campaign.spent, states_of(campaign).count("succeeded")) == (9, 6)
    cancel_campaign(actor=None, campaign=campaign)
    until_ended(campaign)
    assert sorted(states_of(campaign)) == ["cancelled"] * 4 + ["succeeded"] * 6
    assert violations(stand) == []


def test_24_a_crash_is_paid_from_the_budget(stand):
    stand.backend(COST_PER_IMAGE="1")
    stand.beat()
    stand.worker()
    campaign = started("a knee, dies after", n=3, budget=4)

    def paused() -> bool:
        campaign.refresh_from_db()
        return campaign.state == Campaign.State.PAUSED and "running" not in states_of(campaign)

    wait_until(paused)
    assert campaign.spent == images_billed(campaign, stand) == 4
    cancel_campaign(actor=None, campaign=campaign)
    until_ended(campaign)
    assert states_of(campaign).count(State.SUCCEEDED) == 1
    assert violations(stand, crashes=3) == []
