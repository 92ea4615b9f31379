"""What is promised about saving, in a real browser: P6 to P9 and P12, who and when."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from radrate.exports.ratings import RATINGS
from radrate.exports.streams import stream_csv
from radrate.reading.models import Rating
from radrate.studies import lifecycle
from tests.e2e.entering import start
from tests.e2e.rooms import (
    KEYS,
    OTHER_KEYS,
    ahead_is_ready,
    all_sent,
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
IDENTITY = re.compile(r"reader1|example\.org|correct horse|Secret name", re.IGNORECASE)
EVERYTHING_KEPT = """async () => {
    const all = {local: {...localStorage}, session: {...sessionStorage}};
    all.caches = await caches.keys();
    all.databases = await indexedDB.databases();
    all.workers = (await navigator.serviceWorker.getRegistrations()).length;
    return all;
}"""


@pytest.fixture
def study(transactional_db):
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    make_user(username="reader2")
    return make_open_study(manager=manager, readers=(reader,), block_size=4, n=4)


def log_in_again(page: Page, username: str) -> None:
    dialog = page.get_by_role("dialog", name="Log in again")
    dialog.get_by_label("User name").fill(username)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Log in").press("Enter")


def test_p6_a_session_that_ended_is_begun_again_in_the_page(study, login):
    page = login("reader1")
    start(page)
    ahead_is_ready(page)
    Session.objects.all().delete()
    press(page, KEYS)
    submit(page)
    dialog = page.get_by_role("dialog", name="Log in again")
    expect(dialog).to_contain_text("You are logged out. Your answers are kept")
    assert len(kept(page, "outbox")) == 1
    place = page.url
    dialog.get_by_label("User name").fill("reader1")
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Log in").press("Enter")
    expect(dialog).to_contain_text("not correct")
    assert Rating.objects.count() == 0
    log_in_again(page, "reader1")
    expect(dialog).to_be_hidden()
    all_sent(page)
    assert page.url == place
    rate(page, OTHER_KEYS)
    assert (scores(1)["anatomyA"], scores(2)["anatomyA"]) == (5, 1)


def test_p6_nothing_is_sent_in_another_readers_name(study, login):
    page = login("reader1")
    start(page)
    ahead_is_ready(page)
    Session.objects.all().delete()
    press(page, KEYS)
    submit(page)
    dialog = page.get_by_role("dialog", name="Log in again")
    expect(dialog).to_be_visible()
    log_in_again(page, "reader2")
    expect(dialog).to_contain_text("Somebody else has logged in.")
    assert len(kept(page, "outbox")) == 1
    assert Rating.objects.count() == 0
    other = page.context.new_page()
    other.goto("/reading/")  # as reader2, whose pages send nothing of it either
    other.wait_for_timeout(500)
    assert len(kept(other, "outbox")) == 1
    assert other.locator("#unsent").is_hidden()
    other.close()
    log_in_again(page, "reader1")
    expect(dialog).to_be_hidden()
    all_sent(page)
    assert Rating.objects.get().assignment.study_reader.user.username == "reader1"


def test_p6_the_server_takes_no_sheet_that_was_kept_for_somebody_else(study, login):
    """Even were the case both readers', as when one has been given the other's place."""
    page = login("reader1")
    start(page)
    press(page, KEYS)
    page.route(
        re.compile("/save$"),
        lambda route: route.continue_(headers=route.request.headers | {"x-reader": "f" * 16}),
    )
    with page.expect_response(re.compile("/save$")) as refused:
        submit(page)
    assert refused.value.status == 401
    assert Rating.objects.count() == 0


def test_p7_time_is_the_servers_and_the_monotonic_clocks_without_pauses(study, login):
    page = login("reader1")
    page.clock.install(time="2031-02-03T04:05:06Z")  # the computer's clock is years off
    before = timezone.now()
    start(page)
    press(page, "5 1 4 2")
    page.clock.run_for(30_000)
    press(page, "3 3")
    page.clock.run_for(5 * 60_000)  # nobody is there: the first minute counts
    press(page, "2")
    hide(page, hidden=True)
    page.clock.run_for(40_000)
    hide(page, hidden=False)
    page.clock.run_for(10_000)
    press(page, "4 4 4 5 5 2 4")
    submit(page)
    wait_until(Rating.objects.exists)
    rating = Rating.objects.get()
    assert before <= rating.assignment.shown_at <= rating.at <= timezone.now()
    assert 100_000 <= rating.duration_ms < 115_000  # 30 + 60 + 10 s, and the test's own
    idle, hidden = rating.pauses
    assert (idle["why"], hidden["why"]) == ("idle", "hidden")
    assert 239_000 <= idle["ms"] < 245_000
    assert 40_000 <= hidden["ms"] < 43_000
    assert 90_000 <= idle["after_ms"] <= hidden["after_ms"] < 100_000
    assert rating.paused_ms == idle["ms"] + hidden["ms"]
    row = rows_of(study)[0]
    assert row["duration_ms"] == str(rating.duration_ms)
    assert row["paused_ms"] == str(rating.paused_ms)
    assert json.loads(row["pauses"]) == rating.pauses


def hide(page: Page, *, hidden: bool) -> None:
    """As a browser does when another tab comes to the front."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def rows_of(study) -> list[dict[str, str]]:
    text = b"".join(stream_csv(RATINGS, study)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_p8_a_change_keeps_the_old_answers_who_when_and_why(study, login):
    page = login("reader1")
    start(page)
    expect(page.get_by_label("Why you change your answers")).to_be_hidden()
    rate(page, KEYS)
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_text("Case 1 of 4").first).to_be_visible()
    images_shown(page)
    press(page, "1")
    page.get_by_label("Why you change your answers").fill("mixed up A and B")
    rate(page, "")
    first, second = Rating.objects.order_by("revision")
    values = [
        rating.scores.get(criterion__key="anatomy", image="A").value for rating in (first, second)
    ]
    assert values == [5, 1]
    assert (first.reason, second.reason) == ("", "mixed up A and B")
    assert first.at < second.at
    assert second.assignment.study_reader.user.username == "reader1"
    assert {row["reason"] for row in rows_of(study) if row["position"] == "1"} == {
        "mixed up A and B"
    }


