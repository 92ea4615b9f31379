"""From the link in a mail to the first case: what a person meets who has never been here."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from radrate.reading.models import Consent, PhaseEntry, ReaderProfile
from radrate.studies import lifecycle
from radrate.studies.enrolment import add_reader
from radrate.studies.invitations import tasks
from tests.e2e.conftest import SIZE
from tests.e2e.test_reading_room import rate
from tests.factories.people import make_user
from tests.factories.readers import admit
from tests.factories.studies import make_open_study

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "several long words 83"
SIZES = [(1440, 900), (1024, 768), (390, 844)]


@pytest.fixture
def study(transactional_db):
    manager = make_user(username="manager", is_manager=True)
    return make_open_study(manager=manager, n=2, block_size=2)


@pytest.fixture
def stranger(browser, live_server):
    """A browser that nobody has logged in with."""
    context = browser.new_context(base_url=live_server.url, viewport=SIZE, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def invite(page: Page, study, email: str) -> str:
    """As the manager does, through the page; the link of the mail."""
    page.goto(f"/studies/{study.pk}/")
    page.get_by_role("link", name="Invite by e-mail").click()
    page.get_by_label("E-mail addresses").fill(email)
    page.get_by_role("button", name="Send invitations").click()
    expect(page.get_by_text("1 invitation is sent.")).to_be_visible()
    tasks.sweep()
    return re.search(r"\S+/invitations/\S+", mail.outbox[-1].body)[0]


def enter(page: Page) -> None:
    """Go on by the button that has the focus, by the keyboard alone."""
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def nothing_is_hidden(page: Page) -> None:
    """At the page's own size and at a telephone's: no sideways scrolling, and the page begins at
    its top although its button has the focus."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate("scrollY") == 0
        expect(page.locator("h1").first).to_be_in_viewport()
        expect(page.locator(".primary").first).to_be_in_viewport()
    page.set_viewport_size(SIZE)
    page.reload()


def skip_display_check(page) -> None:
    page.get_by_role("button", name="Skip").click()
    page.wait_for_url(re.compile("/reading/case/"))
    expect(page.locator(".pane img").first).to_be_visible()


def test_a_first_time_reader_comes_from_the_mail_to_the_first_case(study, login, stranger):
    link = invite(login("manager"), study, "anna@example.org")
    page = stranger
    page.goto(link)
    screens = ["account"]
    page.get_by_label("User name").fill("anna")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    enter(page)

    screens.append(page.locator("h1").inner_text())
    page.get_by_label("years of experience").fill("12")
    page.get_by_label("specialty").select_option("radiology")
    page.get_by_role("button", name="I agree and take part").press("Enter")
    page.wait_for_url(re.compile("/instructions/1/"))
    while "/display/" not in page.url:
        screens.append(page.locator("h1").inner_text())
        nothing_is_hidden(page)
        expect(page.locator(".go-on .primary")).to_be_focused()
        enter(page)
    screens.append(page.locator("h1").inner_text())
    nothing_is_hidden(page)
    skip_display_check(page)
    expect(page.locator(".pane img").first).to_be_visible()

    assert screens == [
        "account",
        study.neutral_title,
        "What you see",
        "What you answer",
        "Keys and marks",
        "Display check",
    ]
    assert Consent.objects.count() == PhaseEntry.objects.count() == 1
    profile = ReaderProfile.objects.get()
    assert (profile.years_of_experience, profile.specialty) == (12, "radiology")


def test_a_reader_who_comes_again_is_at_the_case_with_one_press(study, login):
    make_user(username="reader1")
    link = invite(login("manager"), study, "reader1@example.org")
    page = login("reader1")
    page.goto(link)
    enter(page)
    page.get_by_label("years of experience").fill("3")
    page.get_by_label("specialty").select_option("radiology_training")
    page.get_by_role("button", name="I agree and take part").click()
    for _screen in range(3):
        expect(page.locator(".go-on .primary")).to_be_focused()
        enter(page)
    skip_display_check(page)
    page.goto("/reading/")
    page.get_by_role("link", name="Start").press("Enter")
    expect(page.locator(".pane img").first).to_be_visible()


def test_the_end_is_a_certificate_and_after_the_close_a_debrief(study, login):
    user = make_user(username="reader1")
    admit(add_reader(actor=study.manager, study=study, user=user))
    page = login("reader1")
    page.goto("/reading/")
    page.get_by_role("link", name="Start").press("Enter")
    for keys in ("5 1 4 2 3 3 2 4 4 4 n 5 2 4", "1 2 3 4 5 1 2 3 4 4 4 5 1 3"):
        expect(page.locator(".pane img").first).to_be_visible()
        rate(page, keys)
    page.get_by_role("button", name="Submit 2 cases").press("Enter")
    page.get_by_role("link", name="Certificate of participation").click()
    page.get_by_label("Your name").fill("Dr. Anna Müller")
    page.get_by_role("button", name="Issue the certificate").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    code = download.value.suggested_filename.removesuffix(".pdf")
    page.goto("/certificates/")
    page.get_by_label("Code").fill(code.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Valid: 2 cases were read.")
    lifecycle.close(study=study, actor=study.manager)
    page.goto("/reading/")
    page.get_by_role("link", name=study.neutral_title).click()
    page.get_by_role("link", name="Debrief").press("Enter")
    expect(page.get_by_role("heading", name="Whose images you saw")).to_be_visible()


def test_whoever_leaves_is_asked_first_and_enter_stays(study, login):
    make_user(username="reader1")
    link = invite(login("manager"), study, "reader1@example.org")
    page = login("reader1")
    page.goto(link)
    enter(page)
    page.goto("/reading/")
    page.get_by_role("link", name=study.neutral_title).click()
    page.get_by_role("link", name="Leave this reading").click()
    expect(page.get_by_role("link", name="Stay")).to_be_focused()
    enter(page)
    expect(page.get_by_role("link", name="Start")).to_be_visible()
    page.get_by_role("link", name="Leave this reading").click()
    page.get_by_role("button", name="Leave for good").click()
    expect(page.get_by_text("You left this reading on")).to_be_visible()
    expect(page.get_by_role("link", name="Start")).to_have_count(0)
