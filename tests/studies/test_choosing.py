"""The cases of every design, from a library of images."""

from collections import Counter

import pytest

from radrate.images.models import Radiograph
from radrate.studies import designing, enrolment, services
from radrate.studies.models import Arm
from radrate.studies.queries import items, shown_ids
from tests.factories.images import make_radiograph
from tests.factories.studies import PARTS, lock, make_campaign_batch, make_references

pytestmark = pytest.mark.django_db


def make(manager, *, arms=(8,), references=8, design="pair", **phase):
    make_references(n=references)
    known = {"edited_region": "regions/x.png", "edited_share": 0.1}  # where each was changed
    return services.create_study(
        actor=manager,
        name="S",
        task="which_real",
        batches=[make_campaign_batch(n=n, **known) for n in arms],
        seed=5,
        design=design,
        **phase,
    )


def sets_of(phase):
    return [list(case.images.order_by("number")) for case in phase.cases.order_by("number")]


def nobody_is_related(study):
    shown = items(Radiograph.objects.filter(pk__in=shown_ids(study)))
    return not any(one.related_to(other) for k, one in enumerate(shown) for other in shown[k + 1 :])


def test_single_images_are_references_and_candidates_in_equal_numbers_of_each_part(manager):
    study = make(manager, arms=(8,), references=5, design="single")
    images = [one for (one,) in sets_of(study.phases.get())]
    assert Counter(one.is_reference for one in images) == {True: 5, False: 5}
    parts = Counter((one.radiograph.body_part_examined, one.is_reference) for one in images)
    assert set(parts.values()) == {1}
    assert study.unmatched.count() == 3
    assert nobody_is_related(study)


def test_rating_shows_candidates_that_no_reference_is_like_as_well(manager):
    study = make(manager, arms=(8,), references=5, design="rating")
    images = [one for (one,) in sets_of(study.phases.get())]
    assert Counter(one.is_reference for one in images) == {True: 5, False: 8}
    assert not study.unmatched.exists()


def test_a_quartet_is_a_reference_and_one_image_of_each_of_three_arms(manager):
    study = make(manager, arms=(8, 8, 8), design="multiple")
    sets = sets_of(study.phases.get())
    assert len(sets) == 8
    for images in sets:
        assert [one.is_reference for one in images] == [True, False, False, False]
        assert len({one.arm_id for one in images[1:]}) == 3
        assert len({one.radiograph.body_part_examined for one in images}) == 1
    assert nobody_is_related(study)


def test_a_triplet_of_one_arm_takes_two_of_its_images(manager):
    study = make(manager, arms=(16,), design="multiple", images=3)
    sets = sets_of(study.phases.get())
    assert len(sets) == 8
    assert all(case.arm for case in study.cases.all())
    assert nobody_is_related(study)


def test_a_preference_shows_two_arms_and_no_reference(manager):
    study = make(manager, arms=(16, 16, 16), references=0, design="preference")
    sets = sets_of(study.phases.get())
    assert len(sets) == 24
    order = list(Arm.objects.order_by("pk").values_list("pk", flat=True))
    for images in sets:
        assert not any(one.is_reference for one in images)
        places = [order.index(one.arm_id) for one in images]
        assert places == sorted(set(places))
    assert nobody_is_related(study)


def test_to_find_an_edit_only_images_under_test_are_shown(manager):
    study = make(manager, design="find_edit")
    assert all(not one.is_reference for (one,) in sets_of(study.phases.get()))
    assert study.cases.count() == 8


def test_relatives_in_another_phase_are_left_out(manager):
    study = make(manager, case_limit=4)
    designing.add_phase(study=study, design="single")
    (first,) = study.phases.get(position=1).cases.all()[:1]
    shown = first.images.get(is_reference=True).radiograph
    shown.subject_key = "ann"
    shown.save()
    related = make_radiograph(body_part_examined=PARTS[0], subject_key="ann")
    services.build_cases(study=study)
    assert study.phases.get(position=2).cases.count() == 8
    assert related.pk not in shown_ids(study)
    assert nobody_is_related(study)


def test_a_phase_shows_the_same_cases_as_another_if_it_is_to(manager):
    study = make(manager, design="single")
    first = study.phases.get()
    second = designing.add_phase(study=study, design="single", same_images_as=first)
    services.build_cases(study=study)
    shown = [[one.radiograph_id for (one,) in sets_of(phase)] for phase in (first, second)]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 16


def test_a_phase_of_another_design_makes_its_cases_from_the_same_images(manager):
    study = make(manager, design="single", case_limit=10)
    first = study.phases.get()
    second = designing.add_phase(study=study, design="pair", same_images_as=first)
    services.build_cases(study=study)
    shown = [{one.radiograph_id for s in sets_of(phase) for one in s} for phase in (first, second)]
    assert shown[1] <= shown[0]
    assert second.cases.exists()


def test_of_more_cases_than_asked_for_every_arm_keeps_its_share(manager):
    study = make(manager, arms=(8, 8), references=16, case_limit=6)
    assert Counter(case.arm_id for case in study.cases.all()).most_common()[0][1] == 3
    assert study.cases.count() == 6
    assert Counter(row.reason for row in study.unmatched.all()) == {"not_needed": 10}


@pytest.mark.parametrize("design", ["single", "multiple", "preference", "rating", "find_edit"])
def test_every_design_is_locked_with_layouts_of_its_images(manager, reader, design):
    study = make(manager, arms=(8, 8, 8), design=design)
    enrolment.add_reader(actor=manager, study=study, user=reader)
    study = lock(study)
    assert study.problem == ""
    layouts = set(study.readers.get().assignments.values_list("layout", flat=True))
    images = study.phases.get().images
    assert all(sorted(layout) == list("1234"[:images]) for layout in layouts)
    assert study.readers.get().assignments.count() == study.cases.count()
