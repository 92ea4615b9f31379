"""Answers of every kind as they are stored: one of value, n/a, text and place."""

import csv
import uuid

import pytest
from django.db import IntegrityError, transaction

from radrate.exports.ratings import RATINGS
from radrate.exports.streams import stream_csv
from radrate.reading import queries
from radrate.reading.answers import Answer
from radrate.reading.models import Score
from radrate.reading.services import submit_rating
from tests.factories.rubrics import make_choice, make_criterion, thaw
from tests.factories.studies import full_answers, make_open_study, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), n=2)
    return study.readers.get().assignments.get(position=1)


def add(assignment, *criteria):
    rubric = assignment.case.phase.rubric
    thaw(rubric)
    for position, criterion in enumerate(criteria, start=50):
        criterion.rubric, criterion.position = rubric, position
        criterion.save()


def test_every_kind_is_stored_and_shown_again(assignment):
    answers = full_answers(assignment)
    add(
        assignment,
        make_choice("no", "yes", key="odd", per_image=False),
        make_criterion(
            key="why",
            kind="text",
            per_image=False,
            condition={"criterion": "odd", "values": [2]},
        ),
        make_criterion(key="spot", kind="place"),
    )
    more = [
        Answer("odd", None, 2),
        Answer("why", None, text="the fibula is missing"),
        Answer("spot", "A", x=0.25, y=1.0),
        Answer("spot", "B", x=0.0, y=0.12345),
    ]
    submit_rating(
        user=assignment.study_reader.user,
        token=assignment.token,
        rating_id=uuid.uuid4(),
        revision=0,
        answers=[*answers, *more],
        comment="",
        duration_ms=1,
    )
    assert Score.objects.get(criterion__key="why").text == "the fibula is missing"
    shown = queries.blinded_case(assignment)
    kept = {(row["criterion"], row["image"]): row for row in shown.answers}
    for answer in more:
        row = kept[answer.criterion, answer.image]
        assert (row["value"], row["text"], row["x"], row["y"]) == (
            answer.value,
            answer.text,
            answer.x,
            answer.y,
        )


def test_texts_and_places_are_exported_and_no_text_begins_a_formula(assignment):
    rating = rate(assignment).rating
    rubric = assignment.case.phase.rubric
    add(
        assignment,
        make_criterion(key="why", kind="text", per_image=False),
        make_criterion(key="spot", kind="place"),
    )
    for key, image, parts in (
        ("why", "", {"text": "=1+1"}),
        ("spot", "B", {"x": 0.25, "y": 1}),
    ):
        criterion = rubric.criteria.get(key=key)
        Score.objects.create(rating=rating, criterion=criterion, image=image, **parts)
    found = b"".join(stream_csv(RATINGS, assignment.case.study)).decode().splitlines()
    rows = {row["criterion"]: row for row in csv.DictReader(found)}
    told = ("value", "text", "place_x", "place_y", "image")
    assert [rows["why"][name] for name in told] == ["", "'=1+1", "", "", ""]
    assert [rows["spot"][name] for name in told] == ["", "", "0.25000", "1.00000", "B"]
    assert [rows["confidence"][name] for name in told] == ["3", "", "", "", ""]


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"value": 1, "not_applicable": True},
        {"value": 1, "text": "x"},
        {"text": "x", "not_applicable": True},
        {"value": 1, "x": 0.5, "y": 0.5},
        {"text": "x", "x": 0.5, "y": 0.5},
        {"not_applicable": True, "x": 0.5, "y": 0.5},
        {"x": 0.5},
        {"y": 0.5},
        {"x": 1.1, "y": 0.5},
        {"x": 0.5, "y": -0.1},
        {"x": 0.5, "y": 0.5, "image": ""},
    ],
)
def test_the_database_takes_exactly_one_answer(assignment, parts):
    rating = rate(assignment).rating
    add(assignment, make_criterion(key="extra", kind="place"))
    criterion = rating.assignment.case.phase.rubric.criteria.get(key="extra")
    with pytest.raises(IntegrityError, match="score_"), transaction.atomic():
        Score.objects.create(rating=rating, criterion=criterion, **{"image": "A"} | parts)


@pytest.mark.parametrize(
    "parts", [{"value": 3}, {"not_applicable": True}, {"text": "x"}, {"x": 0, "y": 1}]
)
def test_the_database_takes_each_kind_of_answer(assignment, parts):
    rating = rate(assignment).rating
    add(assignment, make_criterion(key="extra", kind="place"))
    criterion = rating.assignment.case.phase.rubric.criteria.get(key="extra")
    assert Score.objects.create(rating=rating, criterion=criterion, image="A", **parts).pk
