"""A reader with the keyboard alone, and with a network that fails."""

import re

import pytest
from playwright.sync_api import expect

from radrate.images.services import exclude
from radrate.reading import texts
from radrate.reading.models import Rating
from radrate.studies import lifecycle
from tests.e2e.entering import start
from tests.e2e.rooms import ahead_is_ready, all_sent, case_number, press, rate, scores
from tests.factories.people import make_user
from tests.factories.studies import (
    make_open_study,
    reference_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCALES = ["anatomy", "joints", "trabeculae", "collimation", "view", "realism"]


@pytest.fixture
def study(transactional_db):
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    return make_open_study(manager=manager, readers=(reader,), block_size=2, n=4)


def test_the_keyboard_alone_rates_a_block_and_hands_it_in(study, login):
    page = login("reader1")
    start(page)
    assert case_number(page) == 1
    rate(page, "5 1 4 2 3 3 2 4 4 4 n 5 2 4")
    expect(page.locator(".pane img").first).to_be_visible()
    assert scores(1) == {
        "anatomyA": 5,
        "anatomyB": 1,
        "jointsA": 4,
        "jointsB": 2,
        "trabeculaeA": 3,
        "trabeculaeB": 3,
        "collimationA": 2,
        "collimationB": 4,
        "viewA": 4,
        "viewB": 4,
        "realismA": None,
        "realismB": 5,
        "real_side": 2,
        "confidence": 4,
    }
    assert case_number(page) == 2
    rate(page, "1 2 3 4 5 1 2 3 4 4 4 5 1 3")
    assert "/block/1/" in page.url
    page.get_by_role("button", name="Submit 2 cases").press("Enter")
    page.wait_for_url(re.compile("/case/"))
    assert case_number(page) == 3


def test_an_earlier_answer_can_be_changed_until_the_block_is_handed_in(study, login):
    page = login("reader1")
    start(page)
    rate(page, "5 1 4 2 3 3 2 4 4 4 5 5 2 4")
    rate(page, "5 1 4 2 3 3 2 4 4 4 5 5 2 4")
    page.get_by_role("link", name=re.compile(r"Case\s*1")).click()
    expect(page.locator(".pane img").first).to_be_visible()
    rate(page, "1")
    assert scores(1)["anatomyA"] == 1
    assert scores(1)["anatomyB"] == 1
    assert Rating.objects.filter(assignment__position=1).count() == 2


def test_a_closed_tab_loses_nothing(study, login):
    page = login("reader1")
    start(page)
    press(page, "5 1 4")
    url, context = page.url, page.context
    page.close()
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".pane img").first).to_be_visible()
    rate(page, "2 3 3 2 4 4 4 5 5 2 4")
    assert scores(1)["anatomyA"] == 5
    assert scores(1)["jointsB"] == 2


def test_a_network_that_fails_saves_once_and_loses_nothing(study, login):
    page = login("reader1")
    start(page)
    failures = []

    def fail_twice(route):
        if len(failures) < 1:
            failures.append("dropped")
            route.abort()
        elif len(failures) < 2:
            failures.append("answer lost")
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("/save$"), fail_twice)
    rate(page, "5 1 4 2 3 3 2 4 4 4 5 5 2 4")
    assert failures == ["dropped", "answer lost"]
    assert Rating.objects.count() == 1


def test_what_is_missing_is_taken_in_hand_and_nothing_is_sent(study, login):
    page = login("reader1")
    start(page)
    press(page, "5 1 4 2 3 3 2 4 4 4 5 5")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert Rating.objects.count() == 0
    rate(page, "1 5")
    assert scores(1)["real_side"] == 1


def test_a_study_that_was_paused_says_so_and_gets_the_answers_when_it_goes_on(study, login):
    page = login("reader1")
    start(page)
    press(page, "5 1 4 2 3 3 2 4 4 4 5 5 2 4")
    lifecycle.pause(study=study, actor=study.manager)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("is paused")).first).to_be_visible()
    assert Rating.objects.count() == 0
    lifecycle.open_study(study=study, actor=study.manager)
    page.reload()
    all_sent(page)  # without another key
    assert scores(1)["anatomyA"] == 5
    assert Rating.objects.count() == 1


