"""Find the edit: pointed at by pointer and by keys, explained after an example, then scored."""

import re

import pytest
from playwright.sync_api import Page, expect

from radrate.images.models import Batch
from radrate.reading.models import Localisation, Score
from radrate.reading.places import score_places
from radrate.studies import examples
from radrate.studies.models import ReaderStudy
from tests.e2e.test_examples import scores
from tests.e2e.test_reading_room import press, start
from tests.factories.images import make_batch
from tests.factories.people import make_user
from tests.reading.test_places import IN, make_edit, make_study, opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def study(transactional_db) -> ReaderStudy:
    """One example and two cases, changed in the upper right of the middle."""
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    study = make_study(manager, (reader,))
    example = make_edit(make_batch(kind=Batch.Kind.CAMPAIGN, title="Other"), part="HAND")
    examples.add_example(actor=manager, phase=study.phases.get(), images=[example])
    return opened(study)


def click_at(page: Page, x: float, y: float) -> None:
    """A place of the image, in shares of it."""
    box = page.locator(".pane img").bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def score_all(page: Page, study: ReaderStudy) -> None:
    """Every scale of the rubric; then the place is asked for."""
    press(page, f"{scores(study)} 1")
    expect(page.locator("body.is-placing")).to_be_visible()


def place(position: int) -> tuple[float, float]:
    score = Score.objects.get(rating__assignment__position=position, x__isnull=False)
    return float(score.x), float(score.y)


def test_a_place_is_pointed_at_by_pointer_and_by_keys_and_scored(study, login):
    page = login("reader1")
    start(page)
    panel = page.locator("#feedback")

    score_all(page, study)
    click_at(page, *IN)
    press(page, "4")
    page.keyboard.press("Control+Enter")
    expect(panel.get_by_role("heading")).to_contain_text("Right")
    expect(page.locator("polygon.mark-line")).to_have_count(1)
    expect(page.locator(".pane-marks circle.mark-line")).to_have_count(1)
    first = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    page.get_by_role("button", name="Submit 1 case").press("Enter")
    page.wait_for_url(re.compile("/case/"))

    expect(page.locator(".pane img")).to_be_visible()
    expect(page.locator("polygon")).to_have_count(0)
    score_all(page, study)
    press(page, "ArrowRight ArrowRight ArrowUp ArrowUp ArrowUp Enter 5")
    second = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != second)

    expect(page.locator(".pane img")).to_be_visible()
    score_all(page, study)
    click_at(page, 0.1, 0.9)
    press(page, "1")
    third = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != third)
    assert "/block/2/" in page.url

    assert place(1) == pytest.approx(IN, abs=0.01)
    assert place(3) == pytest.approx((0.1, 0.9), abs=0.01)
    assert score_places(study=study) == 3
    found = {
        one.score.rating.assignment.position: one
        for one in Localisation.objects.select_related("score__rating__assignment")
    }
    assert [found[position].hit for position in (1, 2, 3)] == [True, True, False]
    assert found[2].distance == 0
    assert found[3].distance > 0.4
