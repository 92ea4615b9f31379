"""A campaign that is cancelled while its jobs wait, run and are being stored (21)."""

from generation.models import State
from generation.services import cancel_campaign
from tests.faults.campaigns import IMAGES, started
from tests.faults.invariants import violations
from tests.faults.stand import some, until_ended, wait_until
from tests.generation.campaigns import states_of


def test_21_cancelling_while_jobs_wait_makes_nothing(stand):
    campaign = started("a knee")
    cancel_campaign(actor=None, campaign=campaign)
    stand.beat()
    stand.worker()
    until_ended(campaign)
    assert states_of(campaign) == ["cancelled"] * IMAGES
    assert stand.calls() == []
    assert violations(stand) == []


def test_21_cancelling_while_a_job_runs_stops_it_at_its_next_step(stand):
    stand.backend(SECONDS=30)
    stand.beat()
    stand.worker()
    campaign = started("a knee")
    wait_until(lambda: some(State.RUNNING, campaign))
    cancel_campaign(actor=None, campaign=campaign)
    assert until_ended(campaign) < 10
    assert states_of(campaign) == ["cancelled"] * IMAGES
    assert violations(stand) == []


def test_21_cancelling_while_an_image_is_stored_keeps_it(stand):
    stand.beat()
    stand.worker(faults={"files written": "sleep 1"})
    campaign = started("a knee")
    wait_until(lambda: stand.reached("files written"))
    cancel_campaign(actor=None, campaign=campaign)
    until_ended(campaign)
    assert set(states_of(campaign)) == {"succeeded", "cancelled"}
    assert violations(stand) == []
