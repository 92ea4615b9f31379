"""Catch trials: of images that nothing else of the study shows, and plain."""

import numpy as np
import pytest

from radrate.errors import DomainError
from radrate.images.models import Batch, Origin, Radiograph
from radrate.images.regions import store_region
from radrate.studies import designing, examples, services
from radrate.studies.catching import fill_catch_trials
from radrate.studies.models import Case, Phase, ReaderStudy
from radrate.studies.queries import items, shown_ids
from tests.factories.images import make_batch, make_film, make_radiograph
from tests.factories.studies import lock, make_study

pytestmark = pytest.mark.django_db
KNEES = 7


@pytest.fixture
def films(db):
    return [make_film(body_part_examined="KNEE") for k in range(KNEES)]


def study_of(manager, **options) -> ReaderStudy:
    """One case, of a knee."""
    design = {name: options.pop(name) for name in ("task",) if name in options}
    return make_study(manager=manager, n=1, **design, **options)


def catches(study) -> list[Case]:
    return list(study.cases.filter(kind=Case.Kind.CATCH))


def images_of(case) -> list[Radiograph]:
    return [one.radiograph for one in case.images.all()]


def test_a_pair_has_an_intact_reference_and_a_mutated_one_of_someone_else(manager, films):
    study = study_of(manager, catch_trials=2)
    fill_catch_trials(study=study)
    assert len(catches(study)) == 2
    for case in catches(study):
        reference, mutated = images_of(case)
        assert [one.is_reference for one in case.images.all()] == [True, False]
        assert case.arm is None
        assert reference.origin == Origin.REAL
        assert mutated.batch.kind == Batch.Kind.CATCH
        assert mutated.source.origin == Origin.REAL
        assert mutated.source != reference
        assert {reference.body_part_examined, mutated.body_part_examined} == {"KNEE"}
    names = {images_of(case)[1].provenance["mutation"] for case in catches(study)}
    assert len(names) == 2


def test_no_image_or_person_is_shown_twice_in_a_study_with_catch_trials_and_examples(
    manager, films
):
    study = study_of(manager, catch_trials=2)
    edit = make_radiograph(origin=Origin.SYNTHETIC, source=films[0], body_part_examined="KNEE")
    examples.add_example(actor=manager, phase=study.phases.get(), images=[films[1], edit])
    fill_catch_trials(study=study)
    shown = items(Radiograph.objects.filter(pk__in=shown_ids(study)))
    assert len(shown) == 2 * study.cases.count() == 2 * 4
    for k, one in enumerate(shown):
        for other in shown[k + 1 :]:
            assert not one.related_to(other)


def test_catch_trials_show_what_the_cases_show(manager, films):
    for _k in range(4):
        make_film(body_part_examined="ELBOW")
    study = study_of(manager, catch_trials=3)
    fill_catch_trials(study=study)
    assert {case.body_part_examined for case in catches(study)} == {"KNEE"}


def test_too_few_films_are_told_with_what_is_possible(manager, films):
    study = study_of(manager, catch_trials=20)
    with pytest.raises(DomainError, match="Of 20 catch trials only 3 can be made"):
        fill_catch_trials(study=study)
    assert not catches(study)


def test_a_second_call_makes_no_more(manager, films):
    study = study_of(manager, catch_trials=2)
    fill_catch_trials(study=study)
    first = [images_of(case) for case in catches(study)]
    fill_catch_trials(study=study)
    assert [images_of(case) for case in catches(study)] == first


def test_what_was_stopped_goes_on_without_making_an_image_twice(manager, films):
    study = study_of(manager, catch_trials=2)
    calls = []

    def stop():
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_catch_trials(study=study, proceed=stop)
    fill_catch_trials(study=study)
    batch = Batch.objects.get(kind=Batch.Kind.CATCH)
    assert (len(catches(study)), batch.made) == (2, 2)


def test_matching_again_takes_the_catch_trials_away_and_makes_the_same(manager, films):
    study = study_of(manager, catch_trials=2)
    fill_catch_trials(study=study)
    before = [images_of(case) for case in catches(study)]
    services.match_again(actor=manager, study=study)
    assert not catches(study)
    fill_catch_trials(study=study)
    assert [images_of(case) for case in catches(study)] == before


