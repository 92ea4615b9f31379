"""Training cases: what may be one, and that nothing of them is seen again in the study."""

import pytest

from radrate.errors import Conflict, DomainError
from radrate.images.models import Origin, Radiograph
from radrate.studies import examples, lifecycle, services
from radrate.studies.models import Case, Phase
from radrate.studies.protocol import protocol_of
from radrate.studies.queries import items, shown_ids
from tests.factories.images import make_radiograph
from tests.factories.studies import lock, make_campaign_batch, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager):
    return make_study(manager=manager, n=4)


def phase_of(study) -> Phase:
    return study.phases.get()


def images_of(case):
    return [one.radiograph for one in case.images.all()]


def main_images(study):
    return list(
        Radiograph.objects.filter(pk__in=shown_ids(study).filter(case__kind=Case.Kind.MAIN))
    )


def make_example(study, **options):
    """Of images that are not in the study yet."""
    images = [make_radiograph(), make_radiograph(origin=Origin.SYNTHETIC)]
    return examples.add_example(
        actor=study.manager, phase=phase_of(study), images=images, **options
    )


def test_an_example_has_its_reference_first_and_its_sentence(study):
    case = make_example(study, explanation="  The cortex is broken. ")
    assert (case.kind, case.explanation, case.arm) == ("training", "The cortex is broken.", None)
    assert [one.is_reference for one in case.images.all()] == [True, False]
    assert study.cases.filter(kind="main").count() == 4


def test_images_of_an_example_leave_the_pairs(study):
    pair = study.cases.first()
    images = images_of(pair)
    case = examples.add_example(actor=study.manager, phase=phase_of(study), images=images)
    assert not set(images) & set(main_images(study))
    assert study.cases.filter(kind="main").count() == 3
    assert images_of(Case.objects.get(pk=case.pk)) == images


def test_kin_of_an_example_leave_the_pairs_too(manager):
    source = make_radiograph(subject_key="person 1", body_part_examined="WRIST")
    edit = make_radiograph(origin=Origin.SYNTHETIC, source=source)
    study = make_study(manager=manager, n=8)
    batch = study.batches.get()
    twin = make_radiograph(subject_key="person 1", body_part_examined="SHOULDER")
    make_radiograph(batch=batch, origin=Origin.SYNTHETIC, body_part_examined="SHOULDER")
    services.match_again(actor=manager, study=study)
    assert {source, twin} & set(main_images(study))
    examples.add_example(actor=manager, phase=phase_of(study), images=[make_radiograph(), edit])
    assert not {source, twin, edit} & set(main_images(study))
    taken = items(Radiograph.objects.filter(pk=edit.pk))
    for one in items(Radiograph.objects.filter(pk__in=[image.pk for image in main_images(study)])):
        assert not one.related_to(taken[0])


def test_examples_stay_when_the_study_is_matched_again(study):
    case = make_example(study, explanation="Look at the joint.")
    services.match_again(actor=study.manager, study=study)
    services.match_again(actor=study.manager, study=study)
    (kept,) = study.cases.filter(kind="training")
    assert (kept.pk, kept.explanation) == (case.pk, "Look at the joint.")
    assert study.cases.count() == 5


def test_a_removed_example_gives_its_images_back(study):
    pair = study.cases.first()
    case = examples.add_example(actor=study.manager, phase=phase_of(study), images=images_of(pair))
    examples.remove_example(actor=study.manager, case=case)
    assert [one.kind for one in study.cases.all()] == ["main"] * 4


def test_examples_are_chosen_for_every_body_part_and_leave_the_rest(manager):
    study = make_study(manager=manager, n=8)
    batch = study.batches.get()
    for part in ("KNEE", "HAND"):
        make_radiograph(body_part_examined=part)
        make_radiograph(body_part_examined=part, batch=batch, origin=Origin.SYNTHETIC)
    services.match_again(actor=manager, study=study)
    assert study.cases.count() == 10
    chosen = examples.choose_examples(actor=manager, phase=phase_of(study))
    assert len({case.body_part_examined for case in chosen}) == len(chosen) == 8
    assert sorted(study.cases.filter(kind="main").values_list("body_part_examined", flat=True)) == [
        "HAND",
        "KNEE",
    ]
    trained = {image for case in chosen for image in images_of(case)}
    assert not trained & set(main_images(study))


def test_an_example_can_only_be_made_of_fitting_images(study):
    phase, manager = phase_of(study), study.manager
    real, made = make_radiograph(), make_radiograph(origin=Origin.SYNTHETIC)
    waiting = make_radiograph(state="pending_review")
    for images in ([real], [made, real], [real, real], [real, make_radiograph()], [waiting, made]):
        with pytest.raises(DomainError):
            examples.add_example(actor=manager, phase=phase, images=images)
    examples.add_example(actor=manager, phase=phase, images=[real, made])
    with pytest.raises(DomainError):
        examples.add_example(actor=manager, phase=phase, images=[real, made])
    assert study.cases.filter(kind="training").count() == 1


def test_an_example_of_finding_the_edit_needs_a_known_region(manager):
    study = make_study(manager=manager, design="find_edit")
    with pytest.raises(DomainError):
        examples.add_example(
            actor=manager,
            phase=phase_of(study),
            images=[make_radiograph(origin=Origin.SYNTHETIC)],
        )


def test_after_the_lock_no_example_is_added_changed_or_removed(study):
    case = make_example(study)
    locked = lock(study)
    assert locked.state == "locked", locked.problem
    with pytest.raises(Conflict):
        make_example(locked)
    with pytest.raises(Conflict):
        examples.explain(actor=study.manager, case=case, explanation="Too late.")
    with pytest.raises(Conflict):
        examples.remove_example(actor=study.manager, case=case)


def test_the_sentence_of_an_example_is_part_of_the_protocol(study):
    case = make_example(study)
    before = protocol_of(study)
    examples.explain(actor=study.manager, case=case, explanation="The physis is missing.")
    after = protocol_of(study)
    told = [one["explanation"] for one in after["phases"][0]["cases"]]
    assert before != after
    assert sorted(told) == ["", "", "", "", "The physis is missing."]


def test_only_main_cases_make_a_study_that_can_be_locked(manager):
    make_campaign_batch(n=1)
    study = make_study(manager=manager, n=1)
    examples.add_example(
        actor=manager, phase=phase_of(study), images=images_of(study.cases.first())
    )
    with pytest.raises(DomainError):
        lifecycle.request_lock(study=study, actor=manager)
