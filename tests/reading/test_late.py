"""Sheets that arrive after the close, and cases that are fetched ahead."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from radrate.errors import Conflict, NotAllowed
from radrate.images.services import exclude
from radrate.reading import services
from radrate.reading.late import TooLate
from radrate.reading.models import Rating
from radrate.reading.pauses import Pause, Why
from radrate.studies import lifecycle
from tests.factories.studies import full_answers, make_open_study, rate, reference_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,), block_size=3)


@pytest.fixture
def enrolled(study):
    return study.readers.get()


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


def at(enrolled, position):
    return enrolled.assignments.get(position=position)


def send(enrolled, position, **more):
    return services.submit_rating(
        user=enrolled.user,
        token=at(enrolled, position).token,
        **{
            "rating_id": uuid.uuid4(),
            "revision": 0,
            "answers": full_answers(at(enrolled, 1)),
            "comment": "",
            "duration_ms": 5,
        }
        | more,
    )


def shown(enrolled, position, *, ago_s=60):
    assignment = at(enrolled, position)
    services.show(assignment=assignment, shown_ms_ago=ago_s * 1000)
    return assignment


@pytest.fixture
def opened_an_hour_ago(study):
    study.opened_at = timezone.now() - timedelta(hours=1)
    study.save()
    return study


def test_a_sheet_of_a_case_shown_before_the_close_is_kept_and_marked(
    opened_an_hour_ago, enrolled, manager
):
    rate(at(enrolled, 1))
    shown(enrolled, 2)
    lifecycle.close(study=enrolled.study, actor=manager)
    assert send(enrolled, 2).rating.late
    assert list(Rating.objects.order_by("at").values_list("late", flat=True)) == [False, True]


def test_a_case_shown_from_the_browsers_store_before_the_close_counts_as_shown(
    opened_an_hour_ago, enrolled, manager
):
    shown(enrolled, 1)
    lifecycle.close(study=enrolled.study, actor=manager)
    assert send(enrolled, 1).rating.late
    assert send(enrolled, 2, shown_ms_ago=30_000).rating.late
    with pytest.raises(TooLate):
        send(enrolled, 3, shown_ms_ago=0)
    assert at(enrolled, 3).shown_at is None


def test_a_case_that_was_not_shown_before_the_close_is_too_late(enrolled, manager):
    lifecycle.close(study=enrolled.study, actor=manager)
    for told in (None, 0):
        with pytest.raises(TooLate, match="too late"):
            send(enrolled, 1, shown_ms_ago=told)
    assert not Rating.objects.exists()


def test_after_the_unblinding_nothing_is_taken(opened_an_hour_ago, enrolled, manager):
    shown(enrolled, 1)
    closed = lifecycle.close(study=enrolled.study, actor=manager)
    lifecycle.unblind(study=closed, actor=manager, reason="the end")
    with pytest.raises(TooLate):
        send(enrolled, 1)


def test_a_pause_is_not_the_end(enrolled, manager):
    shown(enrolled, 1)
    lifecycle.pause(study=enrolled.study, actor=manager)
    with pytest.raises(NotAllowed) as refused:
        send(enrolled, 1)
    assert not isinstance(refused.value, TooLate)


def test_late_sheets_keep_to_the_order_and_to_blocks_handed_in(
    opened_an_hour_ago, enrolled, manager
):
    for position in (1, 2, 3):
        rate(at(enrolled, position))
    services.submit_block(reader=enrolled, number=1)
    lifecycle.close(study=enrolled.study, actor=manager)
    with pytest.raises(Conflict, match="handed in"):
        send(enrolled, 1, revision=1)


def test_a_receipt_is_given_in_every_state(opened_an_hour_ago, enrolled, manager):
    known = uuid.uuid4()
    assert send(enrolled, 1, rating_id=known).created
    for end in (lifecycle.pause, lifecycle.close):
        study = end(study=enrolled.study, actor=manager)
        assert not send(enrolled, 1, rating_id=known).created
    lifecycle.unblind(study=study, actor=manager, reason="the end")
    again = send(enrolled, 1, rating_id=known)
    assert (again.created, again.rating.late) == (False, False)


def test_when_a_case_was_shown_is_the_servers_word_where_it_has_one(opened_an_hour_ago, enrolled):
    before = timezone.now()
    services.show(assignment=at(enrolled, 1))
    noted = at(enrolled, 1).shown_at
    assert before <= noted <= timezone.now()
    send(enrolled, 1, shown_ms_ago=10**7)
    assert at(enrolled, 1).shown_at == noted


def test_a_case_is_shown_no_sooner_than_the_study_was_opened(enrolled):
    send(enrolled, 1, shown_ms_ago=10**11)
    assert at(enrolled, 1).shown_at == enrolled.study.opened_at


def test_pauses_and_the_reason_of_a_change_are_kept(enrolled):
    pauses = [Pause(after_ms=1000, ms=500, why=Why.HIDDEN), Pause(2000, 2**31 - 1, Why.IDLE)]
    first = send(enrolled, 1, pauses=pauses, reason="none is asked for").rating
    first.refresh_from_db()
    assert first.pauses == [
        {"after_ms": 1000, "ms": 500, "why": "hidden"},
        {"after_ms": 2000, "ms": 2**31 - 1, "why": "idle"},
    ]
    assert first.paused_ms == 2**31 - 1
    assert first.reason == ""
    assert send(enrolled, 1, revision=1, reason="looked again").rating.reason == "looked again"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pauses", None),
        ("pauses", [None]),
        ("pauses", [{"after_ms": 1, "ms": 1}]),
        ("pauses", [{"after_ms": -1, "ms": 1, "why": "idle"}]),
        ("pauses", [{"after_ms": 1, "ms": 1.5, "why": "idle"}]),
        ("pauses", [{"after_ms": 1, "ms": 1, "why": "lunch"}]),
        ("pauses", [{"after_ms": 1, "ms": 1, "why": ["idle"]}]),
        ("shown_ms_ago", -1),
        ("shown_ms_ago", "5"),
        ("shown_ms_ago", True),
        ("reason", None),
        ("reason", 7),
    ],
    ids=repr,
)
def test_what_cannot_be_is_refused_in_words(reading, enrolled, key, value):
    sheet = {
        "id": str(uuid.uuid4()),
        "revision": 0,
        "answers": [answer.as_dict() for answer in full_answers(at(enrolled, 1))],
        "marks": [],
        "comment": "",
        "duration_ms": 1,
    }
    url = reverse("reading_save", args=[at(enrolled, 1).token])
    answer = reading.post(url, sheet | {key: value}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert reading.post(url, sheet, content_type="application/json").status_code == 201


def test_too_late_is_told_as_final_and_late_with_the_way_home(
    opened_an_hour_ago, reading, enrolled, manager
):
    shown(enrolled, 1)
    lifecycle.close(study=enrolled.study, actor=manager)
    sheet = {
        "revision": 0,
        "answers": [answer.as_dict() for answer in full_answers(at(enrolled, 1))],
        "marks": [],
        "comment": "",
        "duration_ms": 1,
    }
    answers = [
        reading.post(
            reverse("reading_save", args=[at(enrolled, position).token]),
            sheet | {"id": str(uuid.uuid4())},
            content_type="application/json",
        )
        for position in (1, 2)
    ]
    assert [answer.status_code for answer in answers] == [201, 423]
    assert answers[0].json()["late"] is True
    assert answers[0].json()["next_url"] == reverse("reading_list")
    assert answers[1].json()["final"] is True


def ahead(reading, enrolled, position):
    url = reverse("reading_case", args=[at(enrolled, position).token])
    return reading.get(f"{url}?ahead", headers={"Accept": "application/json"})


def test_cases_of_the_block_in_hand_are_fetched_ahead_and_do_not_count_as_shown(reading, enrolled):
    first = ahead(reading, enrolled, 1).json()
    assert first["ahead_url"] == ahead(reading, enrolled, 2).json()["page_url"] + "?ahead"
    third = ahead(reading, enrolled, 3)
    assert third.status_code == 200
    assert third.json()["ahead_url"] is None  # the next block
    assert ahead(reading, enrolled, 4).status_code == 409
    assert not enrolled.assignments.filter(shown_at__isnull=False).exists()


def test_nothing_is_fetched_ahead_past_a_block_that_waits_to_be_handed_in(reading, enrolled):
    for position in (1, 2, 3):
        rate(at(enrolled, position))
    assert ahead(reading, enrolled, 4).status_code == 409
    assert ahead(reading, enrolled, 2).status_code == 200
    services.submit_block(reader=enrolled, number=1)
    assert ahead(reading, enrolled, 4).status_code == 200
    assert ahead(reading, enrolled, 2).status_code == 409


def test_a_withdrawn_case_is_not_fetched_ahead(reading, enrolled, manager):
    exclude(actor=manager, ids=[reference_of(at(enrolled, 2).case).pk], reason="a name")
    assert ahead(reading, enrolled, 2).status_code == 410


def test_who_is_logged_in_is_told_without_a_name(client, reader):
    nobody = client.get("/reading/me")
    assert (nobody.status_code, set(nobody.json())) == (401, {"csrf_token"})
    client.force_login(reader)
    somebody = client.get("/reading/me")
    assert set(somebody.json()) == {"csrf_token", "reader_key"}
    assert "no-store" in somebody["Cache-Control"]
