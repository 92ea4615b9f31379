"""A reading that begins with two examples and hides a catch trial, by keys and by pointer."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from radrate.images.models import Origin
from radrate.images.regions import store_region
from radrate.reading.models import Rating
from radrate.studies import examples, lifecycle
from radrate.studies.models import ReaderStudy
from tests.e2e.test_reading_room import press, rate, start
from tests.factories.images import make_film, make_radiograph
from tests.factories.people import make_user
from tests.factories.readers import admit_all
from tests.factories.studies import lock, make_study, reference_label

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "The cortex of the changed image ends in the middle of the shaft."


def add_example(study: ReaderStudy, part: str, explanation: str) -> None:
    """A film beside an edit of another one, changed in a square right of the middle."""
    region = np.zeros((240, 200), bool)
    region[60:120, 110:150] = True
    film, source = (make_film(body_part_examined=part) for _film in range(2))
    edit = make_film(
        body_part_examined=part,
        origin=Origin.SYNTHETIC,
        source=source,
        **store_region(region),
    )
    phase = study.phases.get()
    examples.add_example(
        actor=study.manager, phase=phase, images=[film, edit], explanation=explanation
    )


@pytest.fixture
def study(transactional_db) -> ReaderStudy:
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    for _grain in range(4):
        make_film(body_part_examined="KNEE")
    study = make_study(manager=manager, readers=(reader,), n=2, catch_trials=1)
    make_radiograph(body_part_examined="HAND")
    add_example(study, "WRIST", WHY)
    add_example(study, "ELBOW", "")
    study = lock(study)
    assert study.state == "locked", study.problem
    return admit_all(lifecycle.open_study(study=study, actor=manager))


def assignment(study: ReaderStudy, position: int):
    return study.readers.get().assignments.get(position=position)


def right_side(study: ReaderStudy, position: int) -> int:
    return "AB".index(reference_label(assignment(study, position))) + 1


def scores(study: ReaderStudy) -> str:
    """The keys that answer every scale of every image."""
    phase = study.phases.get()
    return " ".join("3" * phase.rubric.criteria.count() * phase.images)


def answer(page: Page, study: ReaderStudy, side: int) -> None:
    """Rate the case in hand by keys, and send it."""
    press(page, f"{scores(study)} {side} 4")
    page.keyboard.press("Control+Enter")


def test_a_reader_learns_from_two_examples_and_is_told_nothing_of_the_cases(study, login):
    page = login("reader1")
    start(page)
    panel = page.locator("#feedback")
    expect(panel).to_be_hidden()

    side = right_side(study, 1)
    answer(page, study, side)
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading")).to_contain_text("Right")
    expect(panel).to_contain_text(WHY)
    expect(page.locator(".pane-label").nth(side - 1)).to_have_text(f"{'AB'[side - 1]} · real")
    expect(page.locator(".pane-label").nth(2 - side)).to_have_text(f"{'AB'[2 - side]} · changed")
    expect(page.locator(".pane").nth(2 - side).locator("polygon.mark-line")).to_have_count(1)
    expect(page.locator(".pane").nth(side - 1).locator("polygon")).to_have_count(0)
    expect(page.locator("#live")).to_contain_text(WHY)
    expect(panel.get_by_role("button", name="Go on")).to_be_focused()
    press(page, "1 2 3")
    assert Rating.objects.count() == 1
    first = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    expect(panel).to_be_hidden()
    expect(page.locator(".pane-label").first).to_have_text("A")
    expect(page.locator("polygon")).to_have_count(0)

    expect(page.locator(".pane img").first).to_be_visible()
    answer(page, study, 3 - right_side(study, 2))
    expect(panel.get_by_role("heading")).to_contain_text("Not right")
    second = page.url
    panel.get_by_role("button", name="Go on").click()
    page.wait_for_url(lambda url: url != second)
    page.get_by_role("button", name="Submit 2 cases").press("Enter")
    page.wait_for_url(re.compile("/case/"))

    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for _case in range(3):
        expect(page.locator(".pane img").first).to_be_visible()
        rate(page, f"{scores(study)} 1 4")
        expect(panel).to_be_hidden() if "/case/" in page.url else None
    assert "/block/2/" in page.url
    assert not [url for url in asked if "feedback" in url]
    assert Rating.objects.count() == 5
    kinds = (
        study.readers.get().assignments.order_by("position").values_list("case__kind", flat=True)
    )
    assert sorted(kinds[2:]) == ["catch", "main", "main"]


def test_an_example_that_is_opened_again_shows_its_explanation_and_takes_no_answer(study, login):
    page = login("reader1")
    start(page)
    answer(page, study, right_side(study, 1))
    expect(page.locator("#feedback")).to_be_visible()
    page.reload()
    expect(page.locator("#feedback")).to_contain_text(WHY)
    press(page, "1 1 1")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(assignment(study, 2).token))
    assert Rating.objects.count() == 1


def test_an_explanation_that_cannot_be_fetched_is_asked_for_again(study, login):
    page = login("reader1")
    start(page)
    page.route("**/feedback", lambda route: route.abort())
    answer(page, study, 1)
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    page.unroute("**/feedback")
    again.press("Enter")
    expect(page.locator("#feedback")).to_contain_text(WHY)
    assert Rating.objects.count() == 1