@pytest.mark.parametrize(
    ("design", "images", "intact", "mutated"),
    [
        ("single", 1, 0, 1),
        ("rating", 1, 0, 1),
        ("find_edit", 1, 0, 1),
        ("preference", 2, 1, 1),
        ("multiple", 3, 1, 2),
    ],
)
def test_each_design_has_catch_trials_of_its_number_of_images(
    manager, films, design, images, intact, mutated
):
    study = study_of(manager)
    phase = designing.add_phase(study=study, design=design, images=images, catch_trials=1)
    Case.objects.create(
        study=study, phase=phase, number=9, body_part_examined="KNEE", view_position="AP"
    )
    fill_catch_trials(study=study)
    (case,) = catches(study)
    assert case.phase == phase
    flags = [one.is_reference for one in case.images.all()]
    assert flags == [True] * intact + [False] * mutated
    wrong = images_of(case)[intact:]
    assert all(image.batch.kind == Batch.Kind.CATCH for image in wrong)
    if design == "find_edit":
        assert wrong[0].provenance["mutation"] == "bone_removed"
        assert wrong[0].edited_share < 0.5


def test_the_lock_makes_them_and_renders_them(manager, films, reader):
    study = lock(study_of(manager, readers=(reader,), catch_trials=1))
    assert study.state == "locked", study.problem
    rendered = set(study.rendition_set.renditions.values_list("radiograph", flat=True))
    assert {image.pk for case in catches(study) for image in images_of(case)} <= rendered
    assert study.readers.get().assignments.count() == 2
    kinds = [case["kind"] for case in study.protocol["phases"][0]["cases"]]
    assert sorted(kinds) == ["catch", "main"]


def test_a_lock_that_cannot_make_them_goes_back_to_the_draft_and_says_why(manager):
    study = lock(study_of(manager, catch_trials=2))
    assert (study.state, "catch trials only 0" in study.problem) == ("draft", True)


def phantom(*, seed, batch, defect="", share=None, strength=1.0) -> Radiograph:
    made = {
        "seed": seed,
        "metadata": {"defect": defect, "strength": strength, "phantom_version": "2"},
    }
    region = None
    if share:
        region = np.zeros((64, 64), bool)
        region[: round(64 * share)] = True
    return make_radiograph(
        batch=batch,
        origin=Origin.SYNTHETIC if defect else Origin.SIMULATED,
        provenance=made,
        **store_region(region),
    )


def test_in_a_phantom_study_they_are_the_phantoms_with_the_plainest_defects(manager):
    batch, other = (make_batch(kind=Batch.Kind.CAMPAIGN, title=name) for name in ("a", "b"))
    for seed in range(4):
        phantom(seed=seed, batch=batch)
    phantom(seed=10, batch=batch, defect="missing_fibula", share=0.1)
    plain = phantom(seed=11, batch=other, defect="missing_tibia", share=0.4)
    phantom(seed=12, batch=other, defect="missing_tibia", share=0.5, strength=0.3)
    phantom(seed=13, batch=other, defect="photo_of_film", share=1.0)
    phantom(seed=14, batch=other, defect="missing_fibula", share=0.2)
    phantom(seed=15, batch=other, defect="missing_tibia", share=0.45)
    make_film()
    study = services.create_study(
        actor=manager,
        name="Phantoms",
        task=ReaderStudy.Task.WHICH_INTACT,
        batches=[batch],
        seed=7,
        catch_trials=2,
    )
    fill_catch_trials(study=study)
    shown = [images_of(case) for case in catches(study)]
    assert [pair[0].origin for pair in shown] == [Origin.SIMULATED] * 2
    assert [pair[1].edited_share for pair in shown] == sorted(
        (pair[1].edited_share for pair in shown), reverse=True
    )
    assert plain in [pair[1] for pair in shown]
    assert {pair[1].provenance["metadata"]["strength"] for pair in shown} == {1.0}
    assert not Batch.objects.filter(kind=Batch.Kind.CATCH).exists()
    assert study.phases.get().design == Phase.Design.PAIR
