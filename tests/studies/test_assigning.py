"""Places for readers: made by the lock, taken by who joins late, left by who rated nothing."""

from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from radrate.errors import Conflict, DomainError
from radrate.studies import assigning, enrolment, lifecycle
from radrate.studies.allocation import Place, designs, shown_twice
from radrate.studies.models import Assignment, ReaderStudy, StudyReader
from tests.factories.people import make_user
from tests.factories.studies import lock, make_open_study, make_study, rate
from tests.studies.allocation.recipe import recompute

pytestmark = pytest.mark.django_db


def set_up(study, *, planned=0, spare=0, **phase):
    ReaderStudy.objects.filter(pk=study.pk).update(planned_readers=planned, spare_readers=spare)
    study.phases.update(**phase)
    return ReaderStudy.objects.get(pk=study.pk)


def opened(study):
    return lifecycle.open_study(study=lock(study), actor=study.manager)


def rows(reader):
    return list(
        reader.assignments.order_by("position").values_list(
            "case__number", "position", "block", "session", "occurrence", "layout"
        )
    )


def leave(reader):
    StudyReader.objects.filter(pk=reader.pk).update(withdrawn_at=timezone.now())


def test_the_lock_makes_planned_and_spare_places_and_what_each_is_to_read(manager, reader):
    study = lock(set_up(make_study(manager=manager, readers=(reader,)), planned=3, spare=2))
    assert study.problem == ""
    places = study.readers.order_by("slot")
    assert [place.slot for place in places] == [0, 1, 2, 3, 4]
    assert [place.user for place in places] == [reader, None, None, None, None]
    assert [place.joined_at is None for place in places] == [False, True, True, True, True]
    assert [place.assignments.count() for place in places] == [4] * 5
    tokens = set(Assignment.objects.values_list("token", flat=True))
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}


def test_more_readers_than_planned_are_all_planned(manager):
    people = tuple(make_user(username=f"r{k}") for k in range(3))
    study = lock(set_up(make_study(manager=manager, readers=people), planned=2, spare=1))
    assert study.planned_readers == 3
    assert study.protocol["planned_readers"] == 3
    assert study.readers.count() == 4


def test_a_gap_that_a_removed_reader_left_is_filled(manager):
    one, two = make_user(username="a"), make_user(username="b")
    study = make_study(manager=manager, readers=(one, two))
    enrolment.remove_reader(actor=manager, study=study, reader=study.readers.get(user=one))
    study = lock(study)
    assert [(r.slot, r.user) for r in study.readers.order_by("slot")] == [(0, None), (1, two)]


def test_what_is_stored_is_what_the_document_says(manager, reader):
    study = set_up(
        make_study(manager=manager, n=8, readers=(reader,)),
        planned=3,
        spare=2,
        allocation="blocks",
        anchors=2,
        cases_per_reader=5,
        repeats=2,
        minimum_lag=2,
        sessions=2,
    )
    study = lock(study)
    assert study.problem == ""
    (phase,) = (asdict(one) for one in assigning.phase_plans(study))
    expected = recompute(
        seed=study.seed, phases=[phase], planned=study.protocol["planned_readers"], slots=5
    )
    assert [rows(place) for place in study.readers.order_by("slot")] == expected
    assert study.protocol["allocation_recipe"] == 2


def test_who_joins_late_takes_the_first_empty_place(manager, reader):
    study = opened(set_up(make_study(manager=manager), planned=1, spare=1))
    waiting = {place.slot: rows(place) for place in study.readers.all()}
    joined = enrolment.add_reader(actor=manager, study=study, user=reader)
    assert joined.slot == 0
    assert joined.joined_at is not None
    assert rows(joined) == waiting[0]
    assert study.readers.count() == 2


def test_who_joins_when_every_place_is_taken_gets_a_further_one(manager, reader):
    study = opened(
        set_up(
            make_study(manager=manager, readers=(reader,)), cases_per_reader=2, allocation="quota"
        )
    )
    late = enrolment.add_reader(actor=manager, study=study, user=make_user(username="late"))
    assert late.slot == 1
    read = [{row[0] for row in rows(place)} for place in (study.readers.get(slot=0), late)]
    assert len(read[0] | read[1]) == 4  # the quota goes on with the cases that nobody has


def test_a_place_of_which_nothing_was_rated_is_given_to_the_next(manager, reader):
    study = opened(set_up(make_study(manager=manager, readers=(reader,)), spare=1))
    left = study.readers.get(user=reader)
    leave(left)
    joined = enrolment.add_reader(actor=manager, study=study, user=make_user(username="next"))
    assert joined.pk != left.pk
    assert joined.slot == left.slot == 0
    assert rows(joined) == rows(left)
    tokens = [set(one.assignments.values_list("token", flat=True)) for one in (joined, left)]
    assert not tokens[0] & tokens[1]
    another = enrolment.add_reader(actor=manager, study=study, user=make_user(username="another"))
    assert another.slot == 1


def test_who_has_rated_keeps_the_place(manager, reader):
    study = opened(set_up(make_study(manager=manager, readers=(reader,)), spare=1))
    left = study.readers.get(user=reader)
    rate(left.assignments.first())
    leave(left)
    joined = enrolment.add_reader(actor=manager, study=study, user=make_user(username="next"))
    assert joined.slot == 1
    with pytest.raises(Conflict, match="already"):
        enrolment.add_reader(actor=manager, study=study, user=reader)


def test_the_database_keeps_two_readers_from_one_slot(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,))
    with pytest.raises(IntegrityError), transaction.atomic():
        StudyReader.objects.create(study=study, user=make_user(username="x"), slot=0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"repeats": 2, "minimum_lag": 4}, "Phase 1: A repeat can be no more than 3 cases away."),
        ({"repeats": 5}, "Phase 1: No more than 4 cases can be repeated."),
        (
            {"allocation": "blocks", "cases_per_reader": 2, "anchors": 3},
            "Phase 1: No more than 2 cases can be read by everyone.",
        ),
    ],
)
def test_a_design_that_cannot_be_is_refused_before_the_lock(manager, reader, settings, message):
    study = set_up(make_study(manager=manager, readers=(reader,)), **settings)
    with pytest.raises(DomainError) as caught:
        lifecycle.request_lock(study=study, actor=manager)
    assert str(caught.value) == message


def test_every_problem_of_a_phase_has_its_words():
    source = Path(designs.__file__).read_text(encoding="utf-8")
    codes = {line.split('"')[1] for line in source.splitlines() if "yield Problem(" in line}
    assert codes == assigning.MESSAGES.keys()


def test_nobody_is_shown_an_image_twice_unless_as_a_repeat(manager, reader):
    study = set_up(make_study(manager=manager, n=8, readers=(reader,)), repeats=3, minimum_lag=2)
    study = lock(study)
    images = {
        case.number: {one.radiograph_id for one in case.images.all()} for case in study.cases.all()
    }
    (place,) = study.readers.all()
    assert shown_twice([Place(*row) for row in rows(place)], images) == []
    assert place.assignments.filter(occurrence=2).count() == 3
