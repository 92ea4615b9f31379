import csv
import io
import json

import pytest
from knox.models import AuthToken

from radrate.audit.models import Event
from radrate.exports.columns import MARK_COLUMNS
from radrate.exports.marks import MARKS
from radrate.exports.streams import stream_csv, stream_json
from radrate.studies import lifecycle
from radrate.studies.models import ReaderStudy
from tests.factories.people import make_user
from tests.factories.studies import (
    candidate_of,
    make_mark,
    make_open_study,
    make_point,
    rate,
    reference_label,
    reference_of,
)

pytestmark = pytest.mark.django_db
TRUTH = [column.name for column in MARK_COLUMNS if column.truth]


@pytest.fixture
def study(manager, reader):
    """Two marks on the first case, none on the second, one on the third."""
    study = make_open_study(manager=manager, readers=(reader,))
    marks = {
        1: [make_mark(), make_point(image="B", x=1.0, y=0.0, tag="clipped", severity=3)],
        3: [make_point(severity=1)],
    }
    for assignment in study.readers.get().assignments.order_by("position"):
        rate(assignment, marks=marks.get(assignment.position, ()))
    return study


def rows(study: ReaderStudy) -> list[dict[str, str]]:
    text = b"".join(stream_csv(MARKS, study)).decode()
    return list(csv.DictReader(io.StringIO(text)))


def objects(study: ReaderStudy) -> list[dict]:
    return json.loads(b"".join(stream_json(MARKS, study)))


def place(row: dict) -> list[float]:
    return [float(row[name]) for name in ("x", "y", "width", "height")]


def test_one_row_a_mark_with_the_place_that_was_sent(study):
    found = rows(study)
    assert [(r["position"], r["mark"], r["image"], r["shape"]) for r in found] == [
        ("1", "1", "A", "box"),
        ("1", "2", "B", "point"),
        ("3", "1", "A", "point"),
    ]
    assert [place(r) for r in found[:2]] == [[0.25, 0.5, 0.125, 0.0625], [1, 0, 0, 0]]
    assert [(r["tag"], r["severity"]) for r in found] == [
        ("bone_fused", "2"),
        ("clipped", "3"),
        ("bone_fused", "1"),
    ]


def test_a_row_names_its_sheet_so_that_it_joins_the_ratings(study):
    first = study.readers.get().assignments.get(position=1)
    sheet = first.ratings.get()
    row = objects(study)[0]
    assert (row["study"], row["protocol_hash"]) == (str(study.pk), study.protocol_hash)
    assert (row["reader"], row["case"], row["rating"]) == ("R1", first.case.number, str(sheet.pk))


def test_csv_and_json_tell_the_same(study):
    table, loaded = rows(study), objects(study)
    assert list(loaded[0]) == list(table[0]) == [column.name for column in MARK_COLUMNS]
    assert [place(row) for row in table] == [place(row) for row in loaded]
    assert all(isinstance(row["x"], float | int) for row in loaded)


def test_a_revision_replaces_the_marks_and_may_take_all_away(study):
    first, third = (study.readers.get().assignments.get(position=k) for k in (1, 3))
    rate(first, revision=1, marks=[make_point(tag="seam")])
    rate(third, revision=1)
    assert [(r["position"], r["tag"]) for r in rows(study)] == [("1", "seam")]


@pytest.mark.parametrize("state", ["open", "closed"])
def test_no_truth_before_the_unblinding(study, state):
    if state == "closed":
        study = lifecycle.close(study=study, actor=study.manager)
    assert TRUTH == [
        "arm",
        "reference_side",
        "image_id",
        "image_origin",
        "image_arm",
        "case_kind",
    ]
    assert {row[name] for row in rows(study) for name in TRUTH} == {""}
    assert {row[name] for row in objects(study) for name in TRUTH} == {None}


def test_truth_after_the_unblinding_is_of_the_marked_image(study):
    closed = lifecycle.close(study=study, actor=study.manager)
    study = lifecycle.unblind(study=closed, actor=study.manager, reason="test")
    assignments = {a.position: a for a in study.readers.get().assignments.all()}
    for row in objects(study):
        assignment = assignments[row["position"]]
        is_reference = row["image"] == reference_label(assignment)
        shown = (reference_of if is_reference else candidate_of)(assignment.case)
        assert (row["image_id"], row["image_origin"]) == (str(shown.pk), shown.origin)
        assert (row["arm"], row["reference_side"]) == ("Campaign", reference_label(assignment))


def api(client, study, user, query="?format=csv"):
    _token, secret = AuthToken.objects.create(user=user)
    return client.get(
        f"/api/v1/studies/{study.pk}/marks/{query}", headers={"Authorization": f"Token {secret}"}
    )


def test_the_api_and_the_page_stream_the_same_file_and_audit(client, study, manager):
    answer = api(client, study, manager)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    streamed = b"".join(answer.streaming_content)
    client.force_login(manager)
    download = client.get(f"/studies/{study.pk}/marks.csv")
    assert b"".join(download.streaming_content) == streamed == b"".join(stream_csv(MARKS, study))
    name = f"radrate-{study.number}-marks.csv"
    assert download["Content-Disposition"] == f'attachment; filename="{name}"'
    assert Event.objects.filter(verb="export_marks", target_id=str(study.pk)).count() == 2
    assert api(client, study, manager, "?format=xml").status_code == 400


def test_only_the_studys_manager_gets_it(client, study, reader, outsider):
    other = make_user(username="other", is_manager=True)
    assert api(client, study, other).status_code == 404
    assert api(client, study, reader).status_code == 403
    assert api(client, study, outsider).status_code == 403
    assert client.get(f"/api/v1/studies/{study.pk}/marks/").status_code == 401
    for person, status in ((other, 404), (reader, 403), (outsider, 403)):
        client.force_login(person)
        assert client.get(f"/studies/{study.pk}/marks.csv").status_code == status


def test_a_study_without_marks_exports_a_header_and_an_empty_list(manager):
    study = make_open_study(manager=manager)
    assert (rows(study), objects(study)) == ([], [])
