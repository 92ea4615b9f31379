"""The ledger: what became of every output, excluded ones included."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation import ledger
from radrate.audit.models import Event
from radrate.images.services import exclude
from tests.generation.campaigns import finished, outputs_of, run_all, running
from tests.generation.pages import text, url

pytestmark = pytest.mark.django_db


def table(campaign):
    return list(csv.DictReader(io.StringIO(b"".join(ledger.as_csv(campaign)).decode())))


@pytest.fixture
def campaign(manager):
    made = finished("a knee", "refuse all", "unsupported", "crash", n=2)
    first = outputs_of(made)[0].radiograph
    exclude(actor=manager, ids=[first.pk], reason="two patellae")
    return made


def test_every_output_is_counted_once_and_an_excluded_one_stays_counted(campaign):
    totals = ledger.totals(campaign)
    assert totals == {
        "requested": 8,
        "made": 2,
        "refused": 2,
        "unsupported": 2,
        "failed": 2,
        "cancelled": 0,
        "open": 0,
        "excluded": 1,
        "used": 1,
    }
    rows = list(ledger.rows(campaign))
    assert [row["prompt"] for row in rows] == ["a knee", "refuse all", "unsupported", "crash"]
    assert {name: sum(row[name] for row in rows) for name in totals} == totals


def test_the_csv_has_one_row_an_output_with_its_reason(campaign):
    rows = table(campaign)
    assert len(rows) == 8
    assert list(rows[0]) == [column.name for column in ledger.COLUMNS]
    assert [row["state"] for row in rows[::2]] == [
        "succeeded",
        "refused",
        "unsupported",
        "failed",
    ]
    assert rows[0]["excluded_because"] == "two patellae"
    assert rows[1]["excluded_because"] == ""
    assert rows[2]["reason"] == "the filter does not like “bleeding”"
    assert rows[2]["categories"] == '["violence"]'


def test_no_cell_of_the_csv_is_a_formula():
    rows = table(run_all(running("=1+1 a knee")))
    assert rows[0]["prompt"] == "'=1+1 a knee"


def test_the_page_shows_rows_reasons_and_exclusions(page, campaign):
    body = text(page.get(url("campaign_ledger", campaign.pk)))
    assert "a knee 2 2 0 0 0 0 0 1 1" in body
    assert "All 8 2 2 2 2 0 0 1 1" in body
    assert "refused the filter does not like “bleeding” 2" in body
    assert "two patellae" in body


def test_the_csv_is_a_download_and_audited(page, campaign):
    answer = page.get(url("campaign_ledger_csv", campaign.pk))
    assert "attachment" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).count(b"\r\n") == 9
    assert Event.objects.filter(verb="export_ledger", target_id=str(campaign.pk)).count() == 1


def test_the_page_asks_as_often_for_many_rows_as_for_few(page, manager):
    def asked(campaign):
        exclude(
            actor=manager,
            ids=[o.radiograph_id for o in outputs_of(campaign) if o.radiograph_id],
            reason="blurred",
        )
        with CaptureQueriesContext(connection) as found:
            page.get(url("campaign_ledger", campaign.pk))
        return len(found)

    few = asked(finished("a knee"))
    assert asked(finished("b", "c", "refuse all", "crash", n=3)) == few
