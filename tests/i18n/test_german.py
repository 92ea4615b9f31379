"""German is whole: nothing is untranslated, and no placeholder is lost."""

import gettext
import re

import pytest
from django.conf import settings
from django.utils import translation

from tests.i18n.catalogue import ROOT, messages, placeholders, read_po

FOLDER = ROOT / "locale" / "de" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def german() -> dict[str, list[str]]:
    return read_po(FOLDER / "django.po")


def test_every_message_of_the_source_is_translated(german):
    missing = sorted(message for message in messages() if not all(german.get(message, [""])))
    assert missing == []


def test_nothing_is_translated_that_nobody_says(german):
    assert sorted(set(german) - messages()) == []


def test_no_translation_is_a_guess():
    assert "#, fuzzy" not in (FOLDER / "django.po").read_text()


def test_placeholders_are_the_same(german):
    wrong = [
        message
        for message, words in german.items()
        if any(placeholders(one) - placeholders(message) for one in words)
        or placeholders(message) - placeholders(words[-1])
    ]
    assert wrong == []


def test_what_is_shipped_is_what_is_written(german):
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    told = {text for text in compiled._catalog.values() if text}
    written = {text for words in german.values() for text in words}
    assert written <= told
    assert all(text in written for text in told if not text.startswith("Project-Id"))


def test_each_language_is_offered_by_its_own_name():
    assert [code for code, _name in settings.LANGUAGES] == ["en", "de"]
    with translation.override("de"):
        assert translation.gettext("Log in") != "Log in"


@pytest.mark.django_db
def test_a_page_comes_in_the_language_of_the_browser_and_of_the_choice(client):
    page = client.get("/accounts/login/", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert re.search('<html lang="de"', page.content.decode())
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    page = client.get("/accounts/login/", headers={"Accept-Language": "de"})
    assert re.search('<html lang="en"', page.content.decode())