def exclude_reference(study, position: int) -> None:
    case = study.readers.get().assignments.get(position=position).case
    exclude(actor=study.manager, ids=[reference_of(case).pk], reason="a name in the corner")


def test_a_case_withdrawn_while_it_is_open_is_told_and_the_next_one_follows(study, login):
    page = login("reader1")
    start(page)
    ahead_is_ready(page)
    next_case = study.readers.get().assignments.get(position=2)
    press(page, "5 1 4 2 3 3 2 4 4 4 5 5 2 4")
    exclude_reference(study, 1)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(texts.withdrawn()).first).to_be_visible()
    page.wait_for_url(re.compile(next_case.token))
    expect(page.locator(".pane img").first).to_be_visible()
    expect(page.get_by_text("Case 1 of 3").first).to_be_visible()
    rate(page, "1 2 3 4 5 1 2 3 4 4 4 5 1 3")
    assert scores(2)["anatomyA"] == 1
    assert Rating.objects.count() == 1
    page.get_by_role("button", name="Submit 1 case").press("Enter")
    page.wait_for_url(re.compile("/case/"))
    assert "Case 2 of 3" in page.locator("body").inner_text()


def test_a_case_withdrawn_before_it_is_reached_is_told_once_and_passed_over(study, login):
    page = login("reader1")
    start(page)
    rate(page, "5 1 4 2 3 3 2 4 4 4 5 5 2 4")
    exclude_reference(study, 2)
    page.reload()
    expect(page.get_by_role("heading", name="Case withdrawn")).to_be_visible()
    page.get_by_role("link", name="Go on").press("Enter")
    page.get_by_role("button", name="Submit 1 case").press("Enter")
    page.wait_for_url(re.compile("/case/"))
    assert "Case 2 of 3" in page.locator("body").inner_text()


def test_images_withdrawn_while_they_load_lead_to_the_sentence(study, login):
    page = login("reader1")
    page.goto("/reading/")
    held = []
    page.route("**/i/**", lambda route: held.append(route))  # noqa: PLW0108
    page.get_by_role("link", name="Start").click()
    while len(held) < 2:
        page.wait_for_timeout(50)
    exclude_reference(study, 1)
    for route in held:
        route.continue_()
    page.unroute("**/i/**")
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_role("heading", name="Case withdrawn")).to_be_visible()
    page.get_by_role("link", name="Go on").press("Enter")
    expect(page.locator(".pane img").first).to_be_visible()
    assert "Case 1 of 3" in page.locator("body").inner_text()


def test_both_panes_move_together_and_the_keys_change_them(study, login):
    page = login("reader1")
    start(page)

    def transforms():
        return page.eval_on_selector_all(".pane img", "all => all.map(i => i.style.transform)")

    resting = transforms()
    press(page, "+ +")
    page.keyboard.press("Alt+ArrowRight")
    zoomed = transforms()
    assert zoomed[0] == zoomed[1] != resting[0]
    press(page, "=")
    assert transforms() == resting
    plain = page.screenshot()
    press(page, "i")
    assert page.screenshot() != plain


def test_a_case_withdrawn_with_nothing_fetched_ahead_leaves_the_screen(study, login):
    page = login("reader1")
    page.route(re.compile(r"\?ahead$"), lambda route: route.abort())
    start(page)
    next_case = study.readers.get().assignments.get(position=2)
    press(page, "5 1 4 2 3 3 2 4 4 4 5 5 2 4")
    exclude_reference(study, 1)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(texts.withdrawn()).first).to_be_visible()
    expect(page.locator(".pane img")).to_have_count(0)
    press(page, "1")
    expect(page.get_by_role("link", name="Go on")).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(next_case.token))
    expect(page.locator(".pane img").first).to_be_visible()
    assert "Case 1 of 3" in page.locator("body").inner_text()
