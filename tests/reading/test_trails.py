"""The viewer's trail: kept where the study and the reader agree, bounded, and never in the way."""

import json
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from radrate.reading import queries, trails
from radrate.reading.models import Rating, Trail
from tests.factories.studies import full_answers, make_open_study

TRAIL = {
    "version": 1,
    "events": [
        [0, "loupe", "AB", 0.5, 0.25],
        [140, "view", "AB", 1.25, 0.5, 0.4321],
        [140, "window", "B", 176, 150],
        [900, "invert", "A", 1],
        [1200, "full", "B"],
        [1200, "loupe", ""],
        [3000, "full", ""],
    ],
    "dwell_ms": {"A": 1200, "B": 800},
    "cut": False,
}


def changed(**changes):
    return TRAIL | changes


def test_a_trail_as_the_viewer_makes_it_is_taken():
    assert trails.is_trail(TRAIL)
    assert trails.is_trail(changed(events=[], dwell_ms={}))


BROKEN = [
    None,
    [],
    "trail",
    {},
    changed(version=2),
    changed(more=1),
    changed(cut=None),
    changed(events={}),
    changed(dwell_ms={"A": -1}),
    changed(dwell_ms={"AB": 1}),
    changed(dwell_ms={"E": 1}),
    changed(dwell_ms={"A": 1.5}),
    *(
        changed(events=[event])
        for event in (
            [],
            [0],
            [0, "view", "A"],
            [0, "view", "A", 1, 2],
            [0, "view", "A", 1, 2, 3, 4],
            [0, "look", "A"],
            [-1, "full", "A"],
            [0.5, "full", "A"],
            [True, "full", "A"],
            [0, "full", "BA"],
            [0, "full", "AA"],
            [0, "full", "E"],
            [0, "full", None],
            [0, "loupe", "A", 0.5],
            [0, "invert", "A", "1"],
            [0, "invert", "A", True],
            [0, "window", "A", float("nan"), 2],
            [0, "window", "A", float("inf"), 2],
            [0, "view", "A", 1, 2, 1e9],
            ["0", "full", "A"],
            {"0": "full"},
        )
    ),
    changed(events=[[5, "full", "A"], [4, "full", ""]]),
    changed(events=[[k, "full", "A"] for k in range(trails.MOST_EVENTS + 1)]),
]


@pytest.mark.parametrize("body", BROKEN, ids=repr)
def test_any_other_shape_is_not(body):
    assert not trails.is_trail(body)


def test_the_largest_trail_that_the_viewer_sends_fits():
    event = ["view", "ABCD", 12.345, 0.1234, 0.1234]
    largest = changed(events=[[10_000_000 + k, *event] for k in range(trails.MOST_EVENTS)])
    assert trails.is_trail(largest)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda part: (
        st.lists(part, max_size=5) | st.dictionaries(st.text(max_size=9), part, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values, json_values)
def test_nothing_that_is_sent_breaks_it(first, second):
    for body in (first, changed(events=first), changed(events=[first, second], dwell_ms=second)):
        assert trails.is_trail(body) in (True, False)


@pytest.fixture
def enrolled(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), block_size=2)
    study.keeps_trail = True
    study.save()
    return study.readers.get()


@pytest.fixture
def consent(monkeypatch):
    monkeypatch.setattr(trails, "consents_to_trail", lambda _reader: True)


@pytest.fixture
def send(client, reader, enrolled):
    """`send(trail=…)` sends a whole sheet of the first case."""
    client.force_login(reader)
    url = reverse("reading_save", args=[enrolled.assignments.get(position=1).token])
    sheet = {
        "id": str(uuid.uuid4()),
        "revision": 0,
        "answers": [answer.as_dict() for answer in full_answers(enrolled.assignments.first())],
        "marks": [],
        "comment": "",
        "duration_ms": 12_000,
    }

    def post(**more):
        return client.post(url, json.dumps(sheet | more), content_type="application/json")

    return post


def case(enrolled):
    return queries.blinded_case(enrolled.assignments.get(position=1))


@pytest.mark.django_db
def test_where_both_agree_the_trail_is_kept_with_its_rating_once(send, enrolled, consent):
    assert case(enrolled).keeps_trail
    assert send(trail=TRAIL).status_code == 201
    assert send(trail=TRAIL).status_code == 200
    assert Trail.objects.get().body == TRAIL
    assert Trail.objects.get().rating == Rating.objects.get()


@pytest.mark.django_db
def test_without_consent_nothing_is_asked_for_or_kept(send, enrolled):
    assert not case(enrolled).keeps_trail
    assert send(trail=TRAIL).status_code == 201
    assert not Trail.objects.exists()


@pytest.mark.django_db
def test_where_the_study_keeps_none_nothing_is_asked_for_or_kept(send, enrolled, consent):
    type(enrolled.study).objects.update(keeps_trail=False)
    enrolled.refresh_from_db()
    assert not case(enrolled).keeps_trail
    assert send(trail=TRAIL).status_code == 201
    assert not Trail.objects.exists()


@pytest.mark.django_db
def test_a_damaged_trail_costs_no_answer(send, consent, caplog):
    assert send(trail=changed(events=[[0, "look"]])).status_code == 201
    assert Rating.objects.count() == 1
    assert not Trail.objects.exists()
    assert "was damaged" in caplog.text


@pytest.mark.django_db
def test_a_sheet_without_a_trail_is_saved_as_ever(send, consent):
    assert send().status_code == 201
    assert not Trail.objects.exists()


@pytest.mark.django_db
def test_a_trail_is_never_changed(send, consent):
    send(trail=TRAIL)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Trail.objects.update(body={})
