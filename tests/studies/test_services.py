import pytest
from django.db import IntegrityError, transaction

from radrate.audit.models import Event
from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.images.models import Embargo
from radrate.images.queries import visible_to
from radrate.images.services import note_exposure
from radrate.reading.queries import criteria
from radrate.studies import enrolment, lifecycle, locking, queries, services
from radrate.studies.models import Assignment, ReaderStudy
from tests.factories.images import make_radiograph
from tests.factories.people import make_user
from tests.factories.studies import (
    candidate_of,
    lock,
    make_campaign_batch,
    make_open_study,
    make_references,
    make_study,
    reference_of,
)

pytestmark = pytest.mark.django_db


def test_pairs_agree_in_body_part_and_what_is_left_is_stored_with_its_reason(manager):
    make_references(n=3)
    study = services.create_study(
        actor=manager, name="S", task="which_real", batches=[make_campaign_batch(n=5)], seed=1
    )
    pairs = [(reference_of(case), candidate_of(case)) for case in study.cases.all()]
    assert len(pairs) == 3
    assert all(one.body_part_examined == two.body_part_examined for one, two in pairs)
    assert all((one.origin, two.origin) == ("real", "synthetic") for one, two in pairs)
    assert [row.reason for row in study.unmatched.all()] == ["no_such_reference"] * 2


def test_a_phantom_study_takes_intact_phantoms_as_references_and_defects_as_candidates(manager):
    make_campaign_batch(n=4, origin="simulated")
    study = services.create_study(
        actor=manager, name="S", task="which_intact", batches=[make_campaign_batch(n=4)], seed=1
    )
    origins = {(reference_of(c).origin, candidate_of(c).origin) for c in study.cases.all()}
    assert origins == {("simulated", "synthetic")}
    keys = {one.key for one in criteria(study.phases.get())}
    assert "intact_side" in keys
    assert "realism" not in keys


def test_pending_and_excluded_images_are_in_no_study(manager):
    make_radiograph(state="pending_review")
    make_radiograph(state="excluded")
    study = services.create_study(
        actor=manager, name="S", task="which_real", batches=[make_campaign_batch(n=1)], seed=1
    )
    assert not study.cases.exists()
    with pytest.raises(DomainError, match="no case"):
        lifecycle.request_lock(study=study, actor=manager)


def test_the_manager_is_refused_as_reader(manager):
    study = make_study(manager=manager)
    with pytest.raises(NotAllowed, match="manages"):
        enrolment.add_reader(actor=manager, study=study, user=manager)


def test_whoever_saw_an_image_or_the_campaign_is_refused_as_reader(manager):
    study = make_study(manager=manager)
    saw_reference, saw_gallery = make_user(username="a"), make_user(username="b")
    note_exposure(user=saw_reference, ids=[reference_of(study.cases.first()).pk])
    left_out = make_radiograph(origin="synthetic", batch=study.batches.get())
    note_exposure(user=saw_gallery, ids=[left_out.pk])
    for user in (saw_reference, saw_gallery):
        with pytest.raises(NotAllowed, match="has opened"):
            enrolment.add_reader(actor=manager, study=study, user=user)


def test_a_reader_who_sees_an_image_before_the_lock_stops_the_lock(manager, reader):
    study = make_study(manager=manager, readers=(reader,))
    note_exposure(user=reader, ids=[reference_of(study.cases.first()).pk])
    study = lock(study)
    assert study.state == "draft"
    assert "has opened" in study.problem
    assert not Assignment.objects.exists()


def test_the_lock_freezes_everything_and_hashes_it(manager, reader):
    study = lock(make_study(manager=manager, readers=(reader,)))
    assert study.state == "locked"
    assert study.protocol_hash == locking.protocol_hash(study.protocol)
    assert study.phases.get().rubric.frozen
    assert study.readers.get().assignments.count() == 4
    lengths = {r.file.size for r in study.rendition_set.renditions.all()}
    assert lengths == {study.rendition_set.length}
    with pytest.raises(Conflict):
        services.build_cases(study=study)


def test_a_lock_that_died_half_way_goes_on_where_it_was(manager):
    study = make_study(manager=manager)
    study = lifecycle.move(study=study, to="locking", actor=manager)
    calls = []

    class Died(Exception):
        pass

    def die_after_three(study_id):
        calls.append(study_id)
        if len(calls) > 4:
            raise Died

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locking, "_proceed", die_after_three)
        with pytest.raises(Died):
            locking.lock_protocol(study_id=study.pk)
    study = ReaderStudy.objects.get(pk=study.pk)
    assert queries.lock_progress(study) == (3, 8)
    kept = set(study.rendition_set.renditions.values_list("pk", flat=True))
    locking.lock_protocol(study_id=study.pk)
    study = ReaderStudy.objects.get(pk=study.pk)
    assert study.state == "locked"
    assert kept < set(study.rendition_set.renditions.values_list("pk", flat=True))


def test_a_stopped_lock_is_a_draft_again(manager):
    study = lifecycle.move(study=make_study(manager=manager), to="locking", actor=manager)
    study = lifecycle.stop_lock(study=study, actor=manager)
    locking.lock_protocol(study_id=study.pk)
    assert ReaderStudy.objects.get(pk=study.pk).state == "draft"


def test_a_reader_who_joins_later_gets_a_whole_allocation(manager, reader):
    study = make_open_study(manager=manager)
    joined = enrolment.add_reader(actor=manager, study=study, user=reader)
    assert joined.assignments.count() == 4


def test_a_reader_does_not_see_the_images_elsewhere_until_the_close(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,))
    hidden = queries.image_ids(study)
    assert not visible_to(reader).filter(pk__in=hidden).exists()
    lifecycle.close(study=study, actor=manager)
    assert visible_to(reader).filter(pk__in=hidden).count() == len(hidden)
    assert not Embargo.objects.exists()


@pytest.mark.parametrize("state", ["draft", "locked", "open", "paused"])
def test_only_a_closed_study_is_unblinded(manager, state):
    study = make_study(manager=manager)
    if state != "draft":
        study = lock(study)
    if state in ("open", "paused"):
        study = lifecycle.open_study(study=study, actor=manager)
    if state == "paused":
        study = lifecycle.pause(study=study, actor=manager)
    with pytest.raises(Conflict):
        lifecycle.unblind(study=study, actor=manager, reason="analysis")


def test_unblinding_needs_a_reason_and_is_audited(manager):
    study = lifecycle.close(study=make_open_study(manager=manager), actor=manager)
    with pytest.raises(DomainError, match="why"):
        lifecycle.unblind(study=study, actor=manager, reason=" ")
    lifecycle.unblind(study=study, actor=manager, reason="analysis")
    event = Event.objects.get(verb="study_unblinded")
    assert (event.actor, event.target_id, event.detail) == (
        manager,
        str(study.pk),
        {"reason": "analysis"},
    )


def test_the_database_refuses_an_unblinding_without_a_close(manager):
    study = lock(make_study(manager=manager))
    with pytest.raises(IntegrityError), transaction.atomic():
        ReaderStudy.objects.filter(pk=study.pk).update(state="unblinded")


def test_a_frozen_rubric_is_kept_and_a_new_study_may_use_it(manager):
    first = lock(make_study(manager=manager))
    second = make_study(manager=manager)
    assert first.phases.get().rubric == second.phases.get().rubric
