"""A manager's study pages: the whole life of a study, and who may do what."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from radrate.audit.models import Event
from radrate.exports.urls import urlpatterns as export_urls
from radrate.images.queries import exposed
from radrate.studies import lifecycle, locking, queries
from radrate.studies.models import ReaderStudy, StudyReader
from radrate.studies.urls import urlpatterns as study_urls
from tests.factories.people import make_user
from tests.factories.readers import make_invitation
from tests.factories.studies import (
    make_campaign_batch,
    make_open_study,
    make_references,
    make_study,
    rate,
    reference_of,
)

pytestmark = pytest.mark.django_db

# name, method: status for the study's manager, a reader of it, another manager
STATUS = {
    ("study_list", "get"): (200, 403, 200),
    ("study_new", "get"): (200, 403, 200),
    ("study_new", "post"): (200, 403, 200),
    ("study_home_fragment", "get"): (200, 403, 200),
    ("studies_showing", "get"): (200, 403, 200),
    ("study_detail", "get"): (200, 403, 404),
    ("study_settings", "get"): (200, 403, 404),
    ("study_settings", "post"): (200, 403, 404),
    ("study_copy", "get"): (200, 403, 404),
    ("study_copy", "post"): (200, 403, 404),
    ("phase_add", "get"): (200, 403, 404),
    ("phase_add", "post"): (200, 403, 404),
    ("phase_edit", "get"): (200, 403, 404),
    ("phase_edit", "post"): (200, 403, 404),
    ("phase_preview", "get"): (200, 403, 404),
    ("phase_step", "post"): (302, 403, 404),
    ("study_step", "post"): (302, 403, 404),
    ("study_unblind", "post"): (302, 403, 404),
    ("examples_choose", "post"): (302, 403, 404),
    ("example_step", "post"): (302, 403, 404),
    ("catch_trials", "post"): (302, 403, 404),
    ("reader_add", "post"): (302, 403, 404),
    ("reader_remove", "post"): (302, 403, 404),
    ("study_terms", "get"): (200, 403, 404),
    ("study_terms", "post"): (200, 403, 404),
    ("study_invite", "get"): (200, 403, 404),
    ("study_invite", "post"): (200, 403, 404),
    ("invitation_step", "post"): (400, 403, 404),
    ("study_machines", "get"): (200, 403, 404),
    ("study_machines", "post"): (200, 403, 404),
    ("machine_token", "post"): (404, 403, 404),  # the reader there is a person
    ("study_ratings", "get"): (200, 403, 404),
    ("study_marks", "get"): (200, 403, 404),
    ("study_readers", "get"): (200, 403, 404),
    ("data_dictionary", "get"): (200, 403, 200),
}
POST_ONLY = [
    "study_step",
    "study_unblind",
    "examples_choose",
    "example_step",
    "catch_trials",
    "reader_add",
    "reader_remove",
    "machine_token",
]
READ_ONLY = ["study_list", "study_home_fragment", "study_detail", "study_ratings", "study_marks"]


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


def url_of(name: str, study: ReaderStudy) -> str:
    arguments = {
        "study_detail": [study.pk],
        "studies_showing": [reference_of(study.cases.first()).pk],
        "study_step": [study.pk],
        "study_unblind": [study.pk],
        "study_settings": [study.pk],
        "study_copy": [study.pk],
        "phase_add": [study.pk],
        "phase_edit": [study.pk, study.phases.get().pk],
        "phase_preview": [study.pk, study.phases.get().pk],
        "phase_step": [study.pk, study.phases.get().pk],
        "examples_choose": [study.pk, study.phases.get().pk],
        "example_step": [study.pk, study.cases.first().pk, "use"],
        "catch_trials": [study.pk, study.phases.get().pk],
        "reader_add": [study.pk],
        "reader_remove": [study.pk, study.readers.get().pk],
        "study_terms": [study.pk],
        "study_invite": [study.pk],
        "invitation_step": [study.pk, make_invitation(study).pk],
        "study_machines": [study.pk],
        "machine_token": [study.pk, study.readers.get().pk],
        "study_ratings": [study.pk, "csv"],
        "study_marks": [study.pk, "csv"],
        "study_readers": [study.pk, "csv"],
    }
    return reverse(name, args=arguments.get(name, []))


def step(client: Client, study: ReaderStudy, verb: str) -> str:
    """Takes the step, follows to the study's page and returns its text."""
    url = reverse("study_step", args=[study.pk])
    answer = client.post(url, {"verb": verb}, follow=True)
    assert answer.redirect_chain == [(reverse("study_detail", args=[study.pk]), 302)]
    assert answer.status_code == 200
    return answer.content.decode()


