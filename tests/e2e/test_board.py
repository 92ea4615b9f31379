"""A reader reports a problem from the room, and the manager deals with it on the board."""

import re

import pytest
from playwright.sync_api import Page, expect

from radrate.reading.models import Rating
from radrate.studies.board.models import ProblemHandling, ProblemReport
from tests.factories.boards import answer_in_bulk, reopen
from tests.factories.people import make_user
from tests.factories.studies import make_open_study

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def study(transactional_db):
    manager = make_user(username="manager", is_manager=True)
    people = (make_user(username="reader1"), make_user(username="reader2"))
    return make_open_study(manager=manager, readers=people, n=4)


def enter_room(page: Page, study) -> None:
    token = study.readers.first().assignments.order_by("position").first().token
    page.goto(f"/reading/case/{token}/")
    expect(page.locator(".pane img").first).to_be_visible()


def wait_for_reports(page: Page, count: int) -> None:
    for _ in range(50):
        if ProblemReport.objects.count() == count:
            return
        page.wait_for_timeout(100)
    assert ProblemReport.objects.count() == count


def test_a_problem_travels_from_the_room_to_the_board(study, login):
    reader = login("reader1")
    enter_room(reader, study)
    reader.locator(".topbar").get_by_role("button", name="Report a problem").click()
    dialog = reader.get_by_role("dialog", name="Report a problem")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Something is displayed wrongly").check()
    reader.keyboard.press("2")  # no key of the room acts while the dialog is open
    reader.keyboard.press("i")
    dialog.get_by_label("What happened?").fill("A grey veil 3 over image A?")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_have_text(
        "Thank you. The manager of the reading sees it."
    )
    reader.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert "/case/" in reader.url
    expect(reader.locator("#criteria input:checked")).to_have_count(0)
    report = ProblemReport.objects.get()
    assert (report.viewport_width, report.viewport_height) == (1440, 900)
    assert report.browser.startswith("Chrome")
    assert Rating.objects.count() == 0

    board = login("manager")
    board.goto(f"/studies/{study.pk}/")
    board.get_by_role("link", name="Board").click()
    expect(board.get_by_text("A grey veil 3 over image A?")).to_be_visible()
    board.get_by_label("Note").fill("Monitor looked at")
    board.get_by_role("button", name="Mark as handled").click()
    expect(board.get_by_text("Monitor looked at")).to_be_visible()
    assert ProblemHandling.objects.get().report == report


def test_a_report_waits_for_the_network_and_is_sent_once(study, login):
    page = login("reader1")
    enter_room(page, study)
    tried = []

    def fail_once(route):
        tried.append(route.request.post_data)
        if len(tried) == 1:
            route.fetch()  # it arrives, and the answer is lost
            route.abort()
        else:
            route.continue_()

    page.route("**/problem", fail_once)
    page.locator(".topbar").get_by_role("button", name="Report a problem").click()
    page.get_by_label("An image does not load").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#problem-state")).to_contain_text("Not sent yet")
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    page.get_by_role("button", name="Close").last.click()
    page.keyboard.press("3")  # the reading goes on meanwhile
    expect(page.locator("#criteria input:checked")).to_have_count(1)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for_reports(page, 1)
    expect(page.locator("#problem-state")).to_contain_text("Thank you")
    assert len(tried) == 2
    assert tried[0] == tried[1]


def test_on_a_telephone_the_way_is_through_the_keys(study, login):
    page = login("reader1")
    page.set_viewport_size({"width": 390, "height": 844})
    enter_room(page, study)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("dialog", name="Keys").get_by_role("button", name="Report a problem").click()
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    kind = page.get_by_label("There is text on an image")
    kind.check()
    assert kind.bounding_box()["width"] == 18  # it is seen
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#problem-state")).to_contain_text("Thank you")


def test_something_else_needs_words(study, login):
    page = login("reader1")
    enter_room(page, study)
    page.locator(".topbar").get_by_role("button", name="Report a problem").click()
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#problem-text:invalid")).to_have_count(1)
    assert ProblemReport.objects.count() == 0


def test_the_board_refreshes_itself_and_keeps_what_is_typed(study, login):
    ProblemReport.objects.create(
        study_reader=study.readers.first(),
        assignment=study.readers.first().assignments.first(),
        kind="display",
        text="",
        viewport_width=1,
        viewport_height=1,
        pixel_ratio=1,
        browser="other",
    )
    page = login("manager")
    page.goto(f"/studies/{study.pk}/board/")
    expect(page.locator("dl.facts dd").first).to_have_text("0 of 8")
    page.get_by_label("Note").fill("half a sentence")
    answer_in_bulk(study.readers.first(), count=3)
    expect(page.locator("dl.facts dd").first).to_have_text("3 of 8", timeout=40_000)
    expect(page.get_by_label("Note")).to_have_value("half a sentence")
    page.get_by_role("link", name="Let it stand still").click()
    page.wait_for_url(re.compile(r"\?still"))
    expect(page.locator("[hx-get]")).to_have_count(0)


def test_a_reader_who_is_behind_is_reminded_from_the_board(study, login, mailoutbox):
    reopen(study, days_ago=9)
    answer_in_bulk(study.readers.first(), count=1)
    page = login("manager")
    page.goto(f"/studies/{study.pk}/board/")
    page.get_by_role("button", name="Remind the one who is behind").click()
    expect(page.get_by_text("1 reminder was sent.")).to_be_visible()
    expect(page.get_by_role("button", name="Remind the")).to_have_count(0)
    assert [one.to for one in mailoutbox] == [["reader2@example.org"]]


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_no_page_scrolls_sideways(study, login, width, height):
    answer_in_bulk(study.readers.first(), count=3, comment="odd " * 60)
    page = login("manager")
    page.set_viewport_size({"width": width, "height": height})
    for path in ("board/", "machines/"):
        page.goto(f"/studies/{study.pk}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
