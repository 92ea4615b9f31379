"""The pages on which a study is designed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from radrate.images.models import Embargo
from radrate.images.queries import exposed
from radrate.studies import drafts, lifecycle
from radrate.studies.models import Phase, ReaderStudy
from radrate.studies.rubrics.services import create_rubric
from tests.factories.people import make_user
from tests.factories.rubrics import make_definition
from tests.factories.studies import make_campaign_batch, make_references, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def study(manager):
    return make_study(manager=manager, n=4)


def url(name: str, study: ReaderStudy, phase: Phase | None = None) -> str:
    return reverse(name, args=[study.pk] if phase is None else [study.pk, phase.pk])


def sent(phase: Phase, **changes: object) -> dict:
    """What the form of a phase posts if nothing but these is changed."""
    values = {
        "title": phase.title,
        "design": phase.design,
        "images": "4",
        "rubric": phase.rubric_id,
        "allocation": phase.allocation,
        "anchors": 0,
        "repeats": 0,
        "minimum_lag": 10,
        "sessions": 1,
        "washout_days": 28,
    }
    return values | changes


def settings_sent(study: ReaderStudy, **changes: object) -> dict:
    values = {
        "name": study.name,
        "batches": [batch.pk for batch in study.batches.all()],
        "block_size": 12,
        "seed": study.seed,
        "planned_readers": 0,
        "spare_readers": 0,
    }
    rules = {f"rule_{name}": rule for name, rule in study.matching_rules.items()}
    return values | rules | changes


def test_the_draft_shows_its_phases_with_what_was_found_and_what_is_missing(managing, study):
    page = managing.get(url("study_detail", study)).content.decode()
    assert "Every reader reads all 4 cases, about 6 minutes." in page
    assert "There is no place for a reader" in page
    managing.post(url("study_settings", study), settings_sent(study, planned_readers=3))
    page = managing.get(url("study_detail", study)).content.decode()
    assert "There is no place for a reader" not in page


@pytest.mark.parametrize("design", list(Phase.Design.values))
def test_a_phase_of_each_design_is_added_and_edited(managing, study, design):
    answer = managing.post(url("phase_add", study), {"design": design})
    phase = study.phases.get(position=2)
    assert (answer.status_code, answer.url) == (302, url("phase_edit", study, phase))
    assert managing.get(answer.url).status_code == 200
    answer = managing.post(answer.url, sent(phase, title="Named", told="Look."))
    assert (answer.status_code, answer.url) == (302, url("study_detail", study))
    phase.refresh_from_db()
    assert (phase.title, phase.told, phase.design) == ("Named", "Look.", design)
    assert managing.get(url("phase_preview", study, phase)).status_code == 200


def test_three_images_are_asked_for_where_one_is_among_several(managing, study):
    phase = study.phases.get()
    page = url("phase_edit", study, phase)
    managing.post(page, sent(phase, design="multiple", images="3"))
    phase.refresh_from_db()
    assert (phase.design, phase.images) == ("multiple", 3)
    managing.post(page, sent(phase, design="pair", images="3"))
    phase.refresh_from_db()
    assert (phase.design, phase.images) == ("pair", 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"design": "ranking"}, "design"),
        ({"rubric": 10**9}, "rubric"),
        ({"rubric": ""}, "rubric"),
        ({"arms": [10**9]}, "arms"),
        ({"case_limit": -1}, "case_limit"),
        ({"case_limit": 2**40}, "case_limit"),
        ({"allocation": "quota"}, "cases_per_reader"),
        ({"allocation": "blocks", "cases_per_reader": ""}, "cases_per_reader"),
        ({"sessions": 3}, "sessions"),
        ({"same_images_as": 10**9}, "same_images_as"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"minimum_lag": ""}, "minimum_lag"),
    ],
    ids=repr,
)
def test_an_impossible_phase_is_refused_at_its_field(managing, study, changes, field):
    phase = study.phases.get()
    answer = managing.post(url("phase_edit", study, phase), sent(phase, **changes))
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {field}
    assert "problem" in answer.content.decode()
    assert study.phases.get().design == "pair"


def test_a_rubric_of_another_manager_cannot_be_asked(managing, study):
    other = make_user(username="other", is_manager=True)
    theirs = create_rubric(actor=other, definition=make_definition())
    phase = study.phases.get()
    answer = managing.post(url("phase_edit", study, phase), sent(phase, rubric=theirs.pk))
    assert set(answer.context["form"].errors) == {"rubric"}


def test_a_phase_of_another_study_is_not_reached_through_ones_own(managing, study):
    other = make_study(manager=make_user(username="other", is_manager=True))
    theirs = other.phases.get()
    for name in ("phase_edit", "phase_preview"):
        assert managing.get(url(name, study, theirs)).status_code == 404
    answer = managing.post(url("phase_step", study, theirs), {"verb": "remove"})
    assert answer.status_code == 404
    assert other.phases.count() == 1


def test_nothing_of_a_study_is_changed_by_anybody_else(client, study, reader, outsider):
    phase = study.phases.get()
    for person in (reader, outsider, make_user(username="other", is_manager=True)):
        client.force_login(person)
        client.post(url("phase_add", study), {"design": "rating"})
        client.post(url("phase_edit", study, phase), sent(phase, title="Mine"))
        client.post(url("phase_step", study, phase), {"verb": "remove"})
        client.post(url("study_settings", study), settings_sent(study, name="Mine"))
        client.post(url("study_copy", study), {"name": "Mine", "parts": ["phases"]})
    assert [phase.title for phase in study.phases.all()] == [""]
    assert [each.name for each in ReaderStudy.objects.all()] == [study.name]


def test_a_manager_who_reads_the_images_blind_sees_no_page_of_the_draft(managing, manager, study):
    image = study.cases.first().images.get(is_reference=False).radiograph
    Embargo.objects.create(user=manager, radiograph=image, held_by=make_study(manager=manager).pk)
    phase = study.phases.get()
    for name in ("phase_edit", "phase_preview"):
        assert managing.get(url(name, study, phase)).status_code == 403
    for name in ("study_settings", "study_copy", "phase_add"):
        assert managing.get(url(name, study)).status_code == 403


def test_what_is_locked_is_told_and_not_changed(managing, manager, study):
    phase = study.phases.get()
    lifecycle.move(study=study, to="locking", actor=manager)
    answer = managing.post(url("phase_edit", study, phase), sent(phase, title="Late"))
    assert "cannot be done while the study is" in answer.content.decode()
    answer = managing.post(url("study_settings", study), settings_sent(study, name="Late"))
    assert "cannot be done while the study is" in answer.content.decode()
    for name, data in (("phase_add", {"design": "pair"}),):
        answer = managing.post(url(name, study), data, follow=True)
        assert "cannot be done while the study is" in answer.content.decode()
    answer = managing.post(url("phase_step", study, phase), {"verb": "remove"}, follow=True)
    assert "cannot be done while the study is" in answer.content.decode()
    assert [phase.title for phase in study.phases.all()] == [""]


def test_an_unknown_step_of_a_phase_is_refused(managing, study):
    for verb in ("", "explode", "a\x00b"):
        answer = managing.post(url("phase_step", study, study.phases.get()), {"verb": verb})
        assert answer.status_code == 400


def test_settings_are_refused_at_their_field(managing, study):
    for changes in ({"seed": ""}, {"planned_readers": -1}, {"spare_readers": 10**6}, {"name": ""}):
        answer = managing.post(url("study_settings", study), settings_sent(study, **changes))
        assert set(answer.context["form"].errors) == set(changes)


def test_settings_that_are_saved_unchanged_keep_every_case(managing, study):
    before = list(study.cases.values_list("pk", flat=True))
    managing.post(url("study_settings", study), settings_sent(study))
    assert list(study.cases.values_list("pk", flat=True)) == before


def test_whoever_tries_a_case_has_seen_its_images(managing, manager, study):
    phase = study.phases.get()
    first, second = [
        list(case.images.values_list("radiograph", flat=True)) for case in phase.cases.all()[:2]
    ]
    managing.get(url("phase_preview", study, phase))
    assert all(exposed(manager, [pk]) for pk in first)
    assert not exposed(manager, second)


def test_an_unknown_published_study_is_none(managing):
    assert "Design" in managing.get(reverse("study_new") + "?published=nobody").content.decode()
    answer = managing.post(reverse("study_new"), {"published": "nobody"})
    assert "published" in answer.context["form"].errors


def test_the_draft_asks_the_database_no_more_for_more_cases_and_phases(managing, manager):
    counts = []
    for n, phases in ((4, 1), (8, 3)):
        study = make_study(manager=manager, n=n, case_limit=2)
        for _ in range(phases - 1):
            drafts.add_phase(actor=manager, study=study, design="single", case_limit=2)
        page = url("study_detail", study)
        managing.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert managing.get(page).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_words_of_a_phase_are_shown_as_text(managing, study):
    phase = study.phases.get()
    words = "<script>alert(1)</script>"
    managing.post(url("phase_edit", study, phase), sent(phase, title=words, told=words))
    for page in (url("study_detail", study), url("phase_preview", study, phase)):
        assert "<script>alert" not in managing.get(page).content.decode()


def test_every_published_study_is_offered_with_its_phases(managing):
    make_references(n=1)
    make_campaign_batch(n=1)
    page = managing.get(reverse("study_new") + "?published=tordjman2026").content.decode()
    assert "Quality" in page
    assert "Real or generated" in page
    assert "Tordjman" in page
