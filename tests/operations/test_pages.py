"""The home page, the pages of errors, and what every page sends along."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.urls import urlpatterns as real_urlpatterns
from tests.factories.people import PASSWORD
from tests.factories.studies import make_study

pytestmark = pytest.mark.django_db
ROOT = Path(django_settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.IGNORECASE)
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son(?!e\b)[a-z]+\s*=\s*[\"']|href\s*=\s*[\"']\s*javascript:",
    re.IGNORECASE,
)
ERRORS = {"conflict": Conflict, "refused": NotAllowed, "wrong": DomainError}


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


def ruled_out(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]("<b>Ask the manager.</b>")


urlpatterns = [*real_urlpatterns, path("broken", broken), path("ruled-out/<str:kind>", ruled_out)]


def test_anonymous_people_log_in_before_they_see_the_home_page(client):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/"


def test_a_reader_is_sent_to_the_readings(client, reader):
    client.force_login(reader)
    answer = client.get("/")
    assert (answer.status_code, answer.url) == (302, "/reading/")


@pytest.mark.parametrize("with_study", [False, True])
def test_every_fragment_of_a_managers_home_page_answers(client, manager, with_study):
    if with_study:
        make_study(manager=manager)
    client.force_login(manager)
    page = client.get("/")
    fragments = re.findall(r'hx-get="([^"]+)"', page.content.decode())
    assert len(fragments) == 3
    for url in fragments:
        answer = client.get(url, headers={"HX-Request": "true"})
        assert answer.status_code == 200, url
        assert b"<html" not in answer.content, url


def test_an_unknown_address_gets_our_page(client):
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_page_of_another_role_says_so(client, reader):
    client.force_login(reader)
    answer = client.get("/studies/")
    assert answer.status_code == 403
    assert "You may not open this page" in answer.content.decode()


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_is_a_page_without_details(client, manager):
    client.force_login(manager)
    client.raise_request_exception = False
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "Something broke" in answer.content.decode()
    assert "a fault of ours" not in answer.content.decode()


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("kind", "status"), [("conflict", 409), ("refused", 403), ("wrong", 422)])
def test_a_broken_rule_is_told_in_words_and_as_text(client, manager, kind, status):
    client.force_login(manager)
    answer = client.get(f"/ruled-out/{kind}")
    assert answer.status_code == status
    assert "&lt;b&gt;Ask the manager.&lt;/b&gt;" in answer.content.decode()


@pytest.mark.parametrize("url", ["/accounts/login/", "/", "/reading/", "/no-such-page", "/healthz"])
def test_every_answer_forbids_inline_code_sniffing_and_frames(client, manager, url):
    if url != "/accounts/login/":
        client.force_login(manager)
    headers = client.get(url).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, manager):
    client.post("/accounts/login/", {"login": "manager", "password": PASSWORD})
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def inline_code(markup: str) -> list[str]:
    """Whatever the content-security policy would refuse in a page."""
    scripts = [
        found.group()
        for found in SCRIPT.finditer(markup)
        if "src=" not in found["attributes"] and "application/json" not in found["attributes"]
    ]
    return scripts + INLINE.findall(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>x()</script>",
        '<script type="module">x()</script>',
        "<style>b{}</style>",
        '<p class="a" style="color:red">',
        '<b onclick="x()">',
        '<a href="javascript:x()">',
    ],
)
def test_inline_code_is_recognised(markup):
    assert inline_code(markup)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_template_holds_inline_code(template):
    assert inline_code(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_inactive"],
)
def test_no_page_of_the_login_holds_inline_code(client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert inline_code(answer.content.decode()) == []