def test_p9_what_was_answered_before_the_close_is_kept_and_marked_as_late(study, login):
    page = login("reader1")
    start(page)
    rate(page, OTHER_KEYS)
    ahead_is_ready(page, cases=2)
    page.context.set_offline(True)
    press(page, KEYS)
    submit(page)
    waiting(page, 1)
    images_shown(page)
    press(page, KEYS)  # of case 3, of which the server knows nothing yet
    submit(page)
    waiting(page, 2)
    lifecycle.close(study=study, actor=study.manager)
    page.context.set_offline(False)
    expect(page.get_by_text("The reading has been closed meanwhile").first).to_be_visible()
    all_sent(page)
    late = Rating.objects.order_by("assignment__position").values_list(
        "assignment__position", "late"
    )
    assert list(late) == [(1, False), (2, True), (3, True)]
    assert {(row["position"], row["late"]) for row in rows_of(study)} == {
        ("1", "f"),
        ("2", "t"),
        ("3", "t"),
    }
    page.get_by_role("link", name="To my readings").press("Enter")
    expect(page.get_by_text("3 of 4 cases").first).to_be_visible()


def test_p9_after_the_unblinding_nothing_is_taken_and_the_reader_decides(study, login):
    page = login("reader1")
    start(page)
    press(page, KEYS)
    closed = lifecycle.close(study=study, actor=study.manager)
    lifecycle.unblind(study=closed, actor=study.manager, reason="the end")
    page.route(re.compile(r"\?ahead$"), lambda route: route.abort())
    submit(page)
    expect(page.get_by_text("came too late to be saved").first).to_be_visible()
    assert len(kept(page, "outbox")) == 1
    assert Rating.objects.count() == 0
    page.goto("/reading/")
    expect(page.get_by_text("came too late to be saved")).to_be_visible()
    page.get_by_role("button", name="Delete these answers").press("Enter")
    wait_until(lambda: kept(page, "outbox") == [])
    expect(page.get_by_text("came too late to be saved")).to_be_hidden()


def test_p12_neither_an_image_nor_a_person_is_kept_and_a_logout_leaves_nothing(study, login):
    page = login("reader1")
    start(page)
    ahead_is_ready(page, cases=2)
    page.context.set_offline(True)
    press(page, KEYS)
    submit(page)
    waiting(page, 1)
    images_shown(page)
    press(page, "5 1")
    wait_until(lambda: kept(page, "drafts") != [])
    page.context.set_offline(False)
    page.route(re.compile("/save$"), lambda route: route.abort())
    everything = page.evaluate(EVERYTHING_KEPT)
    assert everything["local"] in ({}, {"radrate:single-keys": "on"})
    assert everything["session"] == {}
    assert everything["caches"] == []
    assert everything["workers"] == 0
    assert [base["name"] for base in everything["databases"]] == ["radrate"]
    records = kept(page, "drafts") + kept(page, "outbox")
    assert len(records) == 2
    text = json.dumps(records)
    assert not IDENTITY.search(text)
    assert "/i/" not in text
    assert len(text) < 8000

    page.goto("/reading/")
    page.route(re.compile("/save$"), lambda route: route.abort())
    questions = []

    def answer(dialog):
        questions.append(dialog.message)
        dialog.accept() if len(questions) == 2 else dialog.dismiss()

    page.on("dialog", answer)
    page.get_by_role("button", name="Log out").click()
    wait_until_said(page, questions, 1)
    assert "not saved yet: 1" in questions[0]
    assert len(kept(page, "outbox")) == 1  # declined: still here, still logged in
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(lambda url: "/reading/" not in url)
    assert kept(page, "outbox") == []
    assert kept(page, "drafts") == []


def wait_until_said(page: Page, questions: list[str], count: int) -> None:
    for _attempt in range(100):
        if len(questions) >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError


def test_p12_what_another_reader_left_is_removed_after_a_week(study, login):
    page = login("reader1")
    start(page)
    for days in (6, 8):
        at = (timezone.now() - timedelta(days=days)).timestamp() * 1000
        page.evaluate(
            """([at, token]) => new Promise(resolve => {
                const opening = indexedDB.open("radrate", 1);
                opening.onsuccess = () => {
                    const writing = opening.result.transaction("drafts", "readwrite");
                    writing.objectStore("drafts").put({reader: "other", token, at});
                    writing.oncomplete = () => { opening.result.close(); resolve(); };
                };
            })""",
            [at, str(days)],
        )
    page.reload()
    images_shown(page)
    wait_until(lambda: len(kept(page, "drafts")) == 1)
    assert kept(page, "drafts")[0]["token"] == "6"
