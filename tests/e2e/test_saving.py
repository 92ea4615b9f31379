"""What is promised about saving (docs/reliability.md, Ratings), in a real browser: P1 to P5."""

import os
import re
import signal
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from playwright.sync_api import expect

from radrate.reading.models import Rating
from radrate.studies.models import StudyReader
from tests.browser import arguments, ensure_browser
from tests.e2e.entering import start
from tests.e2e.rooms import (
    KEYS,
    OTHER_KEYS,
    ahead_is_ready,
    all_sent,
    case_number,
    images_shown,
    kept,
    press,
    rate,
    scores,
    submit,
    wait_until,
    waiting,
)
from tests.factories.people import PASSWORD, make_user
from tests.factories.studies import make_open_study

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVE = re.compile("/save$")


@pytest.fixture
def study(transactional_db):
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    return make_open_study(manager=manager, readers=(reader,), block_size=4, n=4)


def ratings() -> list[tuple[int, int]]:
    """Position and revision of every sheet that the server has."""
    rows = Rating.objects.order_by("assignment__position", "revision")
    return list(rows.values_list("assignment__position", "revision"))


def test_p1_saved_is_said_only_after_the_commit(study, login):
    page = login("reader1")
    start(page)
    ahead_is_ready(page)
    press(page, KEYS)
    may_commit, is_held = threading.Event(), threading.Event()

    def hold_the_row() -> None:
        """As a slow database would: the sheet cannot be committed before this is."""
        with transaction.atomic():
            StudyReader.objects.select_for_update().get()
            is_held.set()
            may_commit.wait(20)
        connection.close()

    holder = threading.Thread(target=hold_the_row)
    holder.start()
    is_held.wait(10)
    submit(page)
    expect(page.locator("#save-state")).to_have_text("Saving")
    page.wait_for_timeout(700)
    assert page.locator("#save-state").inner_text() == "Saving"
    assert ratings() == []
    may_commit.set()
    holder.join()
    expect(page.locator("#save-state")).to_have_text("Case 1: saved")
    assert ratings() == [(1, 1)]


def test_p2_an_answer_is_in_the_browser_before_it_is_sent(study, login):
    page = login("reader1")
    start(page)
    press(page, "5 1 4")
    wait_until(lambda: kept(page, "drafts") != [])
    (draft,) = kept(page, "drafts")
    assert draft["answers"]["joints:A"] == {"value": 4, "not_applicable": False}
    held = []
    page.route(SAVE, lambda route: held.append(route))  # noqa: PLW0108
    press(page, "2 3 3 2 4 4 4 5 5 2 4")
    submit(page)
    while not held:
        page.wait_for_timeout(20)
    (entry,) = kept(page, "outbox")
    assert held[0].request.post_data_json["id"] == entry["payload"]["id"]
    assert kept(page, "drafts") == []
    assert ratings() == []
    held[0].continue_()
    all_sent(page)
    assert ratings() == [(1, 1)]


def test_p2_offline_the_reader_goes_on_with_what_is_here_and_all_of_it_arrives(study, login):
    page = login("reader1")
    start(page)
    ahead_is_ready(page, cases=2)
    page.context.set_offline(True)
    press(page, KEYS)
    submit(page)
    expect(page.get_by_text("Case 2 of 4").first).to_be_visible()
    images_shown(page)
    waiting(page, 1)
    press(page, OTHER_KEYS)
    submit(page)
    expect(page.get_by_text("Case 3 of 4").first).to_be_visible()
    waiting(page, 2)
    press(page, KEYS)
    submit(page)
    waiting(page, 3)
    assert case_number(page) == 3  # the fourth is not here
    expect(page.get_by_role("button", name="Try again now")).to_be_visible()
    assert ratings() == []
    page.context.set_offline(False)
    expect(page.get_by_text("Case 4 of 4").first).to_be_visible()
    assert ratings() == [(1, 1), (2, 1), (3, 1)]
    assert (scores(1)["anatomyA"], scores(2)["anatomyA"]) == (5, 1)
    shown = study.readers.get().assignments.filter(shown_at__isnull=False)
    assert shown.count() == 4
    times = list(shown.order_by("position").values_list("shown_at", flat=True))
    assert times == sorted(times)
    answered = Rating.objects.order_by("assignment__position").values_list("at", flat=True)
    assert times[2] < answered[0]  # case 3 was shown before the server had case 1


