"""Radiographs chosen and drawn on in a real browser, by mouse and by keys."""

import io
import re
from urllib.parse import urljoin

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from generation.backends.base import GenerationRequest, Operation
from generation.backends.phantom import PhantomBackend
from generation.models import Campaign, Mask
from generation.pictures import YELLOW
from radrate.images.models import Origin, Radiograph
from radrate.images.services import store_generated
from tests.e2e.films import Silent
from tests.factories.images import contents, make_batch
from tests.factories.people import make_user
from tests.generation.campaigns import outputs_of, run_all, states_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDE = 512
THREE_LINES = re.compile(r"^[^\n]+\n[^\n]+\n[^\n]+$")
STEPS = 100  # of an arrow, from border to border of a square image


@pytest.fixture
def page(login, settings) -> Page:
    settings.IMAGE_BACKENDS = {
        "painter": {
            "BACKEND": "tests.generation.backends.editors.Painter",
            "OPTIONS": {"QUEUE": "scripted"},
        }
    }
    make_user(username="manager", is_manager=True)
    return login("manager")


@pytest.fixture
def pelvis(transactional_db) -> Radiograph:
    request = GenerationRequest(
        request_id="source",
        operation=Operation.TEXT_TO_IMAGE,
        prompt="AP radiograph of the pelvis",
        n=1,
        width=SIDE,
        height=SIDE,
        seeds=(4,),
    )
    anatomy = {"body_part_examined": "PELVIS", "view_position": "AP"}
    return store_generated(
        batch=make_batch(),
        origin=Origin.SIMULATED,
        name="pelvis",
        image=PhantomBackend("phantom", {}).run(request, Silent()).images[0].image,
        raw=None,
        media_type="image/png",
        anatomy=anatomy,
        provenance={},
    )


def open_picker(page: Page, preset: str) -> None:
    page.goto(f"/campaigns/new/form/?preset={preset}")
    page.get_by_label("Title").fill("Hips by hand")
    page.get_by_label("Radiographs to edit").fill("")
    page.get_by_role("button", name="Choose radiographs").click()


def open_editor(page: Page) -> None:
    page.get_by_role("button", name="Radiograph PELVIS AP").click()
    expect(page.locator("[data-hint]")).not_to_be_empty()


def places(page: Page, *fractions: tuple[float, float]) -> list[tuple[float, float]]:
    """Where the window shows these fractions of the image."""
    box = page.locator("[data-stage] canvas").bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in fractions]


def drag(page: Page, *fractions: tuple[float, float]) -> None:
    first, *others = places(page, *fractions)
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check(force=True)


def press(page: Page, *keys: tuple[str, int]) -> None:
    for key, times in keys:
        for _number in range(times):
            page.keyboard.press(key)


def to_the_corner(page: Page) -> None:
    """With the keyboard on the image, bring its cursor to the upper left."""
    page.locator("[data-stage]").focus()
    press(page, ("ArrowLeft", STEPS), ("ArrowUp", STEPS))


def save(page: Page, name: str) -> Mask:
    page.get_by_label("Name").first.fill(name)
    page.get_by_role("button", name="Save the mask").click()
    expect(page.locator(".mask-saved")).to_contain_text(name)
    return Mask.objects.get(label=name)


def mask_of(*shapes: tuple[str, object, int]) -> np.ndarray:
    """What was drawn, as geometry says: rasterised sixteen times as fine as the mask."""
    fine = 16 * SIDE
    image = Image.new("1", (fine, fine))
    draw = ImageDraw.Draw(image)
    for kind, points, ink in shapes:
        scaled = [(x * fine, y * fine) for x, y in points]
        getattr(draw, kind)(scaled, fill=ink)
    return np.asarray(image.convert("L").reduce(16)) > 127


def difference(mask: Mask, expected: np.ndarray) -> float:
    """The area on which they differ, as a share of the area expected."""
    stored = np.asarray(Image.open(io.BytesIO(contents(mask.file)))) > 127
    return float((stored != expected).sum() / expected.sum())


def shown_share(page: Page) -> float:
    return float(re.match(r"[\d.]+", page.locator("[data-share]").inner_text()).group())


def colours(page: Page, address: str) -> set[tuple[int, int, int]]:
    picture = page.request.get(urljoin(page.url, address)).body()
    return set(Image.open(io.BytesIO(picture)).convert("RGB").get_flattened_data())


