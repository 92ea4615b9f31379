"""Managers' pages of campaigns: who may, and what they show."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from generation import jobs
from generation.models import Campaign, Output, State
from generation.presets import list_presets
from radrate.images.models import Exposure, Radiograph
from radrate.images.services import lift_embargo, set_embargo
from tests.generation.campaigns import SIDE, finished, outputs_of, plan, run_all, running, states_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def url(name: str, *args: object) -> str:
    return reverse(name, args=args)


def text(response) -> str:
    """What a person reads: no tags, one space between words."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def form_data(**changes) -> dict:
    values = {
        "title": "Two knees",
        "backend": "scripted",
        "prompts": "A knee\nA hand | defect=extra_finger",
        "n": 2,
        "width": SIDE,
        "height": SIDE,
        "seed": 5,
    }
    return values | changes


# Who may ------------------------------------------------------------------------------------


def every_url(campaign: Campaign) -> list[tuple[str, str]]:
    return [
        ("get", url("campaign_list")),
        ("get", url("campaign_home_fragment")),
        ("get", url("campaign_new")),
        ("get", url("campaign_form")),
        ("post", url("campaign_form")),
        ("post", url("campaign_count")),
        ("get", url("campaign_detail", campaign.pk)),
        ("get", url("campaign_fragment", campaign.pk)),
        ("post", url("campaign_action", campaign.pk, "cancel")),
    ]


def test_a_reader_is_refused_everywhere_and_changes_nothing(client, reader):
    campaign = running("a knee")
    client.force_login(reader)
    for method, address in every_url(campaign):
        assert getattr(client, method)(address).status_code == 403, address
    assert states_of(campaign) == ["queued"]


def test_a_stranger_is_sent_to_the_login(client):
    campaign = running("a knee")
    for method, address in every_url(campaign):
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))
    assert states_of(campaign) == ["queued"]


def test_a_manager_who_reads_its_images_blind_is_kept_out_until_then(page, manager):
    campaign = finished("a knee")
    holder = uuid4()
    set_embargo(user=manager, ids=Radiograph.objects.values_list("pk", flat=True), held_by=holder)
    for name in ("campaign_detail", "campaign_fragment"):
        response = page.get(url(name, campaign.pk))
        assert response.status_code == 403
        assert "You read images of this campaign blind" in text(response)
    assert "<img" not in page.get(url("campaign_list")).content.decode()
    assert not Exposure.objects.exists()
    lift_embargo(held_by=holder)
    assert page.get(url("campaign_detail", campaign.pk)).status_code == 200


def test_whoever_opens_a_gallery_is_remembered_as_having_seen_it(page, manager):
    campaign = finished("a knee", n=2)
    page.get(url("campaign_detail", campaign.pk))
    seen = Exposure.objects.filter(user=manager).values_list("radiograph", flat=True)
    assert set(seen) == {output.radiograph_id for output in outputs_of(campaign)}


def test_a_step_needs_the_token_of_the_form(manager):
    campaign = running("a knee")
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    assert client.post(url("campaign_action", campaign.pk, "cancel")).status_code == 403
    assert states_of(campaign) == ["queued"]


def test_a_step_is_not_taken_by_a_link(page):
    campaign = running("a knee")
    assert page.get(url("campaign_action", campaign.pk, "cancel")).status_code == 405


# What they show -----------------------------------------------------------------------------


def test_without_a_campaign_the_list_says_what_to_do(page):
    assert "No campaign yet." in text(page.get(url("campaign_list")))


def test_the_list_has_states_counts_and_the_first_images(page):
    campaign = finished("a knee", "refuse all", n=4)
    body = page.get(url("campaign_list"))
    assert "finished 4 of 8 4 refused" in text(body)
    shown = re.findall(r'<img src="([^"]+)"', body.content.decode())
    assert shown == [
        url("image_thumbnail", output.radiograph_id) for output in outputs_of(campaign)[:4]
    ]


def test_the_home_page_shows_what_runs_before_what_has_ended(page):
    assert "There are no campaigns yet." in text(page.get(url("campaign_home_fragment")))
    running("a knee", title="Waiting knees")
    finished("a hand", "refuse all")
    assert text(page.get(url("campaign_home_fragment"))) == (
        "Waiting knees running, 0 of 1 made Knees finished, 1 of 2 made 1 refused"
    )


def test_the_new_page_has_every_preset_with_its_number_of_images(page):
    body = text(page.get(url("campaign_new")))
    for preset in list_presets():
        assert preset.title in body
        assert f"= {preset.images} images" in body


