"""The viewer in a real browser: by mouse, keys, fingers and pen; one to four images."""

import io
import math
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.panes import show_images
from tests.e2e.test_reading_room import press
from tests.factories.people import make_user
from tests.factories.studies import make_open_study

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDE = 1024
TABLET = {"width": 1024, "height": 768}


@pytest.fixture
def study(transactional_db):
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    return make_open_study(manager=manager, readers=(reader,), block_size=2, n=4)


def film() -> np.ndarray:
    """Structure of every size, down to single pixels; black at the edge, as films are."""
    chance = np.random.default_rng(4)
    layers = [
        np.asarray(
            Image.fromarray(chance.integers(0, 256, (side, side), dtype=np.uint8)).resize(
                (SIDE, SIDE), Image.Resampling.BICUBIC
            ),
            dtype=float,
        )
        for side in (16, 64, SIDE)
    ]
    grey = np.clip(0.4 * layers[0] + 0.4 * layers[1] + 0.2 * layers[2], 12, 250)
    grey[:, :60] = grey[:, -60:] = 0
    return grey.astype(np.uint8)


@pytest.fixture
def room(study, login):
    """`room(count)` opens the first case with so many images."""

    def enter(count: int = 2, *, size: dict[str, int] | None = None, **options) -> Page:
        page = login("reader1", **options)
        if size:
            page.set_viewport_size(size)
        if count != 2:
            show_images(page, count)
        stream = io.BytesIO()
        Image.fromarray(film()).save(stream, "PNG")
        picture = stream.getvalue()
        page.route("**/i/**", lambda route: route.fulfill(body=picture, content_type="image/png"))
        page.goto(f"/reading/case/{study.readers.get().assignments.get(position=1).token}/")
        expect(page.locator(".pane img")).to_have_count(count)
        return page

    return enter


def middle(page: Page, pane: int = 0) -> tuple[float, float]:
    box = page.locator(".pane").nth(pane).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def widths(page: Page) -> list[float]:
    return [image.bounding_box()["width"] for image in page.locator(".pane img").all()]


def places(page: Page) -> list[tuple[float, float]]:
    boxes = [image.bounding_box() for image in page.locator(".pane img").all()]
    return [(box["x"], box["y"]) for box in boxes]


def slopes(page: Page) -> list[float]:
    """How steep each pane's window is: 1 untouched, negative inverted."""
    functions = page.locator("#filters feFuncG").all()
    return [float(function.get_attribute("slope")) for function in functions]


def seen(page: Page, selector: str) -> np.ndarray:
    """Grey levels that the screen shows there."""
    return grey(page.locator(selector).screenshot())


def grey(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L")).astype(int)


def fingers(touch: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    down = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(points)]
    touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": down})


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (3, 2, 2), (4, 2, 2)])
def test_panes_are_alike_and_lie_in_their_order(room, count, columns, rows):
    page = room(count)
    boxes = [pane.bounding_box() for pane in page.locator(".pane").all()]
    assert [pane.inner_text().split()[0] for pane in page.locator(".pane").all()] == list(
        "ABCD"[:count]
    )
    assert len({round(box["x"]) for box in boxes}) == columns
    assert len({round(box["y"]) for box in boxes}) == rows
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    assert boxes == sorted(boxes, key=lambda box: (box["y"], box["x"]))
    assert widths(page) == pytest.approx([widths(page)[0]] * count, rel=1e-4)


def test_four_linked_images_are_zoomed_windowed_and_inverted_as_one(room):
    page = room(4)
    before = widths(page)
    press(page, "+ i")
    page.keyboard.press("Alt+2")
    assert widths(page) == pytest.approx([1.25 * width for width in before], rel=1e-4)
    assert slopes(page) == pytest.approx([-255 / 150] * 4)
    press(page, "r")
    assert widths(page) == pytest.approx(before, rel=1e-4)
    assert slopes(page) == [1, 1, 1, 1]


def test_unlinked_only_the_image_at_hand_changes(room):
    page = room(3)
    before = widths(page)
    press(page, "l")
    page.mouse.move(*middle(page, 1))
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        "before => document.querySelectorAll('img')[1].getBoundingClientRect().width > before",
        arg=before[1],
    )
    after = widths(page)
    assert (after[0], after[2]) == (before[0], before[2])
    press(page, "l")
    assert widths(page) == pytest.approx([after[1]] * 3, rel=1e-4)


def test_the_mouse_pans_with_the_left_button_and_windows_with_the_right(room):
    page = room()
    press(page, "+")
    before = places(page)
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y - 25, steps=4)
    page.mouse.up()
    for (now_x, now_y), (then_x, then_y) in zip(places(page), before, strict=True):
        assert (now_x - then_x, now_y - then_y) == pytest.approx((40, -25), abs=0.1)
    page.mouse.down(button="right")
    page.mouse.move(x - 60, y - 25, steps=4)
    page.mouse.up(button="right")
    assert slopes(page) == pytest.approx([255 / 155] * 2)


