"""The main job in a real browser, with a real worker: from films to the numbers."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from radrate.images.models import Radiograph
from radrate.studies.models import Assignment, ReaderStudy
from tests.e2e.entering import start
from tests.e2e.films import films
from tests.e2e.rooms import all_sent
from tests.factories.people import make_user
from tests.factories.studies import reference_label

pytestmark = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
]

SCALES = ("anatomy", "joints", "trabeculae", "collimation", "view", "realism")
FIELDS = [*((key, side) for key in SCALES for side in "AB"), ("real_side", ""), ("confidence", "")]


def import_films(page: Page, paths: list[Path], manifest: Path) -> None:
    page.goto("/radiographs/import/")
    page.get_by_label("Images").set_input_files([str(path) for path in paths])
    page.get_by_label("Manifest").set_input_files(str(manifest))
    page.get_by_role("button", name="Import").click()
    page.wait_for_url(re.compile("/radiographs/batches/"))
    expect(page.get_by_role("link", name="Review them")).to_be_visible(timeout=90_000)
    assert Radiograph.objects.filter(state="pending_review").count() == len(paths)


def confirm_review(page: Page) -> None:
    page.get_by_role("link", name="Review them").click()
    while page.locator("input[name=selected]").count():
        page.get_by_label("All on this page").check()
        page.get_by_role("button", name="Confirm: no identity can be read").click()
        page.wait_for_load_state()
    expect(page.get_by_text("No image waits for review.")).to_be_visible()
    assert not Radiograph.objects.filter(state="pending_review").exists()


def run_campaign(page: Page) -> None:
    page.goto("/campaigns/new/")
    page.get_by_role("link", name="Views for the demonstration").click()
    page.get_by_label("Title").fill("Phantoms against films")
    page.get_by_label("Images each").fill("1")
    page.get_by_label("Width in px").fill("512")
    page.get_by_label("Height in px").fill("512")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}/"))
    expect(page.get_by_text("11 of 11").first).to_be_visible(timeout=120_000)
    assert Radiograph.objects.filter(origin="simulated").count() == 11


def open_study(page: Page) -> ReaderStudy:
    page.goto("/studies/new/")
    page.get_by_label("Name").fill("Can readers tell phantoms?")
    page.get_by_label("Phantoms against films").check()
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url(re.compile(r"/studies/[0-9a-f-]{36}/"))
    page.get_by_label("User name of the reader").fill("reader1")
    page.get_by_role("button", name="Add reader").click()
    page.get_by_role("button", name="Lock the protocol").click()
    page.get_by_role("button", name="Open for reading").click(timeout=90_000)
    expect(page.get_by_role("button", name="Close the study")).to_be_visible()
    return ReaderStudy.objects.get()


def answers_for(position: int) -> list[int | None]:
    """Fourteen answers that differ from case to case; one n/a each."""
    scores: list[int | None] = [(position * 7 + k * 3) % 5 + 1 for k in range(12)]
    scores[position % 10] = None
    return [*scores, position % 2 + 1, position % 5 + 1]


def rate(page: Page, position: int) -> None:
    expect(page.locator(".pane img").first).to_be_visible()
    expect(page.locator("#place")).to_contain_text(f"Case {position} of")
    before = page.url
    for answer in answers_for(position):
        page.keyboard.press("n" if answer is None else str(answer))
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)


def read_six(page: Page) -> Page:
    """Six pairs by the keyboard alone; after the third the tab is closed and opened again."""
    page.keyboard.press("Tab")
    page.goto("/reading/")
    page.get_by_role("link", name="Start").press("Enter")
    page.get_by_label("years of experience").fill("12")
    page.get_by_label("specialty").select_option("radiology")
    page.get_by_role("button", name="I agree and take part").press("Enter")
    page.wait_for_url(re.compile("/instructions/"))
    start(page)
    for position in (1, 2, 3):
        rate(page, position)
    all_sent(page)
    context = page.context
    page.close()
    page = context.new_page()
    start(page)
    for position in (4, 5, 6):
        rate(page, position)
    all_sent(page)
    return page


def close_and_download(page: Page, study: ReaderStudy) -> list[dict[str, str]]:
    page.goto(f"/studies/{study.pk}/")
    page.get_by_role("button", name="Close the study").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Ratings as CSV").click()
    with Path(download.value.path()).open(newline="") as file:
        return list(csv.DictReader(file))


def unblind(page: Page, study: ReaderStudy) -> list[dict[str, str]]:
    page.get_by_label("Why is it unblinded?").fill("Analysis")
    page.get_by_role("button", name="Unblind").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Ratings as CSV").click()
    with Path(download.value.path()).open(newline="") as file:
        return list(csv.DictReader(file))


def test_from_films_to_a_csv_that_equals_what_was_pressed(worker, login, tmp_path):
    make_user(username="manager", is_manager=True)
    make_user(username="reader1")
    manager = login("manager")
    import_films(manager, *films(tmp_path))
    confirm_review(manager)
    run_campaign(manager)
    study = open_study(manager)
    pairs = study.cases.count()
    assert pairs >= 6

    read_six(login("reader1"))

    rows = close_and_download(manager, study)
    pressed = {
        (position, key, side): answer
        for position in range(1, 7)
        for (key, side), answer in zip(FIELDS, answers_for(position), strict=True)
    }
    saved = {
        (int(row["position"]), row["criterion"], row["image"]): int(row["value"])
        if row["value"]
        else None
        for row in rows
    }
    assert saved == pressed
    assert {row["image_origin"] for row in rows} == {""}

    own = Assignment.objects.filter(study_reader__user__username="reader1")
    sides = {one.position: reference_label(one) for one in own}
    for row in unblind(manager, study):
        if row["image"]:
            is_reference = row["image"] == sides[int(row["position"])]
            assert row["image_origin"] == ("real" if is_reference else "simulated")