def state(study: ReaderStudy) -> str:
    return ReaderStudy.objects.get(pk=study.pk).state


def new_study(client: Client, **changes: object) -> object:
    sent = {"name": "Diffusion", "task": "which_real", "block_size": 2, "seed": 5}
    sent |= {"rule_body_part_examined": "equal"}
    return client.post(reverse("study_new"), sent | changes)


def test_a_study_lives_from_its_design_to_its_unblinding_through_the_pages(managing, reader):
    make_references(n=4)
    answer = new_study(managing, batches=[make_campaign_batch(n=4).pk])
    study = ReaderStudy.objects.get()
    detail = reverse("study_detail", args=[study.pk])
    assert (answer.status_code, answer.url) == (302, detail)
    assert (study.name, study.seed, study.block_size) == ("Diffusion", 5, 2)
    assert study.cases.count() == 4

    managing.post(reverse("reader_add", args=[study.pk]), {"username": "READER1"})
    assert study.readers.get().user == reader

    step(managing, study, "lock")
    assert state(study) == "locking"
    locking.lock_protocol(study_id=study.pk)
    page = managing.get(detail).content.decode()
    assert ReaderStudy.objects.get(pk=study.pk).protocol_hash in page
    assert "Open for reading" in page

    assert "Pause" in step(managing, study, "open")
    rate(study.readers.get(user=reader).assignments.get(position=1))
    assert "1 of 4" in managing.get(detail).content.decode()
    assert "Go on" in step(managing, study, "pause")
    step(managing, study, "open")
    assert "Why is it unblinded?" in step(managing, study, "close")

    unblind = reverse("study_unblind", args=[study.pk])
    answer = managing.post(unblind, {"reason": "analysis"}, follow=True)
    assert "the files hold the truth" in answer.content.decode()
    assert Event.objects.get(verb="study_unblinded").detail == {"reason": "analysis"}
    export = managing.get(reverse("study_ratings", args=[study.pk, "csv"]))
    assert len(b"".join(export.streaming_content).splitlines()) == 15


def test_a_lock_goes_back_to_the_draft_from_the_page(managing, manager, reader):
    study = make_study(manager=manager, readers=(reader,))
    assert "Back to the draft" in step(managing, study, "lock")
    assert "Lock the protocol" in step(managing, study, "stop_lock")
    assert state(study) == "draft"


def test_the_progress_of_a_lock_is_a_fragment_until_the_lock_ends(managing, manager, reader):
    study = make_study(manager=manager, readers=(reader,))
    step(managing, study, "lock")
    detail = reverse("study_detail", args=[study.pk])
    fragment = managing.get(detail, headers={"HX-Request": "true"})
    assert "0 of 8 images" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    locking.lock_protocol(study_id=study.pk)
    assert managing.get(detail, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_study_without_pairs_is_not_locked_and_says_why(managing):
    new_study(managing, batches=[make_campaign_batch(n=2).pk])
    study = ReaderStudy.objects.get()
    assert "no case to read" in step(managing, study, "lock")
    assert state(study) == "draft"


def test_matching_again_finds_references_that_came_later(managing, manager):
    new_study(managing, batches=[make_campaign_batch(n=2).pk])
    study = ReaderStudy.objects.get()
    make_references(n=2)
    step(managing, study, "match")
    assert study.cases.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"batches": []},
        {"batches": ["no-number"]},
        {"batches": [10**12]},
        {"name": ""},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"task": "which_fake"},
        {"block_size": 0},
        {"block_size": "many"},
        {"seed": -1},
        {"seed": 2**80},
        {"rule_view_position": "roughly"},
    ],
    ids=repr,
)
def test_an_impossible_design_is_refused_at_its_field(managing, changes):
    batch = make_campaign_batch(n=1)
    answer = new_study(managing, **{"batches": [batch.pk]} | changes)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == set(changes)
    assert "problem" in answer.content.decode()
    assert not ReaderStudy.objects.exists()


