"""A rubric built by keys alone beside its preview, and every kind of question read by keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from radrate.reading.models import Score
from radrate.studies import lifecycle
from radrate.studies.models import ReaderStudy
from radrate.studies.rubrics import services
from radrate.studies.rubrics.definition import CHOICE, TEXT, Condition, Item, Tag
from radrate.studies.rubrics.models import Criterion, Rubric
from radrate.studies.rubrics.rows import definition_of
from tests.e2e.test_reading_room import press, rate, start
from tests.factories.people import make_user
from tests.factories.readers import admit_all
from tests.factories.rubrics import make_criterion, make_definition
from tests.factories.studies import lock, make_study

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager(transactional_db):
    return make_user(username="manager", is_manager=True)


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """By the tabulator alone, as somebody without a mouse gets there."""
    for _ in range(120):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def write(page: Page, selector: str, words: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def add(page: Page, kind: str, question: str) -> None:
    """A new question, whose field has the keyboard at once."""
    tab_to(page, f"button[value='add:{kind}']")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id.endsWith('-question')")
    page.keyboard.type(question)


def preview(page: Page):
    return page.locator("#preview .criterion:visible .criterion-name")


def test_the_keyboard_alone_builds_a_rubric_of_every_kind_beside_its_preview(manager, login):
    page = login("manager")
    page.goto("/studies/rubrics/new/")
    page.wait_for_function("() => document.activeElement.id === 'q1-question'")
    page.keyboard.type("Joints")
    write(page, "#q1-hint", "Spaces and surfaces")
    tab_to(page, "#q1-points")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#preview .choice")).to_have_count(12)
    write(page, "[name=q1-anchor_1]", "fused")
    write(page, "[name=q1-anchor_6]", "perfect")
    expect(page.locator("#preview .anchors")).to_contain_text("6 perfect")
    add(page, "choice", "Anything unusual?")
    write(page, "#q2-options", "No\nYes")
    tab_to(page, "#q2-per_image")
    page.keyboard.press("ArrowDown")
    add(page, "text", "What was it?")
    tab_to(page, "#q3-per_image")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#q3-shown_if")
    press(page, "ArrowDown ArrowDown")
    expect(page.locator("[name=q3-shown_values]")).to_have_count(2)
    tab_to(page, "[name=q3-shown_values][value='2']")
    page.keyboard.press("Space")
    tab_to(page, "button[value='add:group']")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'g1-group'")
    page.keyboard.type("Bone")
    write(page, "#g1-labels", "Bones fused\nBone missing")
    expect(preview(page)).to_have_text(["Joints", "Anything unusual?"])
    tab_to(page, "button[value=save]")
    page.keyboard.press("Enter")
    expect(page.locator("#title-problem")).to_have_text("Give it a title.")
    page.wait_for_function("() => document.activeElement.id === 'title'")
    page.keyboard.type("Knees")
    expect(page.locator("[name=q1-anchor_6]")).to_have_value("perfect")
    tab_to(page, "button[value=save]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/studies/rubrics/\d+/$"))
    assert definition_of(Rubric.objects.get(owner=manager)) == make_definition(
        criteria=(
            Item(
                "joints",
                "Joints",
                hint="Spaces and surfaces",
                points=6,
                anchors={1: "fused", 6: "perfect"},
            ),
            Item(
                "anything_unusual",
                "Anything unusual?",
                kind=CHOICE,
                per_image=False,
                options=("No", "Yes"),
            ),
            Item(
                "what_was_it",
                "What was it?",
                kind=TEXT,
                per_image=False,
                shown_if=Condition("anything_unusual", (2,)),
            ),
        ),
        tags=(
            Tag("bones_fused", "Bone", "Bones fused"),
            Tag("bone_missing", "Bone", "Bone missing"),
        ),
    )


def test_the_preview_answers_to_the_keys_of_the_reading_room(manager, login):
    rubric = services.create_rubric(actor=manager, definition=make_definition())
    page = login("manager")
    page.goto(f"/studies/rubrics/{rubric.pk}/")
    expect(preview(page)).to_have_text(["Anatomy", "Anything odd?"])
    expect(page.locator("#preview-presses")).to_contain_text("6 keys")
    page.locator("#preview .criterion-head").first.focus()
    press(page, "4 n 2")
    expect(preview(page)).to_have_text(["Anatomy", "Anything odd?", "What?"])
    page.wait_for_function("() => document.activeElement.matches('#preview textarea')")
    page.keyboard.type("2 fibulae")
    expect(page.locator("#preview .criterion-values").first).to_contain_text("A 4")
    page.keyboard.press("Escape")
    press(page, "ArrowUp 1")
    expect(preview(page)).to_have_text(["Anatomy", "Anything odd?"])
    page.get_by_label("four").check()
    expect(page.locator("#preview-presses")).to_contain_text("8 keys")
    page.get_by_role("button", name="Defects").press("Enter")
    expect(page.locator("#picker")).to_contain_text("Bones fused")
    page.keyboard.press("Escape")
    expect(page.locator("#picker")).to_be_hidden()


def test_questions_are_reordered_by_keys_and_what_was_open_stays_open(manager, login):
    rubric = services.create_rubric(actor=manager, definition=make_definition())
    page = login("manager")
    page.goto(f"/studies/rubrics/{rubric.pk}/edit/")
    tab_to(page, "[data-uid=q1] summary")
    page.keyboard.press("Enter")
    tab_to(page, "#q1-down")
    page.keyboard.press("Enter")
    expect(preview(page)).to_have_text(["Anything odd?", "Anatomy"])
    assert page.evaluate("() => document.activeElement.id") == "q1-down"
    expect(page.locator("[data-uid=q1]")).to_have_attribute("open", "")
    page.keyboard.press("Enter")
    expect(page.locator("details .edited-name")).to_have_text(
        ["Anything odd?", "What?", "Anatomy", "Bone"]
    )


# In the reading room ---------------------------------------------------------------------------


def every_kind(rubric: Rubric) -> None:
    """A place on each image and how sure one is, as a design asks them."""
    rows = [
        make_criterion(key="spot", kind="place", question="Where?"),
        make_criterion(
            key="sure", kind="confidence", question="How sure are you?", per_image=False
        ),
    ]
    for position, row in enumerate(rows, start=20):
        row.rubric, row.position = rubric, position
    Criterion.objects.bulk_create(rows)


@pytest.fixture
def study(manager) -> ReaderStudy:
    rubric = services.create_rubric(actor=manager, definition=make_definition())
    every_kind(rubric)
    made = make_study(manager=manager, readers=(make_user(username="reader1"),), n=4)
    made.phases.update(rubric=rubric, verdict=None)
    locked = lock(ReaderStudy.objects.get(pk=made.pk))
    return admit_all(lifecycle.open_study(study=locked, actor=manager))


def kept() -> dict[str, object]:
    return {
        f"{score.criterion.key}{score.image}": score.text
        or (score.value if score.x is None else (float(score.x), float(score.y)))
        for score in Score.objects.filter(rating__revision=1)
    }


def test_the_keyboard_alone_answers_every_kind(study, login):
    page = login("reader1")
    start(page)
    press(page, "5 n 2")
    page.keyboard.type("two fibulae")
    page.keyboard.press("Enter")
    press(page, "1 ArrowRight ArrowDown Enter")
    press(page, "1 ArrowLeft Enter")
    rate(page, "4")
    saved = kept()
    first, second = saved.pop("spotA"), saved.pop("spotB")
    assert saved == {
        "anatomyA": 5,
        "anatomyB": None,
        "odd": 2,
        "what": "two fibulae",
        "sure": 4,
    }
    assert first[0] > 0.5 and first[1] > 0.5
    assert second[0] < 0.5 and second[1] == pytest.approx(0.5)


def test_what_an_answer_hides_is_passed_over_and_not_saved(study, login):
    page = login("reader1")
    start(page)
    press(page, "5 4 2")
    page.keyboard.type("two fibulae")
    page.keyboard.press("Escape")
    press(page, "ArrowUp 1")
    expect(page.locator(".criterion[data-criterion=what]")).to_be_hidden()
    expect(page.locator(".is-in-hand .criterion-name")).to_have_text("Where?")
    press(page, "1 Enter 1 Enter")
    rate(page, "4")
    assert "what" not in kept()


def test_a_click_sets_the_place_and_a_required_text_is_asked_for(study, login):
    page = login("reader1")
    start(page)
    press(page, "5 4 2 ArrowDown")
    for label in "AB":
        page.locator(".row-place:not([hidden]) .place-set").nth("AB".index(label)).click()
        box = page.get_by_role("img", name=f"Image {label}").bounding_box()
        page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    press(page, "4 Control+Enter")
    expect(page.locator(".is-in-hand .criterion-error")).to_have_text(
        "Please answer this before you go on."
    )
    page.keyboard.type("odd knee")
    rate(page, "")
    saved = kept()
    assert saved["what"] == "odd knee"
    for label in "AB":
        assert saved[f"spot{label}"] == pytest.approx((0.25, 0.75), abs=0.01)
