"""An example is explained after its answer, to whoever gave it; no other case ever is."""

import json
import re

import numpy as np
import pytest
from django.urls import reverse

from radrate.errors import Conflict
from radrate.images.models import Origin
from radrate.images.regions import store_region
from radrate.reading.models import Rating
from radrate.studies import examples, lifecycle
from radrate.studies.catching import fill_catch_trials
from radrate.studies.models import Case, ReaderStudy
from tests.factories.images import make_film, make_radiograph
from tests.factories.readers import admit_all
from tests.factories.studies import lock, make_study, rate

pytestmark = pytest.mark.django_db
WHY = "The growth plate is missing."


@pytest.fixture
def study(manager, reader) -> ReaderStudy:
    """One example, an edit beside a film; one catch trial; one main case."""
    for _grain in range(6):
        make_film(body_part_examined="KNEE")
    study = make_study(manager=manager, n=1, readers=(reader,), catch_trials=1)
    region = np.zeros((64, 64), bool)
    region[16:32, 32:48] = True
    source = make_radiograph(body_part_examined="WRIST")
    edit = make_radiograph(
        origin=Origin.SYNTHETIC, source=source, body_part_examined="WRIST", **store_region(region)
    )
    examples.add_example(
        actor=manager,
        phase=study.phases.get(),
        images=[make_radiograph(body_part_examined="WRIST"), edit],
        explanation=WHY,
    )
    fill_catch_trials(study=study)
    study = lock(study)
    assert study.state == "locked", study.problem
    return admit_all(lifecycle.open_study(study=study, actor=manager))


def assignment_of(study, kind):
    return study.readers.get().assignments.get(case__kind=kind)


def ask(client, assignment):
    return client.get(reverse("reading_feedback", args=[assignment.token]))


def side_of_reference(assignment) -> int:
    number = assignment.case.images.get(is_reference=True).number
    return assignment.layout.index(str(number)) + 1


@pytest.fixture
def as_reader(client, reader):
    client.force_login(reader)
    return client


def test_the_example_comes_first_and_says_where_its_explanation_is(study, as_reader):
    first = study.readers.get().assignments.order_by("position").first()
    assert first.case.kind == Case.Kind.TRAINING
    told = as_reader.get(
        reverse("reading_case", args=[first.token]), headers={"accept": "application/json"}
    ).json()
    assert told["feedback_url"] == reverse("reading_feedback", args=[first.token])


def test_nothing_is_told_before_the_answer(study, as_reader):
    answer = ask(as_reader, assignment_of(study, "training"))
    assert answer.status_code == 409
    for word in ("real", "changed", WHY, "outline"):
        assert word not in answer.content.decode()


@pytest.mark.parametrize(("is_right", "outcome"), [(True, "right"), (False, "wrong")])
def test_after_the_answer_all_is_told(study, as_reader, is_right, outcome):
    assignment = assignment_of(study, "training")
    reference = side_of_reference(assignment)
    rate(assignment, side=reference if is_right else 3 - reference)
    told = ask(as_reader, assignment).json()
    real, changed = "AB"[reference - 1], "BA"[reference - 1]
    assert told["outcome"] == outcome
    assert sorted((one["label"], one["word"]) for one in told["images"]) == sorted(
        [(real, "real"), (changed, "changed")]
    )
    assert f"Image {real} is real." in told["sentences"]
    assert f"Image {changed} is changed." in told["sentences"]
    assert told["explanation"] == WHY
    (outline,) = told["outlines"]
    assert outline["image"] == changed
    xs, ys = zip(*outline["points"], strict=True)
    assert (min(xs), max(xs)) == pytest.approx((0.5, 0.76), abs=0.02)
    assert (min(ys), max(ys)) == pytest.approx((0.24, 0.5), abs=0.02)
    assert "/reading/" in told["next_url"]


@pytest.mark.parametrize("kind", ["main", "catch"])
def test_no_other_case_is_ever_explained_and_both_kinds_look_the_same(study, as_reader, kind):
    rate(assignment_of(study, "training"))
    reader = study.readers.get()
    reader.submissions.create(block=1)
    others = reader.assignments.exclude(case__kind="training").order_by("position")
    asked = [ask(as_reader, one) for one in others]
    for one in others:
        rate(one)
    asked += [ask(as_reader, one) for one in others]
    asked.append(as_reader.get(reverse("reading_feedback", args=["x" * 43])))
    assert [one.status_code for one in asked] == [404] * 5
    pages = {re.sub(r"[A-Za-z0-9_-]{43,64}", "", one.content.decode()) for one in asked}
    assert len(pages) == 1  # but for the tokens of the form and of the address
    assignment = assignment_of(study, kind)
    page = reverse("reading_case", args=[assignment.token])
    told = as_reader.get(page, headers={"accept": "application/json"}).json()
    assert told["feedback_url"] is None
    assert not re.search(r"catch|\bmain\b|training", json.dumps(told))


def test_an_example_belongs_to_the_reader_who_answered_it(study, client, outsider, manager):
    assignment = assignment_of(study, "training")
    rate(assignment)
    assert ask(client, assignment).status_code == 401
    for person in (outsider, manager):
        client.force_login(person)
        assert ask(client, assignment).status_code == 404


def test_the_answer_to_an_example_stands(study):
    assignment = assignment_of(study, "training")
    rate(assignment, side=1)
    with pytest.raises(Conflict):
        rate(assignment, side=2, revision=1)
    assert Rating.objects.count() == 1


def test_answers_to_other_cases_can_be_revised_as_before(study):
    rate(assignment_of(study, "training"))
    reader = study.readers.get()
    reader.submissions.create(block=1)
    following = reader.assignments.filter(case__kind="main").get()
    for one in reader.assignments.filter(position__lt=following.position).exclude(
        case__kind="training"
    ):
        rate(one)
    rate(following)
    rate(following, revision=1)
    assert following.ratings.count() == 2


def test_a_paused_or_closed_study_explains_nothing(study, as_reader, manager):
    assignment = assignment_of(study, "training")
    rate(assignment)
    lifecycle.pause(study=study, actor=manager)
    assert ask(as_reader, assignment).status_code == 423
    lifecycle.close(study=ReaderStudy.objects.get(pk=study.pk), actor=manager)
    answer = ask(as_reader, assignment)
    assert answer.status_code == 423
    assert WHY not in answer.content.decode()