@pytest.mark.parametrize("missing", ["body_part_examined"])
def test_a_design_without_a_rule_that_is_always_needed_is_not_made(managing, missing):
    answer = new_study(
        managing, batches=[make_campaign_batch(n=1).pk], **{f"rule_{missing}": "loosely"}
    )
    assert f"rule_{missing}" in answer.context["form"].errors


def test_every_address_of_a_study_is_among_those_that_are_guarded():
    names = {pattern.name for pattern in [*study_urls, *export_urls]}
    assert names == {name for name, _method in STATUS}


@pytest.mark.parametrize(("name", "method"), STATUS)
def test_only_its_manager_sees_and_moves_a_study(client, manager, reader, outsider, name, method):
    study = make_study(manager=manager, readers=(reader,))
    other_manager = make_user(username="other", is_manager=True)
    url = url_of(name, study)
    answer = getattr(client, method)(url)
    if method == "get" or name != "study_step":
        assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    client.force_login(outsider)
    assert getattr(client, method)(url).status_code == 403
    expected = dict(zip((reader, other_manager, manager), _reordered(name, method), strict=True))
    for person, status in expected.items():
        client.force_login(person)
        sent = {"study_step": {"verb": "match"}, "phase_step": {"verb": "up"}}.get(name, {})
        assert getattr(client, method)(url, sent).status_code == status, person


def _reordered(name: str, method: str) -> tuple[int, int, int]:
    its_manager, its_reader, other_manager = STATUS[name, method]
    return its_reader, other_manager, its_manager


def test_nobody_else_changes_a_study(client, manager, reader, outsider):
    study = make_study(manager=manager, readers=(reader,))
    other_manager = make_user(username="other", is_manager=True)
    for person in (reader, outsider, other_manager):
        client.force_login(person)
        client.post(reverse("study_step", args=[study.pk]), {"verb": "lock"})
        client.post(reverse("reader_add", args=[study.pk]), {"username": "outsider"})
        client.post(reverse("reader_remove", args=[study.pk, study.readers.get().pk]))
    assert state(study) == "draft"
    assert [row.user for row in study.readers.all()] == [reader]


def test_a_list_shows_only_ones_own_studies(client, manager):
    study = make_study(manager=manager)
    client.force_login(make_user(username="other", is_manager=True))
    for url in (reverse("study_list"), reverse("study_home_fragment")):
        assert study.name not in client.get(url).content.decode()


@pytest.mark.parametrize("name", POST_ONLY)
def test_what_changes_a_study_is_no_get(managing, manager, reader, name):
    study = make_study(manager=manager, readers=(reader,))
    assert managing.get(url_of(name, study)).status_code == 405
    assert managing.head(url_of(name, study)).status_code == 405


@pytest.mark.parametrize("name", READ_ONLY)
def test_what_shows_a_study_takes_no_post(managing, manager, reader, name):
    study = make_study(manager=manager, readers=(reader,))
    assert managing.post(url_of(name, study)).status_code == 405


def test_a_form_without_its_token_changes_nothing(manager):
    study = make_study(manager=manager)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(manager)
    answer = forged.post(reverse("study_step", args=[study.pk]), {"verb": "lock"})
    assert answer.status_code == 403
    assert state(study) == "draft"


def test_an_unknown_step_is_refused(managing, manager):
    study = make_study(manager=manager)
    for verb in ("", "unblind", "explode", "a\x00b"):
        answer = managing.post(reverse("study_step", args=[study.pk]), {"verb": verb})
        assert answer.status_code == 400


