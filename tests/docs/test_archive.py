"""The document on archives against the code that reads them."""

import re

from generation.archive import importer
from generation.archive.manifest import COLUMNS
from tests.docs.test_docs import first_cells_of, section


def test_archive_md_names_exactly_the_columns_that_are_read() -> None:
    told = first_cells_of(section("docs/archive.md", "## The manifest"))
    assert told == set(COLUMNS.values()) - {"subject"}


def test_archive_md_names_only_synonyms_that_are_read() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \|.*Also (.+?)\. *(?:Where.*)?\|$",
        section("docs/archive.md", "## The manifest"),
        re.MULTILINE,
    )
    assert len(rows) >= 6
    for meaning, words in rows:
        assert {COLUMNS[word] for word in re.findall(r"`(\w+)`", words)} == {meaning}


def test_archive_md_tells_every_reason_of_an_archive() -> None:
    told = first_cells_of(section("docs/archive.md", "## What is told"))
    assert told == set(importer.MESSAGES)
