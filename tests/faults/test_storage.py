"""A database that restarts in the midst of it, and a disk that is full (13, 20)."""

import os
import signal
import subprocess

import pytest

from generation.models import Campaign, State
from generation.services import resume_campaign
from tests.faults.campaigns import IMAGES, started
from tests.faults.invariants import images_billed, violations
from tests.faults.stand import some, until_ended, wait_until
from tests.generation.campaigns import states_of


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_13_a_database_that_restarts_while_an_image_is_stored_costs_no_call(stand, how):
    stand.backend(LEASE_SECONDS=30)
    stand.beat()
    stand.worker(faults={"files written": "sleep 3"})
    campaign = started("a knee")
    wait_until(lambda: stand.reached("files written"))
    stand.restart_postgres(how)
    until_ended(campaign)
    assert states_of(campaign) == ["succeeded"] * IMAGES
    assert images_billed(campaign, stand) == IMAGES
    assert violations(stand) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small tmpfs")
def test_20_a_full_disk_stops_the_campaign_before_more_is_paid_for(stand):
    stand.media.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(stand.media)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    try:
        stand.backend(COST_PER_IMAGE="1")
        stand.beat()
        stand.worker()
        campaign = started("a knee", n=40, images_per_job=1, budget=100)

        def paused() -> bool:
            campaign.refresh_from_db()
            return campaign.state == Campaign.State.PAUSED and not some(State.RUNNING, campaign)

        wait_until(paused)
        assert "No space left on device" in campaign.pause_reason
        made = states_of(campaign).count("succeeded")
        assert 0 < made < 40
        lost = images_billed(campaign, stand) - made
        assert lost <= 2
        assert campaign.spent == made + lost
        subprocess.run(["mount", "-o", "remount,size=8m", str(stand.media)], check=True)
        resume_campaign(actor=None, campaign=campaign)
        until_ended(campaign)
        assert states_of(campaign) == ["succeeded"] * 40
        assert violations(stand, crashes=lost) == []
    finally:
        stand.end()
        subprocess.run(["umount", str(stand.media)], check=True)