@pytest.mark.parametrize("verb", ["open", "pause", "close", "stop_lock"])
def test_a_step_out_of_turn_is_told_on_the_page(managing, manager, verb):
    study = make_study(manager=manager)
    assert "cannot become" in step(managing, study, verb)
    assert state(study) == "draft"


def test_a_study_is_not_unblinded_without_a_reason_or_before_its_close(managing, manager):
    study = make_open_study(manager=manager)
    unblind = reverse("study_unblind", args=[study.pk])
    answer = managing.post(unblind, {"reason": "curious"}, follow=True)
    assert "cannot become" in answer.content.decode()
    lifecycle.close(study=study, actor=manager)
    for reason in ("", "   ", "a\x00b", "x" * 501):
        answer = managing.post(unblind, {"reason": reason}, follow=True)
        assert "Say why" in answer.content.decode()
    assert state(study) == "closed"


@pytest.mark.parametrize(
    ("username", "message"),
    [
        ("nobody", "Nobody here has this user name."),
        ("", "This field is required."),
        ("a\x00b", "Null characters are not allowed."),
        ("x" * 400, "at most 150 characters"),
        ("manager", "manages this study"),
        ("reader1", "reads this study already"),
    ],
)
def test_whoever_cannot_read_is_told_on_the_page(managing, manager, reader, username, message):
    study = make_study(manager=manager, readers=(reader,))
    url = reverse("reader_add", args=[study.pk])
    answer = managing.post(url, {"username": username}, follow=True)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert study.readers.count() == 1


def test_a_reader_is_removed_from_a_draft_only(managing, manager, reader, outsider):
    study = make_study(manager=manager, readers=(reader, outsider))
    gone, stays = study.readers.order_by("slot")
    managing.post(reverse("reader_remove", args=[study.pk, gone.pk]))
    assert list(study.readers.all()) == [stays]
    lifecycle.move(study=study, to="locking", actor=manager)
    url = reverse("reader_remove", args=[study.pk, stays.pk])
    assert "cannot be done" in managing.post(url, follow=True).content.decode()
    assert StudyReader.objects.filter(pk=stays.pk).exists()


def test_a_reader_of_another_study_is_not_removed_through_ones_own(managing, manager, reader):
    other_manager = make_user(username="other", is_manager=True)
    theirs = make_study(manager=other_manager, readers=(reader,))
    mine = make_study(manager=manager)
    url = reverse("reader_remove", args=[mine.pk, theirs.readers.get().pk])
    assert managing.post(url).status_code == 404
    huge = reverse("reader_remove", args=[mine.pk, 10**30])
    assert managing.post(huge).status_code == 404
    assert theirs.readers.count() == 1


def test_a_study_that_does_not_exist_is_not_found(managing):
    assert managing.get(reverse("study_detail", args=[uuid.uuid4()])).status_code == 404
    assert managing.get("/studies/1/").status_code == 404
    assert managing.get(f"/studies/{uuid.uuid4()}/ratings.xlsx").status_code == 404


def test_whoever_opens_the_study_page_has_seen_its_images(managing, manager):
    study = make_study(manager=manager)
    ids = queries.image_ids(study)
    assert not exposed(manager, ids)
    managing.get(reverse("study_detail", args=[study.pk]))
    assert all(exposed(manager, [pk]) for pk in ids)


def test_the_study_page_asks_the_database_no_more_for_more_pairs(managing, manager):
    counts = []
    for n in (4, 8):
        readers = tuple(make_user(username=f"r{n}-{k}") for k in range(n // 2))
        study = make_open_study(manager=manager, n=n, readers=readers)
        rate(study.readers.first().assignments.get(position=1))
        url = reverse("study_detail", args=[study.pk])
        managing.get(url)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert managing.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_name_of_a_study_is_shown_as_text(managing):
    make_references(n=1)
    batch = make_campaign_batch(n=1)
    new_study(managing, name="<script>alert(1)</script>", batches=[batch.pk])
    page = managing.get(reverse("study_detail", args=[ReaderStudy.objects.get().pk]))
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert" in page.content.decode()
