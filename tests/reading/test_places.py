"""Places that readers pointed at: scored once, told after the unblinding only."""

import csv
import io
import uuid

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from radrate.exports.columns import COLUMNS
from radrate.exports.ratings import RATINGS
from radrate.exports.streams import stream_csv
from radrate.images.models import Batch, Origin, Radiograph
from radrate.images.regions import store_region
from radrate.reading.answers import Answer
from radrate.reading.models import Localisation
from radrate.reading.places import score_places
from radrate.reading.services import submit_rating
from radrate.studies import enrolment, examples, lifecycle, services
from radrate.studies.models import ReaderStudy
from tests.factories.images import make_batch, make_film, make_radiograph
from tests.factories.readers import admit_all
from tests.factories.studies import full_answers, lock

pytestmark = pytest.mark.django_db
IN, BESIDE, FAR = (0.6, 0.4), (0.76, 0.4), (0.1, 0.9)


def make_edit(batch, part: str = "KNEE") -> Radiograph:
    """Of 64 × 64 px, changed in x from 0.5 to 0.75 and y from 0.25 to 0.5, before the crop."""
    region = np.zeros((64, 64), bool)
    region[16:32, 32:48] = True
    source = make_radiograph(body_part_examined=part)
    return make_radiograph(
        batch=batch,
        origin=Origin.SYNTHETIC,
        body_part_examined=part,
        source=source,
        **store_region(region),
    )


def make_study(manager, readers, *, images: int = 2, **options) -> ReaderStudy:
    batch = make_batch(kind=Batch.Kind.CAMPAIGN, title="Edits")
    for _image in range(images):
        make_edit(batch)
    study = services.create_study(
        actor=manager,
        name="Where?",
        task=ReaderStudy.Task.WHICH_REAL,
        batches=[batch],
        seed=3,
        design="find_edit",
        **options,
    )
    for one in readers:
        enrolment.add_reader(actor=manager, study=study, user=one)
    return study


def opened(study) -> ReaderStudy:
    study = lock(study)
    assert study.state == "locked", study.problem
    return admit_all(lifecycle.open_study(study=study, actor=study.manager))


def point(assignment, place, *, revision: int = 0):
    answers = [answer for answer in full_answers(assignment) if answer.criterion != "place"]
    x, y = place
    return submit_rating(
        user=assignment.study_reader.user,
        token=assignment.token,
        rating_id=uuid.uuid4(),
        revision=revision,
        answers=[*answers, Answer("place", "A", x=x, y=y)],
        comment="",
        duration_ms=9000,
    )


def assignments(study, reader=None):
    return list(study.readers.get(user=reader).assignments.order_by("position"))


def unblinded(study) -> ReaderStudy:
    closed = lifecycle.close(study=study, actor=study.manager)
    return lifecycle.unblind(study=closed, actor=study.manager, reason="test")


def rows(study) -> list[dict[str, str]]:
    text = b"".join(stream_csv(RATINGS, study)).decode()
    return [row for row in csv.DictReader(io.StringIO(text)) if row["criterion"] == "place"]


def test_only_edits_whose_region_is_known_are_shown(manager, reader):
    batch = make_batch(kind=Batch.Kind.CAMPAIGN, title="Mixed")
    known = make_edit(batch)
    make_radiograph(batch=batch, origin=Origin.SYNTHETIC)
    whole = store_region(np.ones((64, 64), bool))
    make_radiograph(batch=batch, origin=Origin.SYNTHETIC, **whole)
    study = services.create_study(
        actor=manager,
        name="Where?",
        task=ReaderStudy.Task.WHICH_REAL,
        batches=[batch],
        design="find_edit",
    )
    (case,) = study.cases.all()
    assert [one.radiograph for one in case.images.all()] == [known]


def test_a_source_is_shown_in_one_of_its_edits_only(manager):
    batch = make_batch(kind=Batch.Kind.CAMPAIGN, title="Edits")
    first = make_edit(batch)
    second = make_edit(batch)
    Radiograph.objects.filter(pk=second.pk).update(source=first.source)
    study = services.create_study(
        actor=manager,
        name="Where?",
        task=ReaderStudy.Task.WHICH_REAL,
        batches=[batch],
        design="find_edit",
    )
    assert study.cases.count() == 1
    assert [one.reason for one in study.unmatched.all()] == ["shares_a_subject"]


