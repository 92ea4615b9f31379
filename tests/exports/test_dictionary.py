"""Every column of every export is told where programs and people look for it."""

import csv
import io
from pathlib import Path

import pytest

from radrate.exports.marks import MARKS
from radrate.exports.ratings import RATINGS
from radrate.exports.readers import READERS

pytestmark = pytest.mark.django_db


def test_the_data_dictionary_tells_every_column(client, manager):
    client.force_login(manager)
    page = client.get("/studies/data-dictionary.csv").content.decode()
    assert list(csv.reader(io.StringIO(page)))[1:] == [
        [export.name, column.name, column.meaning, str(column.truth)]
        for export in (RATINGS, MARKS, READERS)
        for column in export.columns
    ]


@pytest.mark.parametrize("export", [RATINGS, MARKS, READERS], ids=lambda export: export.name)
def test_the_document_has_a_table_of_exactly_the_columns(export):
    sections = Path("docs/data-dictionary.md").read_text().split("\n## ")
    section = next(text for text in sections if text.lower().startswith(export.name))
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{column.name}` | {column.meaning} | {'yes' if column.truth else ''} |"
        for column in export.columns
    ]


@pytest.mark.parametrize(
    ("export", "row"),
    [(RATINGS, "RatingRow"), (MARKS, "MarkRow"), (READERS, "ReaderRow")],
)
def test_the_schema_names_every_column(client, export, row):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    properties = schema.json()["components"]["schemas"][row]["properties"]
    assert list(properties) == [column.name for column in export.columns]
    assert f"/api/v1/studies/{{study_id}}/{export.name}/" in schema.json()["paths"]