@pytest.mark.parametrize("ratio", [1, 2])
def test_at_one_to_one_the_screen_shows_the_images_own_pixels(room, ratio):
    page = room(device_scale_factor=ratio)
    fitted = widths(page)
    press(page, "p")
    assert widths(page) == pytest.approx([SIDE / ratio] * 2, abs=0.05)
    expect(page.locator(".pane-readout").first).to_contain_text("100 %")
    screen = grey(page.screenshot())
    images = [image.bounding_box() for image in page.locator(".pane img").all()]
    panes = [pane.bounding_box() for pane in page.locator(".pane").all()]
    for pane, image in zip(panes, images, strict=True):
        # a pane that begins between two pixels is painted from the next
        begins = {axis: math.floor(pane[axis] + 0.5) for axis in ("x", "y")}
        across, down = (
            round((begins[axis] + image[axis] - pane[axis]) * ratio) for axis in ("x", "y")
        )
        left = max(across, begins["x"] * ratio) + 120  # clear of label and readout
        top = max(down, begins["y"] * ratio) + 120
        shown = screen[top:, left:][:320, :320]
        own = film().astype(int)[top - down :, left - across :][:320, :320]
        assert np.ptp(own) > 100
        assert np.abs(shown - own).max() <= 1
    press(page, "=")
    assert widths(page) == pytest.approx(fitted, rel=1e-4)


def test_the_loupe_follows_the_pointer_on_both_images_and_escape_puts_it_away(room):
    page = room()
    loupes = page.locator(".pane-loupe")
    x, y = middle(page)
    page.mouse.move(x - 30, y + 50)
    press(page, "g")
    expect(loupes.nth(0)).to_be_visible()
    expect(loupes.nth(1)).to_be_visible()
    expect(page.get_by_role("button", name="Loupe")).to_have_attribute("aria-pressed", "true")

    def glass(index: int) -> tuple[float, float]:
        box = loupes.nth(index).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    across = middle(page, 1)[0] - x
    for dx, dy in [(-30, 50), (40, -60)]:
        page.mouse.move(x + dx, y + dy)
        assert glass(0) == pytest.approx((x + dx, y + dy), abs=1.5)
        assert glass(1) == pytest.approx((x + dx + across, y + dy), abs=2)
    press(page, "Escape")
    expect(loupes.nth(0)).to_be_hidden()
    assert "/case/" in page.url


def test_the_keys_move_the_loupe_instead_of_the_image(room):
    page = room()
    page.get_by_role("button", name="Loupe").press("Enter")
    resting, start = places(page), page.locator(".pane-loupe").first.bounding_box()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowUp")
    moved = page.locator(".pane-loupe").first.bounding_box()
    assert moved["x"] > start["x"] + 10
    assert moved["y"] < start["y"] - 10
    assert places(page) == resting


def test_the_loupe_shows_what_lies_under_it_three_times_as_large(room):
    page = room()
    where = page.locator(".pane img").first.bounding_box()
    x, y = where["x"] + 0.5 * where["width"], where["y"] + 0.62 * where["height"]
    page.mouse.move(x, y)
    pane = page.locator(".pane").first.bounding_box()
    plain = seen(page, ".pane >> nth=0")
    press(page, "g")
    glass = seen(page, ".pane >> nth=0")
    row, column = round(y - pane["y"]), round(x - pane["x"])
    small = Image.fromarray(plain[row - 20 : row + 20, column - 20 : column + 20].astype("uint8"))
    large = glass[row - 60 : row + 60, column - 60 : column + 60]
    expected = np.asarray(small.resize((120, 120), Image.Resampling.BICUBIC)).astype(int)
    assert np.abs(large - expected).mean() < np.abs(large - large.mean()).mean() / 2
    press(page, "i")
    inverted = seen(page, ".pane >> nth=0")[row - 60 : row + 60, column - 60 : column + 60]
    assert np.abs(inverted - (255 - large)).max() <= 2


def test_one_image_takes_the_whole_screen_and_gives_it_back(room):
    page = room(3)
    page.locator(".pane").nth(1).focus()
    press(page, "f")
    panes = page.locator(".pane:visible")
    expect(panes).to_have_count(1)
    expect(panes).to_have_attribute("aria-label", "Image B")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.get_by_role("button", name="Full screen")).to_be_visible()
    assert panes.bounding_box()["width"] == page.evaluate("innerWidth")
    assert page.evaluate("document.fullscreenElement === document.documentElement")
    press(page, "3")
    expect(panes).to_have_attribute("aria-label", "Image C")
    page.get_by_role("button", name="Image A").click()
    expect(panes).to_have_attribute("aria-label", "Image A")
    press(page, "5 n ArrowDown Control+Enter Escape")
    expect(page.locator(".pane:visible")).to_have_count(3)
    expect(page.locator(".rail")).to_be_visible()
    assert page.evaluate("document.fullscreenElement") is None
    expect(page.locator(".rail input:checked")).to_have_count(0)
    assert "/case/" in page.url