def test_hits_distances_and_chance_are_scored_once(manager, reader, outsider):
    study = opened(make_study(manager, (reader, outsider)))
    for one, place in zip(assignments(study, reader), (IN, FAR), strict=True):
        point(one, place)
    for one, place in zip(assignments(study, outsider), (BESIDE, IN), strict=True):
        point(one, place)
    assert score_places(study=study) == 4
    assert score_places(study=study) == 0
    found = {
        (one.score.rating.assignment.study_reader.user, one.score.rating.assignment.position): one
        for one in Localisation.objects.all()
    }
    hits = {key: (one.hit, one.distance) for key, one in found.items()}
    assert hits[reader, 1] == hits[outsider, 2] == (True, 0)
    assert hits[reader, 2][0] is False
    assert 0.5 < hits[reader, 2][1] < 0.7
    assert hits[outsider, 1][0] is True
    assert 0 <= hits[outsider, 1][1] <= 0.02
    chances = {round(one.chance, 6) for one in found.values()}
    assert len(chances) == 1
    assert chances.pop() == pytest.approx(0.0625, rel=0.45)


def test_a_revised_answer_is_scored_by_itself(manager, reader):
    study = opened(make_study(manager, (reader,)))
    first = assignments(study, reader)[0]
    point(first, FAR)
    point(first, IN, revision=1)
    assert score_places(study=study) == 2
    closed = unblinded(study)
    (row,) = rows(closed)
    assert (row["correct"], row["place_distance"]) == ("t", "0")


def test_the_export_scores_and_tells_after_the_unblinding_only(manager, reader):
    study = opened(make_study(manager, (reader,)))
    for one, place in zip(assignments(study, reader), (IN, FAR), strict=True):
        point(one, place)
    told = ("correct", "place_distance", "place_chance", "place_tolerance")
    assert {column.name for column in COLUMNS if column.truth} >= set(told)
    closed = lifecycle.close(study=study, actor=manager)
    for state in (study, closed):
        assert {row[name] for row in rows(state) for name in told} == {""}
    assert not Localisation.objects.exists()
    study = lifecycle.unblind(study=closed, actor=manager, reason="test")
    found = {row["position"]: row for row in rows(study)}
    assert (found["1"]["correct"], found["2"]["correct"]) == ("t", "f")
    assert float(found["1"]["place_distance"]) == 0 < float(found["2"]["place_distance"])
    assert {row["place_tolerance"] for row in found.values()} == {"0.02"}
    assert [float(found["1"][name]) for name in ("place_x", "place_y")] == list(IN)


def test_the_number_of_queries_does_not_grow_with_the_answers(manager, reader, outsider):
    few = opened(make_study(manager, (reader,), images=1))
    many = opened(make_study(manager, (outsider,), images=6))
    counts = []
    for study, person in ((few, reader), (many, outsider)):
        for one in assignments(study, person):
            point(one, IN)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            score_places(study=study)
        counts.append(len(queries))
    per_image = (counts[1] - counts[0]) / 5
    assert per_image <= 2


@pytest.mark.parametrize(("place", "outcome"), [(IN, "right"), (FAR, "wrong")])
def test_an_example_of_finding_the_edit_is_judged_and_outlined(
    manager, reader, client, place, outcome
):
    study = make_study(manager, (reader,))
    example = make_edit(make_batch(kind=Batch.Kind.CAMPAIGN, title="Other"), part="HAND")
    examples.add_example(actor=manager, phase=study.phases.get(), images=[example])
    study = opened(study)
    first = assignments(study, reader)[0]
    point(first, place)
    client.force_login(reader)
    told = client.get(reverse("reading_feedback", args=[first.token])).json()
    assert told["outcome"] == outcome
    assert told["sentences"] == ["This image is changed.", "The outline shows where."]
    assert [one["image"] for one in told["outlines"]] == ["A"]


def test_catch_trials_of_finding_the_edit_are_scored_like_the_rest(manager, reader):
    for _film in range(2):
        make_film(body_part_examined="KNEE")
    study = opened(make_study(manager, (reader,), images=1, catch_trials=1))
    for one in assignments(study, reader):
        point(one, IN)
    assert score_places(study=study) == 2
