"""German is whole: nothing is untranslated, and no placeholder is lost."""

import gettext
import re

import pytest
from django.conf import settings
from django.utils import translation

from tests.i18n.catalogue import ROOT, messages, placeholders, read_po

FOLDER = ROOT / "locale" / "de" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def german() -> list[tuple[list[str], list[str]]]:
    return read_po(FOLDER / "django.po")


def test_every_message_of_the_source_is_translated(german):
    told = {message for said, words in german if all(words) for message in said}
    assert sorted(messages() - told) == []


def test_nothing_is_translated_that_nobody_says(german):
    said = {message for entry, _words in german for message in entry}
    assert sorted(said - messages()) == []


def test_no_translation_is_a_guess():
    assert "#, fuzzy" not in (FOLDER / "django.po").read_text()


def test_placeholders_are_the_same(german):
    wrong = [
        said
        for said, words in german
        if any(placeholders(one) - placeholders(said[-1]) for one in words)
        or placeholders(said[-1]) - placeholders(words[-1])
    ]
    assert wrong == []


def test_what_is_shipped_is_what_is_written(german):
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    told = {text for text in compiled._catalog.values() if text}
    written = {text for _said, words in german for text in words}
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
