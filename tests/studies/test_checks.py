"""What stops a lock, and what a manager is told: each names the phase and what to do."""

import pytest

from radrate.errors import DomainError
from radrate.studies import beginning, checks, drafts, lifecycle
from radrate.studies.models import ReaderStudy
from radrate.studies.rubrics.definition import Definition, Item
from radrate.studies.rubrics.services import create_rubric
from tests.factories.studies import make_campaign_batch, make_references, make_study

pytestmark = pytest.mark.django_db


def told(study: ReaderStudy, *, errors: bool) -> list[str]:
    return [one.text for one in checks.findings(study) if one.is_error == errors]


@pytest.fixture
def study(manager):
    return make_study(manager=manager, n=4)


@pytest.fixture
def ready(study, manager):
    return drafts.change_settings(actor=manager, study=study, planned_readers=3)


def change(study: ReaderStudy, **options) -> None:
    drafts.change_phase(actor=study.manager, phase=study.phases.get(), **options)


def test_a_sound_draft_has_nothing_against_it(ready):
    assert told(ready, errors=True) == []
    checks.require_ready(ready)


def test_a_study_nobody_can_read_is_not_locked(study, manager):
    assert told(study, errors=True) == [
        "There is no place for a reader. Plan some, or add readers."
    ]
    with pytest.raises(DomainError, match="no place for a reader"):
        lifecycle.request_lock(study=study, actor=manager)
    assert ReaderStudy.objects.get(pk=study.pk).state == "draft"


def test_without_a_campaign_that_alone_is_told(ready, manager):
    drafts.change_settings(actor=manager, study=ready, batches=[])
    assert told(ready, errors=True) == ["No campaign is under test. Choose one."]


def test_a_phase_without_images_names_itself(ready, manager):
    drafts.add_phase(actor=manager, study=ready, design="pair")
    (finding,) = [one for one in checks.findings(ready) if one.is_error]
    assert finding.phase.position == 2
    assert "Another phase shows all images" in finding.text
    with pytest.raises(DomainError, match="Phase 2:"):
        checks.require_ready(ready)


def test_a_preference_needs_a_second_campaign(ready):
    change(ready, design="preference")
    assert "compares two campaigns" in told(ready, errors=True)[0]


def test_an_edit_is_found_only_where_it_is_known(ready):
    change(ready, design="find_edit")
    assert "Choose a campaign of edits" in told(ready, errors=True)[0]


def test_too_few_references_of_a_region_stop_only_what_asked_for_more(manager):
    make_references(n=2)
    study = beginning.begin(
        actor=manager, name="S", task="which_real", batches=[make_campaign_batch(n=4)], seed=1
    )
    assert told(study, errors=True) == []
    assert any(
        "No reference is left for CHEST AP (1), PELVIS AP (1)" in text
        for text in told(study, errors=False)
    )
    change(study, case_limit=3)
    (error,) = told(study, errors=True)
    assert error.startswith("Of 3 cases asked for 2 were found")
    change(study, case_limit=2)
    assert told(study, errors=True) == []


@pytest.mark.parametrize(("design", "is_error"), [("rating", True), ("pair", False)])
def test_a_rubric_that_requires_nothing_is_told(ready, manager, design, is_error):
    item = Item(key="remark", question="Remarks", kind="text", per_image=False)
    rubric = create_rubric(actor=manager, definition=Definition("Free", "", (item,), ()))
    rubric.criteria.update(required=False)  # as no editor stores it
    change(ready, design=design, rubric=rubric)
    assert any("“Free” has to be answered" in text for text in told(ready, errors=is_error))


def test_repeats_that_cannot_lie_so_far_apart_are_told_with_what_would_do(ready):
    change(ready, repeats=1, minimum_lag=10)
    assert told(ready, errors=True) == ["A repeat can be no more than 4 cases away."]
    change(ready, minimum_lag=4)
    assert told(ready, errors=True) == []


def test_more_anchors_than_cases_a_reader_are_told(ready):
    change(ready, allocation="blocks", cases_per_reader=2, anchors=3)
    assert told(ready, errors=True) == ["No more than 2 cases can be read by everyone."]


def test_a_session_of_more_than_an_hour_is_told(manager):
    study = make_study(manager=manager, n=41)
    assert any("takes about 62 minutes" in text for text in told(study, errors=False))
    change(study, case_limit=40)
    assert not any("takes about" in text for text in told(study, errors=False))


def test_little_power_is_told_with_what_would_help(ready):
    (warning,) = told(ready, errors=False)
    assert "percentage points" in warning
    assert "That is little: more" in warning
