"""Drafts are changed by their manager alone, phase by phase, and no image comes twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from radrate.audit.models import Event
from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.images.models import Embargo
from radrate.studies import drafts, lifecycle
from radrate.studies.models import CaseImage, Phase, ReaderStudy
from tests.factories.people import make_user
from tests.factories.studies import make_campaign_batch, make_references, make_study

pytestmark = pytest.mark.django_db


def shown(phase: Phase) -> set:
    return set(CaseImage.objects.filter(case__phase=phase).values_list("radiograph", flat=True))


def titles(study: ReaderStudy) -> list[str]:
    return [phase.title for phase in study.phases.order_by("position")]


@pytest.fixture
def study(manager):
    study = make_study(manager=manager, n=8, title="first", case_limit=2)
    make_references(n=8)
    return study


@pytest.fixture
def second(study, manager):
    return drafts.add_phase(
        actor=manager, study=study, design="single", title="second", case_limit=4
    )


def test_no_image_of_an_earlier_phase_comes_again_in_a_later_one(study, second):
    first = study.phases.get(position=1)
    assert (first.cases.count(), second.cases.count()) == (2, 4)
    assert not shown(first) & shown(second)


def test_the_same_images_are_shown_again_where_the_phase_says_so(study, second, manager):
    again = drafts.add_phase(
        actor=manager, study=study, design="single", title="again", same_images_as=second
    )
    assert shown(again) == shown(second) != set()


@pytest.mark.parametrize(("design", "images"), [("pair", 2), ("multiple", 4), ("preference", 2)])
def test_only_single_images_are_shown_again(study, second, manager, design, images):
    with pytest.raises(DomainError, match="one image a case"):
        drafts.add_phase(
            actor=manager, study=study, design=design, images=images, same_images_as=second
        )
    assert study.phases.count() == 2


def test_a_phase_does_not_move_before_the_one_whose_images_it_shows(study, second, manager):
    again = drafts.add_phase(
        actor=manager, study=study, design="rating", title="again", same_images_as=second
    )
    with pytest.raises(DomainError, match="earlier phase"):
        drafts.move_phase(actor=manager, phase=again, by=-1)
    assert titles(study) == ["first", "second", "again"]


def test_who_comes_first_chooses_first(study, second, manager):
    drafts.change_phase(actor=manager, phase=second, case_limit=None)
    drafts.change_phase(actor=manager, phase=study.phases.get(position=1), case_limit=None)
    assert [phase.cases.count() for phase in study.phases.all()] == [8, 0]
    drafts.move_phase(actor=manager, phase=second, by=-1)
    assert titles(study) == ["second", "first"]
    assert [phase.cases.count() for phase in study.phases.all()] == [16, 0]


def test_a_phase_that_goes_gives_its_images_back_and_its_place(study, second, manager):
    drafts.change_phase(actor=manager, phase=second, case_limit=None)
    drafts.remove_phase(actor=manager, phase=study.phases.get(position=1))
    assert titles(study) == ["second"]
    assert study.phases.get().position == 1
    assert study.phases.get().cases.count() == 16


def test_the_last_phase_stays(study, manager):
    with pytest.raises(DomainError, match="at least one phase"):
        drafts.remove_phase(actor=manager, phase=study.phases.get())
    assert study.phases.count() == 1


def test_a_new_design_asks_its_own_question(study, manager):
    phase = drafts.change_phase(actor=manager, phase=study.phases.get(), design="rating")
    assert (phase.images, phase.verdict) == (1, None)
    phase = drafts.change_phase(actor=manager, phase=phase, design="multiple", images=3)
    assert phase.verdict.name == "verdict-multiple-3-which_real"
    assert Event.objects.filter(verb="change_phase").count() == 2


def test_a_change_that_decides_no_case_leaves_them(study, manager):
    before = list(study.cases.values_list("pk", flat=True))
    phase = study.phases.get()
    drafts.change_phase(actor=manager, phase=phase, told="Look closely.", repeats=1)
    assert list(study.cases.values_list("pk", flat=True)) == before
    drafts.change_phase(actor=manager, phase=phase, case_limit=3)
    assert study.cases.count() == 3


def test_nothing_changed_is_nothing_noted(study, manager):
    drafts.change_phase(actor=manager, phase=study.phases.get(), title="first")
    drafts.change_settings(actor=manager, study=study, name=study.name)
    assert not Event.objects.filter(verb__in=["change_phase", "change_settings"]).exists()


def test_campaigns_come_and_go_with_their_cases(study, manager):
    old = study.batches.get()
    new = make_campaign_batch(n=8)
    drafts.change_settings(actor=manager, study=study, batches=[old, new])
    arm = study.arms.get(batch=new)
    phase = drafts.change_phase(actor=manager, phase=study.phases.get(), arms=[arm])
    assert {case.arm for case in phase.cases.all()} == {arm}
    drafts.change_settings(actor=manager, study=study, batches=[old])
    assert {case.arm.batch for case in phase.cases.all()} == {old}
    drafts.change_settings(actor=manager, study=study, batches=[])
    assert study.cases.count() == study.arms.count() == 0


def test_a_campaign_that_is_read_blind_cannot_be_tested(study, manager):
    blind = make_campaign_batch(n=1)
    Embargo.objects.create(
        user=manager, radiograph=blind.radiographs.get(), held_by=make_study(manager=manager).pk
    )
    with pytest.raises(NotAllowed, match="blind"):
        drafts.change_settings(actor=manager, study=study, batches=[blind])


def test_a_phase_shows_campaigns_of_its_study_only(study, manager):
    other = make_study(manager=manager)
    with pytest.raises(DomainError, match="its own study"):
        drafts.change_phase(actor=manager, phase=study.phases.get(), arms=list(other.arms.all()))


CHANGES = {
    "add_phase": lambda actor, study: drafts.add_phase(actor=actor, study=study),
    "change_phase": lambda actor, study: drafts.change_phase(
        actor=actor, phase=study.phases.first(), title="changed"
    ),
    "remove_phase": lambda actor, study: drafts.remove_phase(
        actor=actor, phase=study.phases.first()
    ),
    "move_phase": lambda actor, study: drafts.move_phase(
        actor=actor, phase=study.phases.first(), by=1
    ),
    "change_settings": lambda actor, study: drafts.change_settings(
        actor=actor, study=study, name="changed"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_its_manager_changes_a_study_and_only_as_a_draft(study, second, manager, change):
    for person in (make_user(username="other", is_manager=True), make_user(username="nobody")):
        with pytest.raises(NotAllowed):
            CHANGES[change](person, study)
    lifecycle.move(study=study, to="locking", actor=manager)
    with pytest.raises(Conflict):
        CHANGES[change](manager, study)
    assert titles(study) == ["first", "second"]


class PhasesKeepTheirOrder(TestCase):
    @settings(max_examples=8, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(-3, 3)), max_size=5))
    def test_positions_run_from_one_whatever_is_moved(self, moves):
        manager = make_user(username="mover", is_manager=True)
        study = make_study(manager=manager, n=2, title="0")
        for k in (1, 2, 3):
            drafts.add_phase(actor=manager, study=study, design="rating", title=str(k))
        expected = ["0", "1", "2", "3"]
        for place, by in moves:
            phase = study.phases.get(position=place + 1)
            drafts.move_phase(actor=manager, phase=phase, by=by)
            target = min(max(place + by, 0), 3)
            expected.insert(target, expected.pop(place))
        assert titles(study) == expected
        assert [phase.position for phase in study.phases.all()] == [1, 2, 3, 4]
        images = list(
            CaseImage.objects.filter(case__study=study).values_list("radiograph", flat=True)
        )
        assert len(images) == len(set(images))
