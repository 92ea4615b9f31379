"""No reader meets an image, a person or a phantom's seed twice, in one study or in two."""

import pytest

from radrate.errors import NotAllowed
from radrate.images.services import exclude, note_opened
from radrate.studies import enrolment, services
from radrate.studies.models import ReaderStudy
from tests.factories.images import make_batch, make_radiograph
from tests.factories.people import make_user
from tests.factories.studies import (
    lock,
    make_campaign_batch,
    make_study,
    reference_of,
)

pytestmark = pytest.mark.django_db


def study_of(manager, batches, **options) -> ReaderStudy:
    task = options.pop("task", "which_real")
    return services.create_study(actor=manager, name="S", task=task, batches=batches, seed=1)


def test_a_reader_of_one_study_does_not_see_its_references_in_another(manager, reader):
    first = make_study(manager=manager, readers=(reader,))
    second = study_of(manager, [make_campaign_batch(n=4)])
    shared = {reference_of(case) for case in first.cases.all()}
    assert shared & {reference_of(case) for case in second.cases.all()}
    with pytest.raises(NotAllowed, match="another one"):
        enrolment.add_reader(actor=manager, study=second, user=reader)


def test_nor_another_image_of_the_same_person(manager, reader):
    make_radiograph(body_part_examined="KNEE", subject_key="ann")
    first = study_of(manager, [make_campaign_batch(n=1)])
    enrolment.add_reader(actor=manager, study=first, user=reader)
    make_radiograph(body_part_examined="HAND", subject_key="ann")
    batch = make_batch(kind="campaign", made=1)
    make_radiograph(origin="synthetic", batch=batch, body_part_examined="HAND")
    second = study_of(manager, [batch])
    with pytest.raises(NotAllowed, match="another one"):
        enrolment.add_reader(actor=manager, study=second, user=reader)


def test_studies_without_relatives_share_their_readers(manager, reader):
    make_radiograph(body_part_examined="KNEE")
    first = study_of(manager, [make_campaign_batch(n=1)])
    enrolment.add_reader(actor=manager, study=first, user=reader)
    make_radiograph(body_part_examined="HAND")
    batch = make_batch(kind="campaign", made=1)
    make_radiograph(origin="synthetic", batch=batch, body_part_examined="HAND")
    enrolment.add_reader(actor=manager, study=study_of(manager, [batch]), user=reader)


def phantom(batch, *, seed: int, origin: str):
    made = {"seed": seed, "metadata": {"phantom_version": "1"}}
    return make_radiograph(origin=origin, batch=batch, provenance=made)


def test_a_phantom_never_stands_beside_its_healthy_twin(manager):
    intact = make_batch(kind="campaign", made=1)
    twin = phantom(intact, seed=5, origin="simulated")
    defects = make_batch(kind="campaign", made=1)
    phantom(defects, seed=5, origin="synthetic")
    assert not study_of(manager, [defects], task="which_intact").cases.exists()
    other = phantom(intact, seed=6, origin="simulated")
    case = study_of(manager, [defects], task="which_intact").cases.get()
    assert reference_of(case) == other != twin


def test_an_image_excluded_after_the_matching_stops_the_lock(manager):
    study = make_study(manager=manager)
    exclude(actor=manager, ids=[reference_of(study.cases.first()).pk], reason="a name is burnt in")
    study = lock(study)
    assert study.state == "draft"
    assert "excluded" in study.problem


def test_whoever_opened_the_campaigns_page_or_made_it_is_refused(manager):
    study = make_study(manager=manager)
    batch = study.batches.get()
    opened, made = make_user(username="a"), make_user(username="b")
    note_opened(user=opened, batch=batch)
    batch.created_by = made
    batch.save()
    for user in (opened, made):
        with pytest.raises(NotAllowed, match="has opened"):
            enrolment.add_reader(actor=manager, study=study, user=user)