def test_the_form_of_a_preset_is_filled_in(page):
    address = url("campaign_form") + "?preset=phantom-defects"
    body = page.get(address).content.decode()
    assert "AP radiograph of the left knee | defect=missing_fibula" in body
    assert "32 images will be asked for." in body


def test_an_unknown_preset_is_not_found(page):
    assert page.get(url("campaign_form") + "?preset=hips").status_code == 404


def test_the_number_of_images_follows_the_form(page):
    counted = page.post(url("campaign_count"), form_data(n=3))
    assert text(counted) == "6 images will be asked for."
    unknown = page.post(url("campaign_count"), form_data(n="many"))
    assert "shows here once" in text(unknown)
    assert not Campaign.objects.exists()


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


def test_a_finished_campaign_shows_every_output_in_its_place(page):
    campaign = finished("a knee", "refuse all", "unsupported", "crash", n=2)
    response = page.get(url("campaign_detail", campaign.pk))
    body = text(response)
    assert "Made 2 of 8 Refused 2 Unsupported 2 Failed 2" in body
    assert body.count("refused the filter does not like “bleeding”") == 2
    assert body.count("unsupported there is no ankle") == 2
    assert body.count("failed RuntimeError: a bug of the backend") == 2
    html = response.content.decode()
    for output in outputs_of(campaign)[:2]:
        assert url("image_thumbnail", output.radiograph_id) in html
        assert url("image_detail", output.radiograph_id) in html
    assert "hx-get" not in html


def test_a_running_campaign_polls_and_shows_progress(page):
    campaign = running("a knee", n=3)
    job = jobs.claim(campaign.jobs.first().pk, lease_s=60)
    jobs.report(job, fraction=0.62, lease_s=60)
    response = page.get(url("campaign_detail", campaign.pk))
    assert "running 62 %" in text(response)
    assert "Running 1 Queued 2" in text(response)
    assert 'hx-trigger="every 2s"' in response.content.decode()


def test_the_fragment_is_only_the_part_that_changes(page):
    campaign = running("a knee")
    response = page.get(url("campaign_fragment", campaign.pk) + "?state=running")
    assert response.content.decode().lstrip().startswith('<div id="progress"')


def test_the_page_redraws_itself_when_the_state_changed(page):
    campaign = finished("a knee")
    response = page.get(url("campaign_fragment", campaign.pk) + "?state=running")
    assert response.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("draft", ["start", "cancel"]),
        ("running", ["pause", "cancel", "retry"]),
        ("paused", ["resume", "cancel", "retry"]),
        ("finished", ["retry"]),
        ("cancelled", []),
    ],
)
def test_the_buttons_are_those_that_the_state_allows(page, state, buttons):
    campaign = finished("crash")
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    if state == "draft":
        Output.objects.update(state=State.QUEUED)
    html = page.get(url("campaign_detail", campaign.pk)).content.decode()
    assert re.findall(rf'action="{url("campaign_detail", campaign.pk)}(\w+)/"', html) == buttons


def test_the_buttons_do_what_they_say(page):
    campaign = plan("crash")
    for action, state in [
        ("start", "running"),
        ("pause", "paused"),
        ("resume", "running"),
    ]:
        page.post(url("campaign_action", campaign.pk, action))
        campaign.refresh_from_db()
        assert campaign.state == state
    run_all(campaign)
    page.post(url("campaign_action", campaign.pk, "retry"))
    assert states_of(campaign) == ["queued"]
    page.post(url("campaign_action", campaign.pk, "cancel"))
    assert states_of(campaign) == ["cancelled"]


def test_a_step_that_no_longer_fits_is_said_on_the_page(page):
    campaign = finished("a knee")
    response = page.post(url("campaign_action", campaign.pk, "pause"), follow=True)
    assert "This campaign is finished and cannot become paused." in text(response)


def test_an_unknown_step_or_campaign_is_not_found(page):
    campaign = plan("a knee")
    assert page.post(url("campaign_action", campaign.pk, "explode")).status_code == 404
    assert page.get(url("campaign_detail", uuid4())).status_code == 404


def test_nothing_inline_that_the_content_policy_forbids(page):
    campaign = finished("a knee", "crash")
    for address in (
        url("campaign_list"),
        url("campaign_new"),
        url("campaign_form"),
        url("campaign_detail", campaign.pk),
    ):
        html = page.get(address).content.decode()
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script>", html), address
