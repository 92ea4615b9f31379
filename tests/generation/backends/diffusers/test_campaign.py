"""Campaigns on tiny models, from the plan to what is stored."""

import pytest

from generation.services import cancel_campaign
from radrate.images.models import Radiograph
from tests.generation.backends.diffusers.asking import SIDE
from tests.generation.campaigns import job_of, outputs_of, run_all, running, states_of

pytestmark = [pytest.mark.long, pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]

PATH = "generation.backends.diffusers.DiffusersBackend"


@pytest.fixture
def sd(settings, models):
    """Configure the backend “sd” for one of the models."""

    def configure(name, **options):
        given = {"MODEL": str(models / name), "STEPS": 2, "DEVICE": "cpu", **options}
        settings.IMAGE_BACKENDS = {"sd": {"BACKEND": PATH, "OPTIONS": given}}

    return configure


def campaign(*prompts, n=2, **attrs):
    values = {"backend": "sd", "width": SIDE, "height": SIDE, "images_per_job": 2}
    return running(*prompts, n=n, **values | attrs)


def test_each_image_is_stored_with_what_made_it(sd):
    sd("plain")
    done = run_all(campaign(("a knee", {"steps": 3}), "a hand", n=3))
    assert states_of(done) == ["succeeded"] * 6
    first = outputs_of(done)[0].radiograph
    assert (first.origin, first.rows, first.columns) == ("synthetic", SIDE, SIDE)
    assert first.provenance["model"] == "plain"
    assert first.provenance["metadata"]["steps"] == 3
    assert len({output.radiograph.pixel_hash for output in outputs_of(done)}) == 6


def test_what_the_safety_checker_flags_is_counted_and_nothing_is_stored(sd):
    sd("checked")
    done = run_all(campaign("a knee"))
    assert states_of(done) == ["refused", "refused"]
    assert {output.reason_code for output in outputs_of(done)} == {"safety_checker"}
    assert not Radiograph.objects.exists()


def test_a_folder_that_is_not_there_fails_in_words(sd):
    sd("nowhere")
    done = run_all(campaign("a knee"))
    assert states_of(done) == ["failed", "failed"]
    output = outputs_of(done)[0]
    assert output.reason_code == "misconfigured"
    assert output.reason.startswith("MODEL: there is no folder ")


def test_a_cancelled_campaign_stops_its_job_within_a_step(sd, models, monkeypatch):
    from diffusers import UNet2DConditionModel

    calls = []
    forward = UNet2DConditionModel.forward
    sd("plain", STEPS=9)
    going = campaign("a knee")

    def cancelling(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            cancel_campaign(actor=None, campaign=going)
        return forward(self, *args, **kwargs)

    monkeypatch.setattr(UNet2DConditionModel, "forward", cancelling)
    run_all(going)
    assert len(calls) == 3
    assert states_of(going) == ["cancelled", "cancelled"]
    assert job_of(going).state == "cancelled"
