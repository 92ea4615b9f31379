"""The command, with a thread standing in for the worker."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from generation import jobs, presets, runner
from generation.models import Campaign
from generation.presets import Preset
from generation.prompts import Prompt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Presets of the scripted backend: one that is made, one of which something fails."""
    prompts = {"knees": "a knee", "crashes": "crash"}
    made = {
        name: Preset(
            name=name,
            title=f"All {name}",
            description="For the test.",
            backend="scripted",
            width=32,
            height=32,
            n=2,
            seed=1,
            prompts=(Prompt(prompt), Prompt("refuse all")),
        )
        for name, prompt in prompts.items()
    }
    module = "generation.management.commands.run_campaign"
    monkeypatch.setattr(f"{module}.load_preset", lambda name: made[name])


@contextmanager
def worker() -> Iterator[None]:
    """Run whatever is due until the block ends."""
    done = Event()

    def work() -> None:
        while not done.wait(0.05):
            for pk in list(jobs.due().values_list("pk", flat=True)):
                runner.run(pk)
        connection.close()

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("run_campaign", *arguments, stdout=out)
    return out.getvalue()


def test_it_waits_until_the_campaign_has_ended_and_tells_the_outcomes():
    with worker():
        out = run("knees")
    assert out.splitlines()[-1] == "2 of 4 made, 2 refused"
    assert Campaign.objects.get().state == Campaign.State.FINISHED


def test_it_fails_when_an_image_failed():
    with worker(), pytest.raises(CommandError, match="2 images failed"):
        run("crashes")


def test_what_is_given_goes_before_the_preset():
    out = run("knees", "--no-wait", "--n=3", "--seed=9", "--size=64", "--title=Big knees")
    campaign = Campaign.objects.get()
    assert (campaign.width, campaign.height, campaign.seed) == (64, 64, 9)
    assert (campaign.title, campaign.preset, campaign.batch.requested) == ("Big knees", "knees", 6)
    assert out == f"Big knees: 6 images, campaign {campaign.pk}\n"


def test_it_says_what_is_wrong(monkeypatch):
    with pytest.raises(CommandError, match="Name a preset"):
        run()
    with pytest.raises(CommandError, match="no backend “dalle”"):
        run("knees", "--backend=dalle")
    module = "generation.management.commands.run_campaign"
    monkeypatch.setattr(f"{module}.load_preset", presets.load_preset)
    with pytest.raises(CommandError, match="no preset “hips”"):
        run("hips")
    assert not Campaign.objects.exists()


def test_it_lists_the_presets():
    assert "demo-regions: Views for the demonstration (22 images, phantom)" in run("--list")
