"""Marks in a real browser: by keys alone, by mouse on a zoomed image, across a closed tab."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from radrate.reading.models import Mark, Rating
from tests.e2e.test_reading_room import press, rate, start
from tests.factories.people import make_user
from tests.factories.studies import make_mark, make_open_study, make_point
from tests.factories.studies import rate as rate_already

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWERS = "5 1 4 2 3 3 2 4 4 4 5 5 2 4"


@pytest.fixture
def study(transactional_db):
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    return make_open_study(manager=manager, readers=(reader,), block_size=2, n=4)


def marks(*, position: int = 1, revision: int = 1) -> list[Mark]:
    sheet = {"rating__assignment__position": position, "rating__revision": revision}
    return list(Mark.objects.filter(**sheet).select_related("tag"))


def place(mark: Mark) -> list[float]:
    return [float(part) for part in (mark.x, mark.y, mark.width, mark.height)]


def image(page: Page, label: str) -> Locator:
    return page.get_by_role("img", name=f"Image {label}")


def fraction(page: Page, label: str, x: float, y: float) -> tuple[float, float]:
    """What of the image the browser itself shows at a place of the window."""
    box = image(page, label).bounding_box()
    return (x - box["x"]) / box["width"], (y - box["y"]) / box["height"]


def open_first(page: Page) -> None:
    page.get_by_role("link", name=re.compile(r"Case\s*1")).click()
    expect(page.locator(".pane img").first).to_be_visible()


def test_the_keyboard_alone_marks_a_box_and_takes_it_away_again(study, login):
    page = login("reader1")
    start(page)
    press(page, "5 m 2")
    press(page, "ArrowRight " * 5 + "ArrowUp " * 3)
    press(page, "Shift+ArrowRight " * 10 + "Shift+ArrowDown " * 4)
    press(page, "Enter f u s 3")
    expect(page.locator(".mark-row")).to_have_count(1)
    expect(page.locator(".mark-row")).to_contain_text(re.compile(r"1\s*B\s*Bones fused\s*severe"))
    rate(page, ANSWERS.removeprefix("5 "))
    [mark] = marks()
    assert (mark.image, mark.shape, mark.tag.key, mark.severity) == ("B", "box", "bone_fused", 3)
    step = float(mark.width) / 10
    assert place(mark) == pytest.approx(
        [0.5 + 5 * step, 0.5 - 3 * step, 10 * step, 4 * step], abs=2e-5
    )
    rate(page, ANSWERS)
    open_first(page)
    expect(page.locator(".mark-row")).to_have_count(1)
    page.locator(".mark-row-open").focus()
    press(page, "Delete")
    expect(page.locator("#marks")).to_be_hidden()
    rate(page, "")
    assert Rating.objects.filter(assignment__position=1).count() == 2
    assert marks(revision=2) == []
    assert len(marks(revision=1)) == 1


def test_a_mark_by_mouse_lies_where_it_was_seen_at_any_zoom(study, login):
    page = login("reader1")
    start(page)
    press(page, "+ + +")
    page.keyboard.press("Alt+ArrowRight")
    pane = page.locator(".pane").nth(1).bounding_box()
    x, y = pane["x"] + 0.3 * pane["width"], pane["y"] + 0.6 * pane["height"]
    point, corner = fraction(page, "B", x, y), fraction(page, "B", x + 140, y - 90)

    page.get_by_role("button", name="Mark M").click()
    page.mouse.click(x, y)
    page.get_by_role("radio", name="Anatomy cut off").check(force=True)
    page.get_by_role("button", name=re.compile("moderate")).click()
    page.get_by_role("button", name="Mark M").click()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y - 20, steps=3)
    page.mouse.move(x + 140, y - 90, steps=3)
    page.mouse.up()
    press(page, "s e a 1")
    seen = page.locator(".mark rect.mark-line").bounding_box()
    assert (seen["x"], seen["y"]) == pytest.approx((x, y - 90), abs=3)

    rate(page, ANSWERS)
    first, second = marks()
    assert (first.image, first.shape, first.tag.key, first.severity) == ("B", "point", "clipped", 2)
    assert place(first) == pytest.approx([*point, 0, 0], abs=0.002)
    assert (second.shape, second.tag.key, second.severity) == ("box", "seam", 1)
    expected = [point[0], corner[1], corner[0] - point[0], point[1] - corner[1]]
    assert place(second) == pytest.approx(expected, abs=0.002)


def test_the_marks_go_with_the_image_and_can_be_hidden(study, login):
    rate_already(study.readers.get().assignments.get(position=1), marks=[make_mark(), make_point()])
    page = login("reader1")
    page.goto(f"/reading/case/{study.readers.get().assignments.get(position=1).token}/")
    drawn = page.locator(".mark rect.mark-line")
    expect(drawn).to_be_visible()

    def corner_on_the_image() -> tuple[float, float]:
        box = drawn.bounding_box()
        return fraction(page, "A", box["x"], box["y"])

    thin = drawn.evaluate("line => getComputedStyle(line).strokeWidth")
    assert corner_on_the_image() == pytest.approx((0.25, 0.5), abs=0.01)
    press(page, "+ + + +")
    page.keyboard.press("Alt+ArrowDown")
    assert corner_on_the_image() == pytest.approx((0.25, 0.5), abs=0.01)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.wait_for_timeout(200)
    assert corner_on_the_image() == pytest.approx((0.25, 0.5), abs=0.01)
    assert drawn.evaluate("line => getComputedStyle(line).strokeWidth") == thin
    press(page, "Shift+M")
    expect(page.locator(".mark")).to_have_count(0)
    expect(page.locator(".mark-row")).to_have_count(2)
    page.get_by_role("button", name="Hide").click()
    expect(page.locator(".mark")).to_have_count(2)


def test_a_finger_marks_and_two_fingers_still_zoom(study, login):
    page = login("reader1", has_touch=True)
    start(page)
    touch = page.context.new_cdp_session(page)
    pane = page.locator(".pane").first.bounding_box()
    x, y = pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": px, "y": py, "id": k} for k, (px, py) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    size = image(page, "A").bounding_box()["width"]
    page.get_by_role("button", name="Mark M").click()
    fingers("touchStart", (x - 40, y))
    fingers("touchStart", (x - 40, y), (x + 40, y))
    fingers("touchMove", (x - 80, y), (x + 80, y))
    fingers("touchEnd")
    assert image(page, "A").bounding_box()["width"] == pytest.approx(2 * size, rel=0.05)
    expect(page.locator("#picker")).to_be_hidden()
    corners = [fraction(page, "A", x - 30, y - 50), fraction(page, "A", x + 70, y + 60)]
    fingers("touchStart", (x - 30, y - 50))
    fingers("touchMove", (x, y))
    fingers("touchMove", (x + 70, y + 60))
    fingers("touchEnd")
    page.get_by_role("radio", name="Bone missing").check(force=True)
    page.get_by_role("button", name=re.compile("severe")).click()
    page.get_by_role("button", name="Mark M").click()
    fingers("touchStart", (x, y))
    fingers("touchEnd")
    press(page, "e x p 1")
    rate(page, ANSWERS)
    box, point = marks()
    (left, top), (right, bottom) = corners
    assert place(box) == pytest.approx([left, top, right - left, bottom - top], abs=0.005)
    assert (point.shape, point.tag.key) == ("point", "exposure")


def test_beside_the_image_and_after_escape_nothing_is_marked(study, login):
    page = login("reader1")
    start(page)
    page.keyboard.press("m")
    pane = page.locator(".pane").first.bounding_box()
    page.mouse.click(pane["x"] + pane["width"] / 2, pane["y"] + 3)
    expect(page.locator("#live")).to_have_text("That is beside the image.")
    expect(page.locator("#picker")).to_be_hidden()
    page.mouse.move(pane["x"] + 200, pane["y"] + 400)
    page.mouse.down()
    page.mouse.move(pane["x"] + 250, pane["y"] + 450)
    page.keyboard.press("Escape")
    page.mouse.move(pane["x"] + 300, pane["y"] + 500)
    page.mouse.up()
    expect(page.locator(".is-placing")).to_have_count(0)
    expect(page.locator("#picker")).to_be_hidden()
    assert "/case/" in page.url


def test_a_mark_without_a_name_is_neither_kept_nor_lost_in_silence(study, login):
    page = login("reader1")
    start(page)
    press(page, ANSWERS + " m Enter")
    expect(page.locator("#picker")).to_be_visible()
    page.keyboard.press("Control+Enter")
    press(page, "2")
    expect(page.locator("#live")).to_contain_text("Choose what is wrong")
    expect(page.locator("#picker")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#picker")).to_be_hidden()
    expect(page.locator(".mark-row")).to_have_count(0)
    press(page, "m Escape 3")
    rate(page, "")
    assert marks() == []


def test_a_closed_tab_loses_no_mark(study, login):
    page = login("reader1")
    start(page)
    press(page, "m Enter ArrowDown ArrowDown 2")
    expect(page.locator(".mark-row")).to_contain_text("Bone extra or doubled")
    url, context = page.url, page.context
    page.close()
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".pane[data-state=shown]")).to_have_count(2)
    expect(page.locator(".mark-row")).to_have_count(1)
    page.locator(".mark-row-open").press("Enter")
    expect(page.locator("#picker")).to_be_visible()
    press(page, "ArrowUp 3")
    rate(page, ANSWERS)
    [mark] = marks()
    assert (mark.shape, mark.tag.key, mark.severity) == ("point", "bone_missing", 3)


def test_without_single_keys_a_mark_is_set_by_buttons_and_arrows(study, login):
    page = login("reader1")
    start(page)
    page.get_by_role("button", name="Keys").click()
    page.locator("#single-keys").uncheck()
    page.get_by_role("button", name="Close").click()
    press(page, "m 1")
    expect(page.locator(".is-placing")).to_have_count(0)
    page.get_by_role("button", name="Mark M").press("Enter")
    press(page, "Tab Shift+ArrowLeft Enter ArrowDown Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".mark-row")).to_contain_text(re.compile(r"B\s*Bone missing\s*minor"))


def test_a_conflict_shows_the_marks_of_the_sheet_that_is_chosen(study, login):
    page = login("reader1")
    start(page)
    press(page, ANSWERS + " m Enter f 1")
    expect(page.locator(".mark-row")).to_have_count(1)
    assignment = study.readers.get().assignments.get(position=1)
    rate_already(assignment, marks=[make_mark(), make_point(tag="noise")])
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="The saved ones")).to_be_visible()
    page.get_by_role("button", name="The saved ones").click()
    expect(page.locator(".mark-row")).to_have_count(2)
    expect(page.locator(".mark-row").last).to_contain_text("Grain, halo or grid")
