"""Images made elsewhere, in a real browser with a real worker: from a zip to the campaign."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from generation.models import Campaign
from tests.factories.people import make_user
from tests.generation.archive.making import made, told, zipped

pytestmark = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
]


def archive(folder: Path) -> Path:
    folder.mkdir()
    made(folder, "1.png", "2.png", "extra.png")
    lines = ["1.png,a knee,", "2.png,a knee,", ",a bleeding head,refused"]
    return zipped(told(folder, "filename,prompt,outcome", *lines))


def test_a_zip_becomes_a_campaign_before_the_manager_s_eyes(worker, login, tmp_path):
    make_user(username="manager", is_manager=True)
    source = archive(tmp_path / "dalle2")
    page = login("manager")
    page.goto("/campaigns/new/")
    page.get_by_role("link", name="Import images made elsewhere").click()
    page.get_by_label("Name of the campaign").fill("DALL-E 2")
    page.get_by_label("Archive", exact=True).set_input_files(str(source))
    page.get_by_role("button", name="Import").click()
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}/"), timeout=60_000)
    expect(page.get_by_role("heading", name="DALL-E 2")).to_be_visible()
    expect(page.get_by_text("2 of 3").first).to_be_visible()
    expect(page.locator(".tile.succeeded img")).to_have_count(2)
    page.get_by_role("link", name="Import report").click()
    expect(page.get_by_text("not in the manifest")).to_be_visible()
    assert Campaign.objects.get().state == "finished"


def test_an_archive_that_was_imported_is_told_beside_its_box_without_another_page(
    worker, login, tmp_path
):
    make_user(username="manager", is_manager=True)
    source = archive(tmp_path / "dalle2")
    page = login("manager")
    for time in range(2):
        page.goto("/campaigns/archive/")
        page.get_by_label("Name of the campaign").fill("DALL-E 2")
        page.get_by_label("Archive", exact=True).set_input_files(str(source))
        page.get_by_role("button", name="Import").click()
        if not time:
            page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}/"), timeout=60_000)
    expect(page.get_by_text("as “DALL-E 2”")).to_be_visible()
    assert page.url.endswith("/campaigns/archive/")
