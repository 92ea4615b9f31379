"""The display check and the trail in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from radrate.reading import trails
from radrate.reading.display import GROUNDS, STEPS
from radrate.reading.models import DisplayCheck, Trail
from tests.e2e.test_reading_room import press, rate, start
from tests.e2e.test_viewer import grey, middle
from tests.factories.people import make_user
from tests.factories.readers import introduce
from tests.factories.studies import make_open_study

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWERS = "5 1 4 2 3 3 2 4 4 4 5 5 2 4"


@pytest.fixture
def study(transactional_db):
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    study = make_open_study(manager=manager, readers=(reader,), block_size=2, n=4, admitted=False)
    introduce(study.readers.get())
    return study


def squares(page: Page) -> list[list[int]]:
    """The step that the screen shows in each field of each row."""
    rows = []
    for ground in GROUNDS:
        row = []
        for canvas in page.locator(f"#row-{ground} canvas").all():
            field = grey(canvas.screenshot())
            side = field.shape[0]
            row.append(int(abs(field[side // 2, side // 2] - field[side // 2, side // 6])))
        rows.append(row)
    return rows


def test_by_keys_alone_what_is_seen_is_told_and_kept_with_the_screen(study, login):
    page = login("reader1")
    page.goto(f"/reading/{study.readers.get().token}/display/")
    expect(page.locator(".field")).to_have_count(15)
    shown = squares(page)
    assert [sorted(row) for row in shown] == [sorted(STEPS)] * 3
    for row in shown:
        for number, step in enumerate(row, start=1):
            if step:
                page.keyboard.press(str(number))
        page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/case/"))
    check = DisplayCheck.objects.get()
    assert [patch["step"] for patch in check.patches] == [step for row in shown for step in row]
    assert all(patch["seen"] == (patch["step"] > 0) for patch in check.patches)
    assert (check.viewport_width, check.viewport_height, check.pixel_ratio) == (1440, 900, 1)
    assert check.screen_width >= 1 and check.colour_depth >= 8 and check.duration_ms > 0


def test_by_pointer_a_poor_screen_is_told_what_helps_and_goes_on(study, login):
    page = login("reader1")
    page.goto(f"/reading/{study.readers.get().token}/display/")
    for ground, row in zip(GROUNDS, squares(page), strict=True):
        for number, step in enumerate(row):
            if step and ground != "dark":
                page.locator(f"#row-{ground} .field").nth(number).click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(re.compile("Dim the room"))).to_be_visible()
    expect(page.locator(".remark")).to_have_count(1)
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url(re.compile("/case/"))


def test_the_order_of_the_squares_cannot_be_known(study, login):
    page = login("reader1")
    orders = set()
    for _visit in range(4):
        page.goto(f"/reading/{study.readers.get().token}/display/")
        orders |= {tuple(row) for row in squares(page)}
    assert len(orders) >= 6


def test_skipping_is_kept_with_the_screen_and_goes_on(study, login):
    page = login("reader1")
    page.goto(f"/reading/{study.readers.get().token}/display/")
    page.get_by_role("button", name="Skip").press("Enter")
    page.wait_for_url(re.compile("/case/"))
    check = DisplayCheck.objects.get()
    assert check.skipped
    assert check.viewport_width == 1440


def test_without_scripts_the_check_lets_through(study, login):
    page = login("reader1", java_script_enabled=False)
    page.goto(f"/reading/{study.readers.get().token}/display/")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile("/case/"))
    assert DisplayCheck.objects.get().screen_width is None


def test_the_trail_tells_what_was_done_with_the_images(study, login, monkeypatch):
    monkeypatch.setattr(trails, "consents_to_trail", lambda _reader: True)
    study.keeps_trail = True
    study.save()
    page = login("reader1")
    start(page)
    page.mouse.move(*middle(page, 1))
    page.wait_for_timeout(400)
    press(page, "+ i g")
    page.keyboard.press("Alt+2")
    press(page, "g l")
    page.locator(".pane").first.focus()
    press(page, "p f Escape")
    rate(page, ANSWERS)
    body = Trail.objects.get().body
    assert trails.is_trail(body)
    kinds = [(kind, labels) for _ms, kind, labels, *_values in body["events"]]
    assert ("view", "AB") in kinds
    assert ("invert", "AB") in kinds
    assert ("window", "AB") in kinds
    assert ("full", "A") in kinds
    [own] = [event for event in body["events"] if event[1:3] == ["view", "A"]][:1]
    assert own[3] == 1  # a pixel of the image on one of the screen
    window = next(event for event in body["events"] if event[1] == "window")
    assert window[3:] == [176, 150]
    assert body["dwell_ms"]["B"] >= 300
    rate(page, ANSWERS)
    assert Trail.objects.count() == 2
    assert Trail.objects.order_by("rating__at").last().body["events"] == []


def test_no_trail_is_sent_where_none_is_kept(study, login):
    page = login("reader1")
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    start(page)
    press(page, "+ i")
    rate(page, ANSWERS)
    [sheet] = [body for body in sent if '"answers"' in body]
    assert '"trail"' not in sheet
    assert not Trail.objects.exists()