def test_leaving_the_whole_screen_by_the_browsers_own_way_shows_all_again(room):
    page = room()
    page.locator(".pane").nth(1).dblclick()
    expect(page.locator(".pane:visible")).to_have_count(1)
    page.evaluate("document.exitFullscreen()")
    expect(page.locator(".pane:visible")).to_have_count(2)
    expect(page.locator(".rail")).to_be_visible()


def test_a_browser_that_gives_no_screen_gives_the_window(room):
    page = room()
    page.evaluate("() => { Element.prototype.requestFullscreen = () => Promise.reject('no') }")
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator(".pane:visible")).to_have_count(1)
    press(page, "Escape")
    expect(page.locator(".pane:visible")).to_have_count(2)


def test_a_mark_drawn_on_the_whole_screen_is_named_beside_all_images(room):
    page = room()
    press(page, "f m Enter")
    expect(page.locator("#picker")).to_be_visible()
    expect(page.locator(".pane:visible")).to_have_count(2)


def test_two_fingers_zoom_and_move_and_the_open_panel_makes_one_finger_window(room):
    page = room(has_touch=True, size=TABLET)
    touch = page.context.new_cdp_session(page)
    before, (x, y) = widths(page), middle(page)
    fingers(touch, "touchStart", (x - 40, y))
    fingers(touch, "touchStart", (x - 40, y), (x + 40, y))
    fingers(touch, "touchMove", (x - 60, y + 30), (x + 60, y + 30))
    fingers(touch, "touchEnd")
    assert widths(page) == pytest.approx([1.5 * width for width in before], rel=0.05)
    page.get_by_role("button", name="Window").tap()
    resting = places(page)
    x, y = middle(page, 1)
    fingers(touch, "touchStart", (x, y - 100))
    fingers(touch, "touchMove", (x - 60, y - 100))
    fingers(touch, "touchEnd")
    assert slopes(page) == pytest.approx([255 / 195] * 2, rel=0.05)
    assert places(page) == resting
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("#filters feFuncG").last).to_have_attribute("slope", str(255 / 150))


def test_under_a_finger_the_loupe_lies_above_it_and_the_image_stays(room):
    page = room(has_touch=True, size=TABLET)
    touch = page.context.new_cdp_session(page)
    page.get_by_role("button", name="Loupe").tap()
    resting, (x, y) = places(page), middle(page)
    fingers(touch, "touchStart", (x, y + 60))
    fingers(touch, "touchMove", (x + 20, y + 80))
    fingers(touch, "touchEnd")
    glass = page.locator(".pane-loupe").first.bounding_box()
    assert glass["x"] + glass["width"] / 2 == pytest.approx(x + 20, abs=2)
    assert glass["y"] + glass["height"] / 2 < y + 80 - 60
    assert places(page) == resting


def test_a_pen_pans_as_a_mouse_does_and_its_button_windows(room):
    page = room()
    press(page, "+")
    pen = page.context.new_cdp_session(page)
    x, y = middle(page)

    def draw(kind: str, px: float, py: float, button: str, buttons: int) -> None:
        event = {"type": kind, "x": px, "y": py, "button": button, "buttons": buttons}
        pen.send("Input.dispatchMouseEvent", event | {"pointerType": "pen", "clickCount": 1})

    before = places(page)
    draw("mousePressed", x, y, "left", 1)
    draw("mouseMoved", x + 30, y, "left", 1)
    draw("mouseReleased", x + 30, y, "left", 0)
    assert places(page)[1][0] - before[1][0] == pytest.approx(30, abs=0.1)
    draw("mousePressed", x, y, "right", 2)
    draw("mouseMoved", x - 50, y, "right", 2)
    draw("mouseReleased", x - 50, y, "right", 0)
    assert slopes(page) == pytest.approx([255 / 205] * 2)


SIZES = [(1440, 900), (1280, 720), (1024, 768), (820, 1180), (390, 844), (844, 390)]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_at_every_size_all_of_it_is_within_reach_and_small_windows_are_told_of(room, count):
    page = room(count, has_touch=True)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        is_small = width < 700 or height < 500
        expect(page.locator(".narrow")).to_be_visible(visible=is_small)
        sizes = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert sizes[0] <= sizes[1], (width, height)
        for name in ("Window", "Loupe", "1:1", "Full screen", "Reset", "Next case"):
            box = page.get_by_role("button", name=re.compile(f"^{name}")).bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, (name, width)
            assert box["y"] + box["height"] <= height, (name, width, height)
        pane = page.locator(".pane").last.bounding_box()
        assert pane["width"] >= 88 and pane["height"] >= 60, (width, height, pane)
        page.get_by_role("button", name="1:1").tap()
        page.get_by_role("button", name="Reset").tap()
