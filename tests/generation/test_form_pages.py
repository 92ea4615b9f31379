"""The pages on which a campaign is planned: presets, the form, and what it says beforehand."""

import io
import re
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from PIL import Image

from generation.models import Campaign
from generation.pictures import YELLOW
from generation.presets import list_presets
from radrate.images.models import Exposure
from radrate.images.services import set_embargo
from tests.factories.images import make_radiograph
from tests.generation.campaigns import finished, job_of
from tests.generation.conftest import SCRIPTED
from tests.generation.pages import form_data, text, url

pytestmark = pytest.mark.django_db


def test_the_new_page_has_every_preset_with_its_number_of_images(page):
    body = text(page.get(url("campaign_new")))
    for preset in list_presets():
        assert preset.title in body
        assert f"= {preset.images} images" in body


def test_the_form_of_a_preset_is_filled_in(page):
    address = url("campaign_form") + "?preset=phantom-defects"
    body = page.get(address).content.decode()
    assert "AP radiograph of the left knee | defect=missing_fibula" in body
    assert url("campaign_preview") in body


def test_an_unknown_preset_is_not_found(page):
    assert page.get(url("campaign_form") + "?preset=hips").status_code == 404


def test_the_preview_follows_the_form(page):
    told = text(page.post(url("campaign_preview"), form_data(n=3)))
    assert told.startswith("2 × 3 = 6 images")
    assert "not known yet" in told
    unknown = page.post(url("campaign_preview"), form_data(n="many"))
    assert "shows here once" in text(unknown)
    assert not Campaign.objects.exists()


def test_the_preview_knows_the_time_of_past_jobs_and_the_cost(page, settings):
    finished("a knee", "a hand", n=2)
    options = settings.IMAGE_BACKENDS["scripted"]["OPTIONS"] | {"COST_PER_IMAGE": "0.04"}
    settings.IMAGE_BACKENDS["scripted"] = {"BACKEND": SCRIPTED, "OPTIONS": options}
    told = text(page.post(url("campaign_preview"), form_data(n=50)))
    assert "Time about 50 s of one worker" in told
    assert "Cost 4" in told


def test_the_preview_says_what_stands_in_the_way(page):
    told = text(page.post(url("campaign_preview"), form_data(prompts="A knee\nA knee")))
    assert told == "The prompt “A knee” stands there twice."


def test_the_preview_of_edits_shows_each_source_as_it_would_be_edited(page, manager):
    source = make_radiograph()
    lines = "KNEE AP | region=knee joint\nTSPINE | region=centre"
    changes = {"operation": "inpaint", "targets": lines, "prompts": "An X-ray of the {region}"}
    answer = page.post(url("campaign_preview"), form_data(**changes))
    assert "1 × 2 = 2 images" in text(answer)
    assert "TSPINE | region=centre The library holds 0 of 1" in text(answer)
    assert "“scripted” does not offer this" in text(answer)
    (picture,) = re.findall(r'<img src="([^"]+)"', answer.content.decode())
    shown = page.get(unescape(picture))
    assert shown["Content-Type"] == "image/png"
    assert YELLOW in set(Image.open(io.BytesIO(shown.content)).convert("RGB").get_flattened_data())
    assert Exposure.objects.filter(user=manager, radiograph=source).exists()


@pytest.mark.parametrize("line", ["KNEE | right=0.5, top=2", "KNEE | random=0.2, seed=4"])
def test_a_source_is_pictured_with_what_would_be_added_or_erased(page, line):
    source = make_radiograph()
    address = url("target_picture", source.pk)
    picture = Image.open(io.BytesIO(page.get(address, {"line": line}).content))
    assert max(picture.size) <= 330
    assert YELLOW in set(picture.convert("RGB").get_flattened_data())
    assert page.get(address, {"line": "KNEE"}).status_code == 404


def test_a_picture_of_what_a_person_reads_blind_is_not_found(page, manager):
    source = make_radiograph()
    set_embargo(user=manager, ids=[source.pk], held_by=uuid4())
    address = url("target_picture", source.pk)
    assert page.get(address, {"line": "KNEE | right=1"}).status_code == 404


def test_the_form_plans_an_edit_with_all_that_goes_with_it(page, settings):
    settings.IMAGE_BACKENDS["painter"] = {
        "BACKEND": "tests.generation.backends.editors.Painter",
        "OPTIONS": {},
    }
    make_radiograph()
    page.post(
        url("campaign_form"),
        form_data(
            backend="painter",
            n=1,
            operation="outpaint",
            prompts="An X-ray of the {region}",
            targets="KNEE AP | right=0.5",
            parameters="candidates=2, strength=0.5",
            negative_prompt="text",
            content_filter="adams2023",
            budget="12.5",
        ),
    )
    campaign = Campaign.objects.get()
    assert campaign.operation == "outpaint"
    assert campaign.parameters == {"candidates": 2, "strength": 0.5}
    assert (campaign.negative_prompt, campaign.content_filter) == ("text", "adams2023")
    assert campaign.budget == Decimal("12.5")
    assert job_of(campaign).margins == [0, 0, 16, 0]


def test_the_form_plans_and_starts_a_campaign(page, manager):
    response = page.post(url("campaign_form") + "?preset=phantom-defects", form_data())
    campaign = Campaign.objects.get()
    assert response.url == url("campaign_detail", campaign.pk)
    assert (campaign.title, campaign.preset, campaign.seed) == ("Two knees", "phantom-defects", 5)
    assert (campaign.state, campaign.created_by) == (Campaign.State.RUNNING, manager)
    assert list(campaign.jobs.order_by("position").values_list("prompt", "params").distinct()) == [
        ("A knee", {}),
        ("A hand", {"defect": "extra_finger"}),
    ]


def test_the_form_can_keep_a_draft(page):
    page.post(url("campaign_form"), form_data(plan=""))
    assert Campaign.objects.get().state == Campaign.State.DRAFT


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prompts": "A knee | defect"}, "“defect” is not a parameter"),
        ({"prompts": "A knee\nA knee"}, "stands there twice"),
        ({"width": 999}, "a side of 999 px is not supported"),
        ({"n": 0}, "greater than or equal to 1"),
    ],
)
def test_the_form_says_what_cannot_be_planned_and_keeps_what_was_typed(page, changes, words):
    response = page.post(url("campaign_form"), form_data(**changes))
    assert response.status_code == 200
    assert words in text(response)
    assert "Two knees" in response.content.decode()
    assert not Campaign.objects.exists()
