"""The backends page: what each can do and made, what was refused, and whether it is ready."""

import io
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from generation import reports
from generation.models import Campaign
from generation.pictures import YELLOW
from generation.targets import parse_targets
from radrate.images.models import Exposure
from radrate.images.services import set_embargo
from radrate.images.terms import body_part_in
from tests.factories.images import make_radiograph
from tests.generation.campaigns import finished, job_of, run_all, running
from tests.generation.conftest import SCRIPTED
from tests.generation.pages import text, url

pytestmark = pytest.mark.django_db


def test_refusals_are_counted_by_word_region_and_backend_with_their_denominator(manager):
    campaign = running("bleeding in the head", "a head", "a knee", n=2, content_filter="adams2023")
    run_all(campaign)
    finished("refuse all: a knee", n=3)
    rows = {
        (row.word, row.region): (row.refused, row.requested) for row in reports.refusals(manager)
    }
    assert rows == {
        ("bleeding", "SKULL"): (2, 4),
        ("bleed*", "SKULL"): (2, 4),
        ("violence", "KNEE"): (3, 5),
    }


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("An X-ray of the cervical spine", "CSPINE"),
        ("A CT image of the head with bleeding", "SKULL"),
        ("An MRI image of the knee", "KNEE"),
        ("a cat", ""),
    ],
)
def test_a_region_is_read_out_of_a_sentence(sentence, part):
    assert body_part_in(sentence) == part


def test_the_page_asks_as_often_for_many_campaigns_as_for_few(page):
    def asked():
        with CaptureQueriesContext(connection) as found:
            page.get(url("backend_list"))
        return len(found)

    finished("a knee")
    few = asked()
    for word in ("hand", "foot", "hip"):
        finished(f"a {word}", "refuse all", n=2)
    assert asked() == few


def test_the_page_shows_what_each_backend_can_and_made(page, settings):
    finished("a knee", "refuse all", "unsupported", "crash", n=2)
    settings.IMAGE_BACKENDS["broken"] = {
        "BACKEND": "tests.generation.scripted.UnbuildableBackend",
        "OPTIONS": {},
    }
    body = text(page.get(url("backend_list")))
    assert "scripted scripted-1 1.2 asking text to image" in body
    assert "8 2 2 2 2 0.5" in body
    assert "broken asking" in body


def test_health_is_told_in_words_for_each_backend(page, settings):
    path = "tests.generation.scripted"
    settings.IMAGE_BACKENDS = {
        "ready": {"BACKEND": SCRIPTED, "OPTIONS": {}},
        "unready": {"BACKEND": f"{path}.UnreadyBackend", "OPTIONS": {}},
        "broken": {"BACKEND": f"{path}.UnbuildableBackend", "OPTIONS": {}},
        "slow": {"BACKEND": SCRIPTED, "OPTIONS": {"TIME_LIMIT": "long"}},
    }
    told = {
        alias: text(page.get(url("backend_health", alias))) for alias in settings.IMAGE_BACKENDS
    }
    assert told["ready"] == "ready"
    assert told["unready"] == "the key is missing"
    assert "MODEL is required" in told["broken"]
    assert "TIME_LIMIT" in told["slow"]
    assert page.get(url("backend_health", "other")).status_code == 404


@pytest.fixture
def edited(settings):
    settings.IMAGE_BACKENDS["painter"] = {
        "BACKEND": "tests.generation.backends.editors.Painter",
        "OPTIONS": {"COST_PER_IMAGE": 1},
    }
    source = make_radiograph()
    campaign = running(
        "{region}",
        n=2,
        operation="inpaint",
        backend="painter",
        width=64,
        targets=parse_targets("KNEE | region=centre\nHAND | region=centre"),
        budget=Decimal(1),
    )
    return source, run_all(campaign)


def test_a_campaign_of_edits_shows_each_source_what_found_none_and_why_it_paused(page, edited):
    _source, campaign = edited
    body = page.get(url("campaign_detail", campaign.pk))
    assert url("job_picture", campaign.jobs.get(batch_number=0).pk) in body.content.decode()
    told = text(body)
    assert "HAND | region=centre The library holds 0 of 1" in told
    assert "The budget of 1 is used up" in told
    assert "1 spent of 1" in told
    picture = page.get(url("job_picture", campaign.jobs.get(batch_number=0).pk))
    pixels = np.asarray(Image.open(io.BytesIO(picture.content)).convert("RGB"))
    assert (pixels == YELLOW).all(-1).any()


def test_a_source_that_a_person_reads_blind_is_not_pictured(page, manager, edited):
    source, campaign = edited
    set_embargo(user=manager, ids=[source.pk], held_by=campaign.pk)
    assert page.get(url("job_picture", campaign.jobs.get(batch_number=0).pk)).status_code == 404


def test_a_new_budget_lets_the_campaign_go_on(page, edited):
    _source, campaign = edited
    told = page.post(url("campaign_budget", campaign.pk), {"budget": "0.5"}, follow=True)
    assert "1 are spent already" in text(told)
    told = page.post(url("campaign_budget", campaign.pk), {"budget": "much"}, follow=True)
    assert "A budget is a number" in text(told)
    page.post(url("campaign_budget", campaign.pk), {"budget": "5"})
    campaign.refresh_from_db()
    assert (campaign.state, campaign.budget) == (Campaign.State.RUNNING, 5)
    run_all(campaign)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FINISHED


def test_a_job_without_a_source_has_no_picture(page):
    campaign = finished("a knee")
    assert page.get(url("job_picture", job_of(campaign).pk)).status_code == 404


@pytest.mark.parametrize("name", ["campaign_detail", "campaign_figures_pdf", "campaign_ledger"])
def test_a_person_who_reads_a_source_blind_sees_nothing_of_its_edits(page, manager, edited, name):
    source, campaign = edited
    assert page.get(url(name, campaign.pk)).status_code == 200
    set_embargo(user=manager, ids=[source.pk], held_by=campaign.pk)
    assert page.get(url(name, campaign.pk)).status_code == 403


def test_the_page_counts_nothing_of_a_campaign_that_a_person_reads_blind(page, manager):
    campaign = finished("a knee", "refuse all: a knee", n=2)
    assert "violence" in text(page.get(url("backend_list")))
    ids = campaign.batch.radiographs.values_list("pk", flat=True)
    set_embargo(user=manager, ids=ids, held_by=campaign.pk)
    assert "violence" not in text(page.get(url("backend_list")))
    assert reports.backends(manager)[0].requested == 0


def test_a_picture_that_is_fetched_alone_is_remembered_as_seen(page, manager, edited):
    source, campaign = edited
    page.get(url("job_picture", campaign.jobs.get(batch_number=0).pk))
    assert Exposure.objects.filter(user=manager, radiograph=source).exists()
