"""Whose rubric is changed by what, and what the lock keeps."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from radrate.audit.models import Event
from radrate.errors import Conflict, NotAllowed
from radrate.studies.models import Phase, ReaderStudy
from radrate.studies.protocol import protocol_hash, protocol_of
from radrate.studies.rubrics import services
from radrate.studies.rubrics.access import EDIT, READ
from radrate.studies.rubrics.checks import VERDICT_KEYS
from radrate.studies.rubrics.models import Criterion, DefectTag, Rubric
from radrate.studies.rubrics.rows import definition_of
from radrate.studies.verdicts import verdict_rubric
from tests.factories.people import make_user
from tests.factories.rubrics import make_choice, make_criterion, make_definition, thaw
from tests.factories.studies import lock, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_manager():
    return make_user(username="other", is_manager=True)


@pytest.fixture
def rubric(manager):
    return services.create_rubric(actor=manager, definition=make_definition())


def freeze(rubric):
    with transaction.atomic():
        services.freeze(rubric_ids=[rubric.pk])
    return Rubric.objects.get(pk=rubric.pk)


def test_a_new_rubric_is_its_makers_and_named_by_its_title(manager, rubric):
    assert (rubric.owner, rubric.name, rubric.version) == (manager, "knees", 1)
    assert definition_of(rubric) == make_definition()
    assert Event.objects.filter(verb="create", target_id=str(rubric.pk)).count() == 1


def test_names_are_free_of_those_of_others_and_of_the_shipped(manager, rubric):
    again = services.create_rubric(actor=manager, definition=make_definition())
    assert again.name == "knees-2"
    shadow = services.create_rubric(actor=manager, definition=make_definition(title="Adams2023"))
    assert shadow.name == "adams2023-2"
    nameless = services.create_rubric(actor=manager, definition=make_definition(title="膝"))
    assert nameless.name == "rubric"


def test_a_draft_is_changed_in_place(manager, rubric):
    changed = make_definition(title="Hips", tags=())
    saved = services.save_rubric(actor=manager, rubric=rubric, definition=changed)
    assert (saved.pk, saved.version, saved.name) == (rubric.pk, 1, "knees")
    assert definition_of(Rubric.objects.get(pk=rubric.pk)) == changed


def test_an_edit_of_a_frozen_rubric_is_a_new_version(manager, rubric):
    rubric = freeze(rubric)
    changed = make_definition(title="Hips")
    saved = services.save_rubric(actor=manager, rubric=rubric, definition=changed)
    assert (saved.name, saved.version, saved.frozen, saved.owner) == ("knees", 2, False, manager)
    assert definition_of(Rubric.objects.get(pk=rubric.pk)) == make_definition()
    again = services.save_rubric(
        actor=manager, rubric=rubric, definition=make_definition(title="Feet")
    )
    assert again.version == 3


def test_saving_without_a_change_makes_nothing(manager, rubric):
    rubric = freeze(rubric)
    assert (
        services.save_rubric(actor=manager, rubric=rubric, definition=make_definition()) == rubric
    )
    assert Rubric.objects.count() == 1


def test_a_change_in_another_window_is_not_overwritten_unseen(manager, rubric):
    seen = rubric.changed_at
    services.save_rubric(
        actor=manager, rubric=rubric, definition=make_definition(title="First"), seen=seen
    )
    with pytest.raises(Conflict, match="another window"):
        services.save_rubric(
            actor=manager, rubric=rubric, definition=make_definition(title="Second"), seen=seen
        )
    assert Rubric.objects.get().title == "First"


def test_a_faulty_rubric_is_not_saved(manager, rubric):
    faulty = make_definition(title="")
    with pytest.raises(services.InvalidRubric) as refused:
        services.save_rubric(actor=manager, rubric=rubric, definition=faulty)
    assert set(refused.value.faults) == {("rubric", 0, "title")}
    with pytest.raises(services.InvalidRubric):
        services.create_rubric(actor=manager, definition=faulty)
    assert definition_of(Rubric.objects.get()) == make_definition()


def test_a_copy_is_ones_own_and_leaves_the_source(manager):
    source = services.shipped_rubric("edit-quality")
    copy = services.copy_rubric(actor=manager, source=source)
    assert (copy.owner, copy.title, copy.frozen) == (manager, "Copy of Edit quality", False)
    assert definition_of(copy) == replace(definition_of(source), title=copy.title)


def test_only_an_unused_draft_is_deleted(manager, rubric):
    services.delete_rubric(actor=manager, rubric=rubric)
    assert not Rubric.objects.exists()
    kept = freeze(services.create_rubric(actor=manager, definition=make_definition()))
    with pytest.raises(Conflict):
        services.delete_rubric(actor=manager, rubric=kept)


def test_nobody_else_changes_copies_or_deletes_an_own_rubric(rubric, other_manager, reader):
    for person in (other_manager, reader):
        with pytest.raises(NotAllowed):
            services.save_rubric(actor=person, rubric=rubric, definition=make_definition(title="x"))
        with pytest.raises(NotAllowed):
            services.copy_rubric(actor=person, source=rubric)
        with pytest.raises(NotAllowed):
            services.delete_rubric(actor=person, rubric=rubric)


def test_nobody_changes_a_shipped_rubric(manager):
    shipped = services.shipped_rubric("adams2023")
    with pytest.raises(NotAllowed):
        services.save_rubric(actor=manager, rubric=shipped, definition=make_definition())
    with pytest.raises(NotAllowed):
        services.delete_rubric(actor=manager, rubric=shipped)


def test_permissions_know_the_owner_the_other_manager_the_reader_and_the_stranger(
    manager, other_manager, reader, rubric
):
    shipped = services.shipped_rubric("adams2023")
    verdict = Rubric.objects.create(name="verdict-1", is_verdict=True)
    people = (manager, other_manager, reader, AnonymousUser())
    assert [person.has_perm(READ, rubric) for person in people] == [True, False, False, False]
    assert [person.has_perm(EDIT, rubric) for person in people] == [True, False, False, False]
    assert [person.has_perm(READ, shipped) for person in people] == [True, True, False, False]
    assert not any(person.has_perm(EDIT, shipped) for person in people)
    assert not any(person.has_perm(READ, verdict) for person in people)


@pytest.mark.parametrize(
    ("task", "name"), [("which_real", "adams2023"), ("which_intact", "adams2023-phantom")]
)
def test_a_study_of_phantoms_is_not_asked_for_realism_by_default(task, name):
    assert services.default_rubric(task).name == name


def test_questions_and_defects_are_part_of_the_protocol_and_of_its_hash(manager):
    study = lock(make_study(manager=manager))
    asked = study.protocol["phases"][0]["rubric"]
    shipped = definition_of(services.shipped_rubric("adams2023"))
    assert [row["key"] for row in asked["criteria"]] == [item.key for item in shipped.criteria]
    assert [row["key"] for row in asked["defect_tags"]] == [tag.key for tag in shipped.tags]
    rubric = study.phases.get().rubric
    assert rubric.frozen and study.phases.get().verdict.frozen
    for change in (
        lambda: rubric.tags.filter(key="seam").update(label="Other"),
        lambda: rubric.criteria.filter(key="joints").update(hint="Other"),
        lambda: rubric.criteria.filter(key="joints").update(
            condition={"criterion": "anatomy", "values": [1]}
        ),
    ):
        before = protocol_hash(protocol_of(study))
        thaw(rubric)
        assert change() == 1
        assert protocol_hash(protocol_of(study)) != before


@pytest.mark.parametrize("task", ReaderStudy.Task.values)
@pytest.mark.parametrize("design", Phase.Design.values)
def test_the_names_that_designs_use_are_kept_from_rubrics(design, task):
    rubric = verdict_rubric(
        design=design, task=task, images=2, offers_both=True, offers_unsure=True
    )
    if rubric is None:
        assert design == "rating"
        return
    assert rubric.is_verdict
    assert {criterion.key for criterion in rubric.criteria.all()} <= VERDICT_KEYS


# What the database itself forbids ---------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda rubric: rubric.criteria.filter(key="anatomy").update(question="Other"),
        lambda rubric: rubric.criteria.filter(key="anatomy").delete(),
        lambda rubric: rubric.tags.update(label="Other"),
        lambda rubric: rubric.tags.all().delete(),
        lambda rubric: DefectTag.objects.create(
            rubric=rubric, key="new", position=98, group="g", label="l"
        ),
        lambda rubric: Criterion.objects.create(rubric=rubric, key="new", position=98),
    ],
)
def test_questions_and_defects_of_a_frozen_rubric_cannot_be_changed(rubric, change):
    freeze(rubric)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        change(rubric)


@pytest.mark.parametrize(
    ("criterion", "constraint"),
    [
        (make_criterion(kind="side", per_image=True), "side_asked_once_a_case"),
        (make_criterion(kind="place", per_image=False), "place_lies_on_an_image"),
        (make_choice(), "choice_has_options"),
        (make_criterion(maximum=11), "criterion_scale"),
        (make_criterion(maximum=1), "criterion_scale"),
    ],
)
def test_the_database_refuses_an_impossible_criterion(rubric, criterion, constraint):
    criterion.pk, criterion.rubric, criterion.position = None, rubric, 50
    criterion.key = "impossible"
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        criterion.save()


def test_a_designs_own_questions_belong_to_nobody(manager):
    with pytest.raises(IntegrityError, match="verdict_has_no_owner"), transaction.atomic():
        Rubric.objects.create(name="x", is_verdict=True, owner=manager)