def test_a_mask_by_mouse_and_keys_becomes_a_campaign(page, pelvis):
    open_picker(page, "adams2023-inpainting")
    open_editor(page)
    drag(page, (0.1, 0.4), (0.25, 0.5), (0.45, 0.8))
    expect(page.locator("[data-share]")).to_contain_text("14.0 %")

    to_the_corner(page)
    page.keyboard.press("p")
    press(page, ("ArrowRight", 50), ("ArrowDown", 10), ("Enter", 1), ("ArrowRight", 40))
    press(page, ("Enter", 1), ("ArrowDown", 30), ("ArrowLeft", 10), ("Enter", 1), ("c", 1))
    expect(page.locator("[data-share]")).to_contain_text("20.0 %")

    choose(page, "Erase")
    choose(page, "Rectangle")
    drag(page, (0.2, 0.5), (0.35, 0.7))
    choose(page, "Brush")
    drag(page, (0.6, 0.15), (0.8, 0.2))
    expect(page.locator("[data-share]")).not_to_contain_text("17.0 %")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-share]")).to_contain_text("17.0 %")

    mask = save(page, "hip and wing")
    expected = mask_of(
        ("rectangle", [(0.1, 0.4), (0.45, 0.8)], 1),
        ("polygon", [(0.5, 0.1), (0.9, 0.1), (0.8, 0.4)], 1),
        ("rectangle", [(0.2, 0.5), (0.35, 0.7)], 0),
    )
    assert difference(mask, expected) < 0.01
    assert shown_share(page) == pytest.approx(100 * mask.area, abs=0.15)

    page.get_by_role("button", name="Done").click()
    line = f"image {pelvis.pk} | mask={mask.pk}"
    expect(page.get_by_label("Radiographs to edit")).to_have_value(line)
    expect(page.get_by_label("Title")).to_have_value("Hips by hand")
    expect(page.locator("#preview .caption")).to_have_text("PELVIS AP | hip and wing")
    assert YELLOW in colours(page, page.locator("#preview img").get_attribute("src"))

    page.get_by_label("Images each").fill("2")
    page.get_by_label("Width in px").fill("64")
    page.get_by_label("Height in px").fill("64")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}/"))
    campaign = run_all(Campaign.objects.get())
    assert states_of(campaign) == ["succeeded"] * 2
    assert {output.job.mask_id for output in outputs_of(campaign)} == {mask.pk}
    page.reload()
    expect(page.locator(".tile img")).to_have_count(2)


def test_all_is_drawn_without_a_drag_by_clicks_or_keys(page, pelvis):
    page.goto(f"/campaigns/masks/new/{pelvis.pk}/")
    expect(page.locator("[data-hint]")).not_to_be_empty()
    for place in places(page, (0.1, 0.1), (0.3, 0.4)):
        page.mouse.click(*place)
    choose(page, "Polygon")
    for place in places(page, (0.6, 0.1), (0.9, 0.1), (0.9, 0.4)):
        page.mouse.click(*place)
    page.get_by_role("button", name="Close the polygon").click()

    to_the_corner(page)
    press(page, ("r", 1), ("ArrowRight", 10), ("ArrowDown", 60))
    press(page, ("Shift+ArrowRight", 20), ("Shift+ArrowDown", 30), ("Enter", 1))
    press(page, ("b", 1), ("ArrowRight", 30), ("ArrowUp", 10), ("]", 4))
    press(page, ("Enter", 1), ("ArrowRight", 20), ("Enter", 1))
    press(page, ("x", 1), ("r", 1), ("Shift+ArrowUp", 20), ("Shift+ArrowLeft", 20), ("Enter", 1))
    press(page, ("Control+z", 2), ("Control+y", 2), ("Control+z", 1))

    mask = save(page, "clicks and keys")
    expected = mask_of(
        ("rectangle", [(0.1, 0.1), (0.3, 0.4)], 1),
        ("polygon", [(0.6, 0.1), (0.9, 0.1), (0.9, 0.4)], 1),
        ("rectangle", [(0.1, 0.6), (0.3, 0.9)], 1),
        ("ellipse", [(0.56, 0.76), (0.64, 0.84)], 1),
        ("rectangle", [(0.6, 0.76), (0.8, 0.84)], 1),
        ("ellipse", [(0.76, 0.76), (0.84, 0.84)], 1),
    )
    assert difference(mask, expected) < 0.01
    page.get_by_role("link", name="Plan a campaign with it").click()
    expect(page.get_by_label("Operation")).to_have_value("inpaint")
    expect(page.get_by_label("Radiographs to edit")).to_have_value(
        f"image {pelvis.pk} | mask={mask.pk}"
    )