def pid_of(profile: Path) -> int:
    """The process of the browser that was started with this profile, not one of its children."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}" in words and not any(
            w.startswith("--type=") for w in words
        ):
            return int(entry.name)
    raise AssertionError


def test_p2_a_browser_that_is_killed_offline_sends_when_it_is_back(
    study, browser, live_server, tmp_path, playwright_of_the_run
):
    def launch():
        return playwright_of_the_run.chromium.launch_persistent_context(
            tmp_path, executable_path=ensure_browser(), args=arguments(), base_url=live_server.url
        )

    def enter(page):
        page.goto("/accounts/login/")
        page.get_by_label("User name").fill("reader1")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)

    context = launch()
    page = context.new_page()
    enter(page)
    start(page)
    ahead_is_ready(page, cases=2)
    context.set_offline(True)
    press(page, KEYS)
    submit(page)
    waiting(page, 1)
    images_shown(page)
    press(page, OTHER_KEYS)
    submit(page)
    waiting(page, 2)
    images_shown(page)
    press(page, "5 1")  # the third case is begun
    wait_until(lambda: kept(page, "drafts") != [])
    os.kill(pid_of(tmp_path), signal.SIGKILL)
    context = launch()
    page = context.new_page()
    enter(page)
    page.goto("/reading/")  # no case is opened: any page of the reader's sends what waits
    wait_until(lambda: ratings() == [(1, 1), (2, 1)])
    all_sent(page)
    assert (scores(1)["anatomyA"], scores(2)["anatomyA"]) == (5, 1)
    page.goto(f"/reading/case/{study.readers.get().assignments.get(position=3).token}/")
    images_shown(page)
    rate(page, "4 2 3 3 2 4 4 4 5 5 2 4")
    assert (scores(3)["anatomyA"], scores(3)["anatomyB"]) == (5, 1)
    context.close()


def test_p3_whatever_becomes_of_a_request_it_is_saved_once(study, login):
    page = login("reader1")
    start(page)
    happened = []

    def fail(route):
        happened.append(route.request.post_data_json["id"])
        match len(happened):
            case 1:
                route.abort()
            case 2:
                route.fetch()
                route.abort()
            case 3:
                route.fetch()
                route.fulfill(status=502, body="Bad gateway")
            case 4:
                route.fetch()
                route.fulfill(
                    status=200, content_type="text/html", body="<p>Log in to the Wi-Fi</p>"
                )
            case _:
                route.continue_()

    page.route(SAVE, fail)
    press(page, KEYS)
    submit(page)
    for _attempt in range(40):
        if len(happened) >= 5:
            break
        page.wait_for_timeout(100)
        submit(page) if page.locator("#next[data-state=waiting]").count() else None
        page.evaluate("dispatchEvent(new Event('online'))")
    all_sent(page)
    assert len(happened) == 5
    assert len(set(happened)) == 1
    assert ratings() == [(1, 1)]


@pytest.mark.parametrize("ahead", [True, False])
def test_p4_a_double_click_or_enter_twice_is_one_row(study, login, ahead):
    page = login("reader1")
    if not ahead:
        page.route(re.compile(r"\?ahead$"), lambda route: route.abort())
    sent = []
    page.on("request", lambda request: sent.append(request) if SAVE.search(request.url) else None)
    start(page)
    if ahead:
        ahead_is_ready(page)
    press(page, KEYS)
    page.locator("#next").dblclick()
    expect(page.get_by_text("Case 2 of 4").first).to_be_visible()
    images_shown(page)
    all_sent(page)
    assert page.locator(".criterion-error:visible").count() == 0
    press(page, OTHER_KEYS)
    page.evaluate(
        """for (const repeat of [false, false, true]) document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {code: "Enter", key: "Enter", ctrlKey: true, repeat,
                                          bubbles: true, cancelable: true}))"""
    )
    expect(page.get_by_text("Case 3 of 4").first).to_be_visible()
    all_sent(page)
    assert ratings() == [(1, 1), (2, 1)]
    assert len(sent) == 2


@pytest.mark.parametrize(("choice", "stands"), [("Those from this tab", 1), ("The saved ones", 5)])
def test_p5_a_second_computer_is_given_the_choice(study, login, choice, stands):
    one, other = login("reader1"), login("reader1")
    start(one)
    start(other)
    press(one, KEYS)
    press(other, OTHER_KEYS)
    submit(one)
    all_sent(one)
    submit(other)
    question = other.get_by_text(re.compile("was rated in another window"))
    expect(question.first).to_be_visible()
    assert case_number(other) == 1
    assert ratings() == [(1, 1)]
    other.get_by_role("button", name=choice).press("Enter")
    assert len(kept(other, "outbox")) == (1 if stands == 1 else 0)
    rate(other, "")
    assert scores(1)["anatomyA"] == stands
    assert ratings() == ([(1, 1), (1, 2)] if stands == 1 else [(1, 1)])
    first = Rating.objects.get(revision=1)
    assert first.scores.get(criterion__key="anatomy", image="A").value == 5


def test_p5_a_second_tab_takes_the_case_over_with_all_of_its_answers(study, login):
    one = login("reader1")
    start(one)
    press(one, "5 1 4")
    wait_until(lambda: kept(one, "drafts") != [])
    other = one.context.new_page()
    other.goto(one.url)
    images_shown(other)
    expect(one.get_by_text("opened in another tab").first).to_be_visible()
    press(one, "1")  # is not taken any more
    press(other, "2 3 3 2 4")
    one.get_by_role("button", name="Go on here").press("Enter")
    expect(other.get_by_text("opened in another tab").first).to_be_visible()
    images_shown(one)
    rate(one, "4 4 5 5 2 4")
    assert ratings() == [(1, 1)]
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
        "realismA": 5,
        "realismB": 5,
        "real_side": 2,
        "confidence": 4,
    }


def test_p5_only_one_tab_sends_and_both_know(study, login):
    one = login("reader1")
    sent = []
    one.context.on(
        "request", lambda request: sent.append(request) if SAVE.search(request.url) else None
    )
    start(one)
    ahead_is_ready(one)
    one.context.set_offline(True)
    press(one, KEYS)
    submit(one)
    waiting(one, 1)
    one.context.set_offline(False)
    other = one.context.new_page()
    other.goto("/reading/")
    all_sent(other)
    expect(one.locator("#save-state")).to_have_text("Case 1: saved")
    assert ratings() == [(1, 1)]
    assert len({request.post_data_json["id"] for request in sent}) == 1


def test_what_the_server_refuses_is_told_at_its_field_and_nothing_is_lost(study, login):
    page = login("reader1")
    start(page)
    ahead_is_ready(page)

    def spoil(route):
        sheet = route.request.post_data_json
        sheet["answers"][2]["value"] = 9
        route.continue_(post_data=sheet)

    page.route(SAVE, spoil, times=1)
    press(page, KEYS)
    submit(page)
    # the reader has gone on, and is led back
    expect(page.get_by_text("Choose 1 to 5.").first).to_be_visible()
    expect(page.get_by_text("Case 1 of 4").first).to_be_visible()
    images_shown(page)
    assert ratings() == []
    assert page.locator(".criterion.is-in-hand").inner_text().lower().count("joints") == 1
    rate(page, "3")
    assert scores(1) == {
        "anatomyA": 5,
        "anatomyB": 1,
        "jointsA": 3,
        "jointsB": 2,
        "trabeculaeA": 3,
        "trabeculaeB": 3,
        "collimationA": 2,
        "collimationB": 4,
        "viewA": 4,
        "viewB": 4,
        "realismA": 5,
        "realismB": 5,
        "real_side": 2,
        "confidence": 4,
    }
    expect(page.get_by_text("Case 2 of 4").first).to_be_visible()
