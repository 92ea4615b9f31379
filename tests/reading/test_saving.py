"""Answer sheets as they come from a browser, whole and damaged."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from radrate.reading.models import Rating
from radrate.studies import lifecycle
from tests.factories.people import make_user
from tests.factories.studies import (
    full_answers,
    make_mark,
    make_open_study,
    make_point,
    rate,
)

pytestmark = pytest.mark.django_db
BILLION = 10**9


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,), block_size=2)


@pytest.fixture
def enrolled(study):
    return study.readers.get()


@pytest.fixture
def url(enrolled):
    return reverse("reading_save", args=[enrolled.assignments.get(position=1).token])


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


@pytest.fixture
def sheet(study):
    """A whole sheet, as the reading room sends it."""
    return {
        "id": str(uuid.uuid4()),
        "revision": 0,
        "answers": [
            answer.as_dict() for answer in full_answers(study.readers.first().assignments.first())
        ],
        "marks": [make_mark().as_dict(), make_point(image="B").as_dict()],
        "comment": "",
        "duration_ms": 12_000,
    }


def send(client, url, body):
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(url, data, content_type="application/json")


def assert_refused(answer):
    assert answer.status_code == 422, answer.content
    assert answer.json()["message"]
    assert not Rating.objects.exists()


def test_a_whole_sheet_is_saved_and_answered_with_where_to_go(reading, url, sheet, enrolled):
    answer = send(reading, url, sheet)
    assert answer.status_code == 201
    following = reverse("reading_case", args=[enrolled.assignments.get(position=2).token])
    saved = Rating.objects.get()
    assert answer.json() == {
        "revision": 1,
        "saved_at": saved.at.isoformat(),
        "next_url": following,
    }
    again = send(reading, url, sheet)
    assert (again.status_code, again.json()) == (200, answer.json())
    assert Rating.objects.count() == 1


def test_a_sheet_of_an_old_page_is_a_conflict(reading, url, sheet, enrolled):
    rate(enrolled.assignments.get(position=1))
    answer = send(reading, url, sheet)
    assert answer.status_code == 409
    assert "another window" in answer.json()["message"]


def test_a_sheet_for_a_study_that_is_not_open_is_locked(reading, url, sheet, study, manager):
    lifecycle.pause(study=study, actor=manager)
    answer = send(reading, url, sheet)
    assert answer.status_code == 423
    assert "paused" in answer.json()["message"]


def test_a_session_that_has_ended_is_told_as_json(client, url, sheet):
    answer = send(client, url, sheet)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/json"
    assert "session" in answer.json()["message"]
    assert not Rating.objects.exists()


def test_nobody_else_saves_on_a_readers_case(client, url, sheet, manager, outsider):
    for person in (manager, outsider, make_user(username="reader2")):
        client.force_login(person)
        assert send(client, url, sheet).status_code == 404
    assert not Rating.objects.exists()


def test_a_sheet_is_sent_by_post_and_with_the_pages_token(url, sheet, reader):
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(reader)
    assert forged.get(url).status_code == 405
    assert send(forged, url, sheet).status_code == 403
    assert not Rating.objects.exists()


def test_a_missing_answer_is_told_at_its_field(reading, url, sheet):
    sheet["answers"] = [row for row in sheet["answers"] if row["criterion"] != "confidence"]
    answer = send(reading, url, sheet)
    assert_refused(answer)
    assert set(answer.json()["errors"]) == {"confidence"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe\xfd",
        b"null",
        b"[]",
        b"[[]]",
        b"7",
        b'"text"',
        b"{}",
        b"NaN",
        b"[" * 100_000,
        b'{"answers":' * 20_000,
        b"9" * 10_000,
        b'{"id": "\x00"}',
    ],
    ids=lambda body: repr(body[:16]),
)
def test_a_body_that_is_no_sheet_is_refused_in_words(reading, url, body):
    assert_refused(send(reading, url, body))


@pytest.mark.parametrize("key", ["id", "revision", "answers", "marks", "comment", "duration_ms"])
def test_a_sheet_without_a_part_is_refused(reading, url, sheet, key):
    del sheet[key]
    assert_refused(send(reading, url, sheet))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", None),
        ("id", 7),
        ("id", "no-uuid"),
        ("id", ["a"]),
        ("revision", -1),
        ("revision", None),
        ("revision", "zero"),
        ("revision", float("nan")),
        ("revision", float("inf")),
        ("revision", {}),
        ("revision", True),
        ("duration_ms", -1),
        ("duration_ms", None),
        ("duration_ms", []),
        ("duration_ms", float("inf")),
        ("duration_ms", True),
        ("answers", None),
        ("answers", "text"),
        ("answers", 7),
        ("answers", {}),
        ("answers", []),
        ("answers", [None]),
        ("answers", ["anatomy"]),
        ("answers", [[["anatomy"]]]),
        ("marks", None),
        ("marks", "text"),
        ("marks", {}),
        ("marks", [None]),
        ("marks", [7]),
        ("marks", [[["A"]]]),
        ("comment", None),
        ("comment", {"a": 1}),
        ("comment", True),
    ],
    ids=repr,
)
def test_a_part_of_another_type_is_refused(reading, url, sheet, key, value):
    assert_refused(send(reading, url, sheet | {key: value}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("value", True),
        ("value", "3"),
        ("value", 3.5),
        ("value", float("nan")),
        ("value", 10 * BILLION),
        ("value", -BILLION),
        ("value", 10**400),
        ("value", []),
        ("value", {}),
        ("value", None),
        ("image", "C"),
        ("image", "A\x00"),
        ("image", 7),
        ("image", True),
        ("image", []),
        ("image", ["A"]),
        ("image", {"A": "B"}),
        ("criterion", None),
        ("criterion", "nonsense"),
        ("criterion", "a\x00b"),
        ("criterion", "\ud800"),
        ("criterion", "x" * 10_000),
        ("criterion", {"a": []}),
        ("not_applicable", True),
        ("not_applicable", "false"),
        ("not_applicable", None),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_an_answer_that_cannot_be_is_refused(reading, url, sheet, key, value):
    for row in sheet["answers"][:2]:
        row[key] = value
    assert_refused(send(reading, url, sheet))


@pytest.mark.parametrize("key", ["criterion", "image", "value", "not_applicable"])
def test_an_answer_without_a_part_is_refused(reading, url, sheet, key):
    del sheet["answers"][0][key]
    assert_refused(send(reading, url, sheet))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[(key, value) for key in ("x", "y", "width", "height") for value in (-0.1, 1.1, None)],
        ("x", True),
        ("x", "0.5"),
        ("x", float("nan")),
        ("x", float("inf")),
        ("x", 10**400),
        ("x", []),
        ("x", 0.9),
        ("width", 0),
        ("height", 1e-9),
        ("image", "C"),
        ("image", None),
        ("image", ["A"]),
        ("shape", "circle"),
        ("shape", "point"),
        ("shape", {}),
        ("tag", "nonsense"),
        ("tag", ""),
        ("tag", None),
        ("tag", "a\x00b"),
        ("tag", "\ud800"),
        ("severity", 0),
        ("severity", 4),
        ("severity", 10**400),
        ("severity", True),
        ("severity", 1.5),
        ("severity", None),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_mark_that_cannot_be_is_refused(reading, url, sheet, key, value):
    sheet["marks"][0][key] = value
    assert_refused(send(reading, url, sheet))


@pytest.mark.parametrize("key", sorted(make_mark().as_dict()))
def test_a_mark_without_a_part_is_refused(reading, url, sheet, key):
    del sheet["marks"][0][key]
    assert_refused(send(reading, url, sheet))


def test_what_is_wrong_with_a_mark_is_told_with_its_number(reading, url, sheet):
    sheet["marks"][1]["tag"] = "nonsense"
    answer = send(reading, url, sheet)
    assert answer.json()["errors"] == {"mark:2": "Mark 2: this defect is not offered."}


def test_fifty_marks_are_taken_and_not_one_more(reading, url, sheet):
    sheet["marks"] = [make_point().as_dict()] * 51
    answer = send(reading, url, sheet)
    assert_refused(answer)
    assert set(answer.json()["errors"]) == {"marks"}
    sheet["marks"].pop()
    assert send(reading, url, sheet).status_code == 201


def test_marks_come_back_as_they_were_sent(reading, url, sheet, enrolled):
    sheet["marks"][0] |= {"x": 0.123456789, "width": 0.876543211}
    assert send(reading, url, sheet).status_code == 201
    case = reverse("reading_case", args=[enrolled.assignments.get(position=1).token])
    kept = reading.get(case, headers={"Accept": "application/json"}).json()["marks"]
    sheet["marks"][0] |= {"x": 0.12346, "width": 0.87654}
    assert kept == sheet["marks"]


def test_an_answer_given_twice_is_refused(reading, url, sheet):
    sheet["answers"].append(sheet["answers"][0])
    assert_refused(send(reading, url, sheet))


def test_the_name_of_a_field_is_no_name_of_a_criterion(reading, url, sheet):
    row = sheet["answers"][0]
    row |= {"criterion": f"{row['criterion']}:{row['image']}", "image": None}
    assert_refused(send(reading, url, sheet))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("fibula\x00 is odd", "fibula is odd"),
        ("a" * 6000, "a" * 5000),
        ("wadenbein \N{BONE}", "wadenbein \N{BONE}"),
    ],
    ids=["null", "long", "emoji"],
)
def test_a_comment_is_kept_as_far_as_it_can_be(reading, url, sheet, sent, kept):
    assert send(reading, url, sheet | {"comment": sent}).status_code == 201
    assert Rating.objects.get().comment == kept


def test_half_a_character_in_a_comment_breaks_nothing(reading, url, sheet):
    answer = send(reading, url, sheet | {"comment": "fibula \ud83e"})
    assert answer.status_code in (201, 422)