def test_regions_chance_and_files_need_no_drawing(page, pelvis, tmp_path):
    open_picker(page, "adams2023-inpainting")
    open_editor(page)
    page.get_by_role("button", name="Save the mask").click()
    expect(page.get_by_role("alert").last).to_have_text("Draw at least one shape.")
    page.get_by_role("button", name="left hip").click()
    hip = save(page, "left hip")
    assert hip.recipe == {"region": "left hip"}

    page.get_by_label("Seed").last.fill("7")
    page.get_by_label("Area in %").fill("90")
    page.get_by_role("button", name="Draw by chance").click()
    expect(page.locator("[data-chance-problem]")).to_contain_text("less than or equal to 60")
    page.get_by_label("Area in %").fill("20")
    page.get_by_role("button", name="Draw by chance").click()
    expect(page.locator("[data-share]")).to_contain_text("20.0 %")
    share = shown_share(page)
    chance = save(page, "anywhere")
    assert chance.recipe == {"random": {"seed": 7, "area": 0.2}}
    assert share == pytest.approx(100 * chance.area, abs=0.15)

    file = tmp_path / "mask.png"
    Image.fromarray(np.uint8(mask_of(("rectangle", [(0, 0), (0.5, 0.5)], 1))) * 255).save(file)
    page.get_by_text("Upload a mask").click()
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".mask-saved")).to_contain_text("uploaded")
    expect(page.locator(".mask-list li")).to_have_count(3)

    lines = page.get_by_label("Radiographs to edit")
    expect(lines).to_have_value(THREE_LINES)
    page.get_by_role("link", name="Use the mask left hip").click()
    expect(page.locator("[data-status]")).to_contain_text(str(hip.pk))
    expect(lines).to_have_value(THREE_LINES)


def test_an_unsaved_drawing_is_not_left_in_silence(page, pelvis):
    asked = []

    def answer(dialog, *, leave: bool) -> None:
        asked.append(dialog.message)
        dialog.accept() if leave else dialog.dismiss()

    open_picker(page, "adams2023-inpainting")
    open_editor(page)
    drag(page, (0.1, 0.1), (0.5, 0.5))
    for name in ("Other radiographs", "Done"):
        page.once("dialog", lambda dialog: answer(dialog, leave=False))
        page.get_by_role("button", name=name).click()
        expect(page.locator("[data-share]")).to_contain_text("16.0 %")
    page.once("dialog", lambda dialog: answer(dialog, leave=True))
    page.get_by_role("button", name="Other radiographs").click()
    expect(page.locator("#sources")).to_be_visible()
    assert asked == ["The drawing has not been saved. Leave it?"] * 3
    open_editor(page)
    drag(page, (0.1, 0.1), (0.5, 0.5))
    save(page, "saved")
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".choosing")).to_be_hidden()
    assert len(asked) == 3


def test_margins_are_chosen_with_a_preview_that_follows(page, pelvis):
    open_picker(page, "adams2023-outpainting")
    page.get_by_role("button", name="Radiograph PELVIS AP").click()
    expect(page.get_by_role("heading", name="How far to continue it")).to_be_focused()
    page.get_by_label("Bottom").fill("0.75")
    picture = page.locator(".margins-picture img")
    expect(picture).to_have_attribute("src", re.compile("bottom%3D0.75"))
    assert YELLOW in colours(page, picture.get_attribute("src"))
    page.get_by_role("link", name="Add to the campaign").click()
    page.get_by_role("button", name="Done").click()
    line = f"image {pelvis.pk} | right=0.5, bottom=0.75"
    expect(page.get_by_label("Radiographs to edit")).to_have_value(line)
    expect(page.locator("#preview .caption")).to_have_text("PELVIS AP | right=0.5, bottom=0.75")
