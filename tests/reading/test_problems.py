"""Problems that readers report: kept once, whoever else asks, however often it is sent."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from radrate.reading import problems
from radrate.reading.problems import browser_family
from radrate.studies import lifecycle
from radrate.studies.board.models import ProblemReport
from tests.factories.people import make_user
from tests.factories.readers import admit
from tests.factories.studies import make_open_study

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{}.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("header", "family"),
    [
        (CHROME.format(138), "Chrome 138"),
        (CHROME.format(138) + " Edg/138.0.1", "Edge 138"),
        (CHROME.format(120) + " OPR/106.0", "Opera 106"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140"),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17",
        ),
        ("curl/8.0", "other"),
        ("", "other"),
    ],
)
def test_of_the_browser_only_name_and_version_are_kept(header, family):
    assert browser_family(header) == family


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,))


@pytest.fixture
def assignment(study):
    return study.readers.get().assignments.first()


def body(**changes) -> dict:
    known = {"id": str(uuid.uuid4()), "kind": "display", "text": "The left one is too dark"}
    return known | {"width": 1440, "height": 900, "ratio": 1.25} | changes


def send(user, assignment, sent: object, **headers):
    client = Client(headers={"user-agent": CHROME.format(138)})
    if user:
        client.force_login(user)
    url = reverse("reading_problem", args=[assignment.token])
    return client.post(url, json.dumps(sent), content_type="application/json", **headers)


@pytest.mark.django_db
def test_a_report_is_kept_with_its_case_and_window(assignment, reader):
    answer = send(reader, assignment, body())
    assert answer.status_code == 201
    report = ProblemReport.objects.get()
    assert report.assignment == assignment
    assert report.study_reader == assignment.study_reader
    assert (report.kind, report.text) == ("display", "The left one is too dark")
    assert (report.viewport_width, report.viewport_height, report.pixel_ratio) == (1440, 900, 1.25)
    assert report.browser == "Chrome 138"


@pytest.mark.django_db
def test_sent_twice_it_is_kept_once(assignment, reader):
    sent = body()
    assert [send(reader, assignment, sent).status_code for _ in range(3)] == [201, 201, 201]
    assert ProblemReport.objects.count() == 1


@pytest.mark.django_db
def test_an_id_that_stands_for_another_case_is_refused(assignment, reader):
    sent = body()
    send(reader, assignment, sent)
    other = assignment.study_reader.assignments.last()
    assert send(reader, other, sent).status_code == 409
    assert ProblemReport.objects.count() == 1


@pytest.mark.django_db
def test_nobody_else_reports_for_a_reader(assignment, manager):
    for user, status in ((manager, 404), (make_user(username="outsider"), 404), (None, 401)):
        assert send(user, assignment, body()).status_code == status
    assert ProblemReport.objects.count() == 0


@pytest.mark.django_db
def test_a_problem_can_be_told_while_the_study_is_paused(study, assignment, reader, manager):
    lifecycle.pause(study=study, actor=manager)
    assert send(reader, assignment, body()).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "nonsense"},
        {"id": "7"},
        {"width": -1},
        {"width": True},
        {"height": "900"},
        {"ratio": None},
        {"kind": "other", "text": "  "},
        {"kind": ["display"]},
    ],
)
def test_a_damaged_report_is_refused_with_a_sentence(assignment, reader, changes):
    answer = send(reader, assignment, body(**changes))
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(("The report arrived damaged", "Please say"))
    assert ProblemReport.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [[], "text", None, 7, {}])
def test_what_is_no_report_is_refused(assignment, reader, sent):
    assert send(reader, assignment, sent).status_code == 422


@pytest.mark.django_db
def test_extremes_are_cut_and_what_the_database_cannot_hold_is_left_out(assignment, reader):
    sent = body(text="a\x00b\ud800" + "x" * 3000, width=10**9, ratio=1e9)
    assert send(reader, assignment, sent).status_code == 201
    report = ProblemReport.objects.get()
    assert report.text.startswith("ab?xxx")
    assert len(report.text) <= 2000
    assert (report.viewport_width, report.pixel_ratio) == (100_000, 100)


@pytest.mark.django_db
def test_after_many_in_a_day_the_reader_is_asked_to_write(assignment, reader, monkeypatch):
    monkeypatch.setattr(problems, "MOST_A_DAY", 2)
    statuses = [send(reader, assignment, body()).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]


@pytest.mark.django_db
def test_no_other_reader_ever_gets_what_was_told(study, assignment, reader, manager, client):
    from radrate.studies.enrolment import add_reader

    send(reader, assignment, body(text="zqreportcanary"))
    other = make_user(username="reader2")
    add_reader(actor=manager, study=study, user=other)
    client.force_login(other)
    mine = admit(study.readers.get(user=other))
    for url in (
        "/reading/",
        f"/reading/{mine.token}/",
        f"/reading/case/{mine.assignments.first().token}/",
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        assert b"zqreportcanary" not in answer.content
