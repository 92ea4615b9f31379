import csv
import io
import json
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from radrate.audit.models import Event
from radrate.exports.columns import COLUMNS
from radrate.exports.ratings import RATINGS
from radrate.exports.streams import stream_csv, stream_json
from radrate.images.models import Radiograph
from radrate.images.services import exclude
from radrate.studies import lifecycle
from radrate.studies.models import Assignment, ReaderStudy
from tests.factories.people import make_user
from tests.factories.studies import (
    IMAGE_OF,
    make_open_study,
    rate,
    reference_label,
)

pytestmark = pytest.mark.django_db
TRUTH = [column.name for column in COLUMNS if column.truth]


@pytest.fixture
def study(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,))
    for assignment in study.readers.get().assignments.order_by("position"):
        rate(
            assignment, value=assignment.position, side=2, comment="=cmd|' /C calc'!A0, \"x\"\n\\y"
        )
    return study


def rows(study: ReaderStudy) -> list[dict[str, str]]:
    text = b"".join(stream_csv(RATINGS, study)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def unblinded(study: ReaderStudy) -> ReaderStudy:
    closed = lifecycle.close(study=study, actor=study.manager)
    return lifecycle.unblind(study=closed, actor=study.manager, reason="test")


def test_one_row_per_reader_case_image_and_criterion(study):
    found = rows(study)
    assert len(found) == 4 * 14
    keys = {(r["reader"], r["case"], r["image"], r["criterion"]) for r in found}
    assert len(keys) == len(found)
    assert {r["criterion"] for r in found if r["image"] == ""} == {"real_side", "confidence"}
    anatomy = [r for r in found if r["criterion"] == "anatomy" and r["image"] == "A"]
    assert [r["value"] for r in anatomy] == [r["position"] for r in anatomy]


@pytest.mark.parametrize("state", ["open", "closed"])
def test_no_truth_before_the_unblinding(study, state):
    if state == "closed":
        study = lifecycle.close(study=study, actor=study.manager)
    assert {row[name] for row in rows(study) for name in TRUTH} == {""}
    loaded = json.loads(b"".join(stream_json(RATINGS, study)))
    assert {row[name] for row in loaded for name in TRUTH} == {None}


def test_truth_after_the_unblinding_is_what_was_allocated(study):
    found = rows(unblinded(study))
    sides = {one.position: reference_label(one) for one in Assignment.objects.all()}
    for row in found:
        side = sides[int(row["position"])]
        assert row["reference_side"] == side
        if row["image"]:
            assert row["image_origin"] == ("real" if row["image"] == side else "synthetic")
        if row["criterion"] == "real_side":
            assert row["correct"] == ("t" if side == "B" else "f")


def test_only_the_last_revision_is_exported(study):
    first = study.readers.get().assignments.get(position=1)
    rate(first, revision=1, value=2)
    found = [r for r in rows(study) if r["position"] == "1"]
    assert len(found) == 14
    assert {r["revision"] for r in found} == {"2"}


def test_a_correction_after_the_lock_does_not_change_the_export(study):
    before = rows(study)
    Radiograph.objects.update(body_part_examined="OTHER", view_position="OBLIQUE")
    assert rows(study) == before


@pytest.mark.parametrize("image", ["reference", "candidate"])
@pytest.mark.parametrize("end", [None, lifecycle.close])
def test_a_withdrawn_case_keeps_its_rows_and_is_marked(study, image, end):
    before = rows(study)
    if end:
        end(study=study, actor=study.manager)
    case = study.cases.get(number=2)
    exclude(actor=study.manager, ids=[IMAGE_OF[image](case).pk], reason="a name")
    found = rows(study)
    assert [row | {"withdrawn_at": ""} for row in found] == before
    assert {row["case"] for row in found if row["withdrawn_at"]} == {"2"}
    (marked,) = {row["withdrawn_at"] for row in found if row["case"] == "2"}
    at = Radiograph.objects.get(state="excluded").excluded_at
    assert datetime.fromisoformat(marked) == at


def test_csv_and_json_tell_the_same(study):
    table, objects = rows(study), json.loads(b"".join(stream_json(RATINGS, study)))
    assert [list(o) for o in objects[:1]] == [[c.name for c in COLUMNS]]
    assert [(r["case"], r["value"]) for r in table] == [
        (str(o["case"]), "" if o["value"] is None else str(o["value"])) for o in objects
    ]


def test_a_comment_survives_and_cannot_become_a_formula(study):
    comment = "=cmd|' /C calc'!A0, \"x\"\n\\y"
    assert {r["comment"] for r in rows(study)} == {"'" + comment}
    assert {o["comment"] for o in json.loads(b"".join(stream_json(RATINGS, study)))} == {comment}


def test_an_empty_study_exports_a_header_and_an_empty_list(manager):
    study = make_open_study(manager=manager)
    assert rows(study) == []
    assert json.loads(b"".join(stream_json(RATINGS, study))) == []


def test_the_query_does_not_grow_with_the_rows(study):
    with CaptureQueriesContext(connection) as queries:
        b"".join(stream_csv(RATINGS, study))
    assert len(queries) <= 1


def api(client, study, user, query="?format=csv"):
    _token, secret = AuthToken.objects.create(user=user)
    return client.get(
        f"/api/v1/studies/{study.pk}/ratings/{query}", headers={"Authorization": f"Token {secret}"}
    )


def test_the_api_streams_both_formats_and_audits(client, study, manager):
    answer = api(client, study, manager)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert b"".join(answer.streaming_content) == b"".join(stream_csv(RATINGS, study))
    answer = api(client, study, manager, "?format=json")
    assert len(json.loads(b"".join(answer.streaming_content))) == 56
    assert Event.objects.filter(verb="export_ratings").count() == 2
    assert api(client, study, manager, "?format=xml").status_code == 400


def test_only_the_studys_manager_gets_it(client, study, reader):
    other = make_user(username="other", is_manager=True)
    assert api(client, study, other).status_code == 404
    assert api(client, study, reader).status_code == 403
    assert client.get(f"/api/v1/studies/{study.pk}/ratings/").status_code == 401
    client.force_login(other)
    assert client.get(f"/studies/{study.pk}/ratings.csv").status_code == 404
    client.force_login(reader)
    assert client.get(f"/studies/{study.pk}/ratings.csv").status_code == 403


def test_the_manager_downloads_the_same_file_in_the_browser(client, study, manager):
    client.force_login(manager)
    answer = client.get(f"/studies/{study.pk}/ratings.csv")
    assert b"".join(answer.streaming_content) == b"".join(stream_csv(RATINGS, study))
    assert (
        answer["Content-Disposition"]
        == f'attachment; filename="radrate-{study.number}-ratings.csv"'
    )
