"""Every design is built through the pages, from nothing to a locked protocol."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from radrate.studies import locking
from radrate.studies.models import ReaderStudy
from tests.factories.people import make_user
from tests.factories.studies import make_campaign_batch, make_references

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Built:
    """A design as it is chosen on the page, how many campaigns it takes, and what is found for
    eight images of each among sixteen references."""

    design: str
    name: str
    campaigns: int
    cases: int


PAIR = Built("pair", "Pair", 1, 8)
OTHERS = [
    Built("single", "Single image", 1, 16),
    Built("multiple", "Three or four", 3, 8),
    Built("preference", "Preference", 2, 8),
    Built("rating", "Rating only", 1, 16),
    Built("find_edit", "Find the edit", 1, 8),
]


@pytest.fixture
def manager(transactional_db):
    return make_user(username="manager", is_manager=True)


def make_library(campaigns: int, **attrs) -> None:
    make_references(n=16)
    for k in range(campaigns):
        batch = make_campaign_batch(n=8, **attrs)
        batch.title = f"Model {k + 1}"
        batch.save(update_fields=["title"])


def begin(page: Page, built: Built) -> None:
    """Three decisions: a name, the campaigns, a design."""
    page.goto("/studies/new/")
    page.get_by_label("Name").fill(f"Built: {built.design}")
    for box in page.locator("[name=batches]").all():
        box.check()
    page.get_by_role("radio", name=re.compile(f"^{built.name}")).check()
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url("**/studies/*-*/")


def lock(page: Page) -> ReaderStudy:
    """As the page asks for it, and as a worker does it."""
    page.get_by_role("button", name="Lock the protocol").click()
    expect(page.locator(".locking")).to_be_visible()
    locking.lock_protocol(study_id=ReaderStudy.objects.get().pk)
    study = ReaderStudy.objects.get()
    assert study.state == "locked", study.problem
    return study


def build(page: Page, built: Built) -> None:
    begin(page, built)
    expect(page.locator(".phase")).to_contain_text(str(built.cases))
    expect(page.locator(".findings.error")).to_have_count(0)
    page.get_by_role("link", name="Edit phase 1").click()
    page.get_by_label("Title").fill("Reading")
    page.get_by_label("What readers are told").fill("Take your time.")
    page.get_by_role("button", name="Save the phase").click()
    expect(page.locator(".phase h3")).to_have_text("1 · Reading")
    page.get_by_role("link", name="Preview phase 1").click()
    expect(page.locator(".panes figure")).to_have_count(
        ReaderStudy.objects.get().phases.get().images
    )
    expect(page.locator("#preview .criterion").first).to_be_visible()
    page.go_back()
    study = lock(page)
    phase = study.phases.get()
    assert (phase.design, phase.title, phase.told) == (built.design, "Reading", "Take your time.")
    assert phase.cases.count() == built.cases
    assert study.readers.count() == 3  # places, whoever takes them


def test_a_pair_study_is_three_decisions(manager, login):
    make_library(1)
    build(login("manager"), PAIR)


@pytest.mark.long
@pytest.mark.parametrize("built", OTHERS, ids=lambda built: built.design)
def test_a_study_of_each_other_design_is_built(manager, login, built):
    attrs = {"edited_region": "regions/x.png", "edited_share": 0.1}
    make_library(built.campaigns, **attrs if built.design == "find_edit" else {})
    build(login("manager"), built)


def test_a_published_study_begins_with_its_phases_and_more_are_added_moved_and_removed(
    manager, login
):
    make_library(1)
    page = login("manager")
    page.goto("/studies/new/")
    page.get_by_role("link", name="Unaware, then informed").click()
    page.get_by_label("Name").fill("Unaware")
    page.locator("[name=batches]").check()
    page.get_by_role("button", name="Make the draft").click()
    titles = page.locator(".phase h3")
    expect(titles).to_have_text(["1 · Quality", "2 · Real or generated"])
    expect(page.locator(".phase").nth(1)).to_contain_text("those of phase 1 again")
    page.get_by_role("button", name="Move phase 2 up").click()
    expect(page.locator(".message")).to_contain_text("earlier phase")
    page.get_by_role("link", name="Add a phase").click()
    page.get_by_role("radio", name=re.compile("^Pair")).check()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="Save the phase").click()
    expect(page.locator(".findings.error")).to_contain_text("Phase 3:")
    page.get_by_role("button", name="Remove phase 3").click()
    expect(titles).to_have_text(["1 · Quality", "2 · Real or generated"])
    study = lock(page)
    unaware, informed = study.phases.all()
    images = [
        set(phase.cases.values_list("images__radiograph", flat=True))
        for phase in (unaware, informed)
    ]
    assert images[0] == images[1] != set()


def test_a_study_is_copied_into_a_new_draft(manager, login):
    make_library(1)
    page = login("manager")
    begin(page, PAIR)
    page.get_by_role("link", name="Copy").click()
    page.get_by_label("Name of the copy").fill("Once more")
    page.get_by_label("Campaigns").uncheck()
    page.get_by_role("button", name="Copy into a new draft").click()
    expect(page.get_by_role("heading", name="Once more")).to_be_visible()
    expect(page.locator(".findings.error")).to_contain_text("No campaign is under test")
    page.locator(".findings").get_by_role("link", name="Settings").click()
    page.locator("[name=batches]").check()
    page.get_by_role("button", name="Save the settings").click()
    expect(page.locator(".findings.error")).to_have_count(0)
