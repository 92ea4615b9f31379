"""What a manager is told of cases whose images were excluded, and who is told of campaigns."""

import html
import importlib
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from radrate.errors import NotAllowed
from radrate.images.models import Radiograph
from radrate.images.services import exclude, set_embargo
from radrate.studies import lifecycle, pages, queries, services, withdrawal
from radrate.studies.models import ReaderStudy
from tests.factories.images import make_radiograph
from tests.factories.studies import (
    IMAGE_OF,
    candidate_of,
    lock,
    make_campaign_batch,
    make_open_study,
    make_references,
    make_study,
    rate,
    reference_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,))


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


def withdraw(study, number, reason="a name in the corner", image="candidate"):
    case = study.cases.get(number=number)
    exclude(actor=study.manager, ids=[IMAGE_OF[image](case).pk], reason=reason)


def text(answer):
    """What a person reads: no tags, one space between words."""
    words = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return html.unescape(" ".join(words.split()))


def detail(client, study):
    return client.get(reverse("study_detail", args=[study.pk]))


def showing(client, radiograph_id):
    return client.get(reverse("studies_showing", args=[radiograph_id]))


def withdrawn(study):
    return [case.number for case in queries.cases(study) if case.is_withdrawn]


@pytest.mark.parametrize("image", ["reference", "candidate"])
def test_a_case_stands_until_one_of_its_images_is_excluded(study, image):
    assert withdrawn(study) == []
    withdraw(study, 2, image=image)
    assert withdrawn(study) == [2]
    assert withdrawal.is_withdrawn(study.cases.get(number=2).pk)
    assert not withdrawal.is_withdrawn(study.cases.get(number=1).pk)


def test_an_exclusion_is_compared_with_the_close(study, manager):
    withdraw(study, 1)
    lifecycle.close(study=study, actor=manager)
    withdraw(study, 2)
    withdraw(study, 1, image="reference")
    assert withdrawn(study) == [1]


def test_an_image_excluded_between_lock_and_opening_withdraws_its_case(manager, reader):
    study = lock(make_study(manager=manager, readers=(reader,)))
    withdraw(study, 3)
    lifecycle.open_study(study=study, actor=manager)
    assert withdrawn(study) == [3]
    assert queries.board(study)[0].total == 3


def test_the_board_counts_what_was_rated_and_what_is_still_to_be_rated(study):
    first, second = study.readers.get().assignments.order_by("position")[:2]
    rate(first)
    withdraw(study, first.case.number)
    withdraw(study, second.case.number)
    (row,) = queries.board(study)
    assert (row.done, row.total) == (1, 3)
    assert row.last_at is not None


def test_the_page_tells_how_many_left_why_and_what_is_kept(managing, study):
    rate(study.readers.get().assignments.get(position=1))
    number = study.readers.get().assignments.get(position=1).case.number
    assert "Withdrawn" not in text(detail(managing, study))
    withdraw(study, number, reason="a name in the corner")
    withdraw(study, number, reason="licence withdrawn", image="reference")
    page = text(detail(managing, study))
    assert "Withdrawn 1 Readers 1" in page
    assert f"{number} licence withdrawn; a name in the corner" in page
    assert "by 1 reader " in page
    assert "Cases rated 1 of 4" in page
    (row,) = pages.withdrawn_rows(queries.cases(study))
    assert row.rated == 1
    assert row.at == candidate_of(study.cases.get(number=number)).excluded_at


def test_the_page_asks_no_more_the_more_is_withdrawn(managing, study):
    counts = []
    for number in (1, 2, 3):
        withdraw(study, number)
        with CaptureQueriesContext(connection) as asked:
            assert f"Withdrawn {number} " in text(detail(managing, study))
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_whoever_excludes_an_image_is_told_how_many_studies_show_it(managing, study, manager):
    case = study.cases.get(number=1)
    page = managing.get(reverse("image_detail", args=[reference_of(case).pk])).content.decode()
    assert reverse("studies_showing", args=[reference_of(case).pk]) in page
    assert "1 locked or open study shows this image." in text(
        showing(managing, reference_of(case).pk)
    )
    assert "1 locked or open study" in text(showing(managing, candidate_of(case).pk))
    assert text(showing(managing, make_radiograph().pk)) == ""
    lifecycle.pause(study=study, actor=manager)
    assert "1 locked or open study" in text(showing(managing, candidate_of(case).pk))
    lifecycle.close(study=study, actor=manager)
    assert text(showing(managing, candidate_of(case).pk)) == ""


def test_a_draft_does_not_count_as_showing(managing, manager):
    study = make_study(manager=manager)
    assert text(showing(managing, candidate_of(study.cases.first()).pk)) == ""


def test_a_blind_reader_is_not_told_that_a_study_shows_an_image(client, study, reader):
    reader.is_manager = True
    reader.save()
    client.force_login(reader)
    assert showing(client, candidate_of(study.cases.first()).pk).status_code == 404


def test_an_exclusion_has_a_time_and_nothing_else_has_one(study):
    for change in ({"state": "excluded", "excluded_because": "x"}, {"excluded_at": timezone.now()}):
        with pytest.raises(IntegrityError, match="exclusion_has_a_time"), transaction.atomic():
            Radiograph.objects.filter(pk=candidate_of(study.cases.first()).pk).update(**change)


def test_earlier_exclusions_get_their_time_from_the_audit(study):
    withdraw(study, 1)
    at = candidate_of(study.cases.get(number=1)).excluded_at
    older = make_radiograph(state="excluded")
    note_when = importlib.import_module("radrate.migrations.0005_withdrawn_cases").NOTE_WHEN
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE radrate_radiograph DROP CONSTRAINT exclusion_has_a_time")
        cursor.execute("UPDATE radrate_radiograph SET excluded_at = NULL")
        cursor.execute(note_when)
    found = Radiograph.objects.exclude(excluded_at=None)
    assert {image.pk for image in found} == {candidate_of(study.cases.get(number=1)).pk, older.pk}
    assert abs((candidate_of(study.cases.get(number=1)).excluded_at - at).total_seconds()) < 5
    assert Radiograph.objects.get(pk=older.pk).excluded_at == older.reviewed_at


# Campaigns that are read blind ---------------------------------------------------------------


def test_the_form_of_a_study_tells_how_many_campaigns_it_leaves_out(managing, study, manager):
    shown = make_campaign_batch(n=1)
    set_embargo(user=manager, ids=queries.image_ids(study), held_by=study.pk)
    page = text(managing.get(reverse("study_new")))
    assert "1 campaign is not shown to you" in page
    form = managing.get(reverse("study_new")).content.decode()
    assert str(shown.pk) in form
    assert str(study.batches.get().pk) not in form


def test_a_study_of_a_campaign_that_is_read_blind_is_not_made(manager):
    make_references(n=1)
    batch = make_campaign_batch(n=1)
    set_embargo(user=manager, ids=[batch.radiographs.get().pk], held_by=batch.pk)
    with pytest.raises(NotAllowed, match="blind"):
        services.create_study(actor=manager, name="X", task="which_real", batches=[batch])
    assert not ReaderStudy.objects.exists()


def test_a_study_of_a_campaign_that_came_to_be_read_blind_keeps_its_page_closed(
    managing, study, manager
):
    assert detail(managing, study).status_code == 200
    set_embargo(user=manager, ids=queries.image_ids(study), held_by=study.pk)
    answer = detail(managing, study)
    assert answer.status_code == 403
    assert "You read images of these campaigns blind" in text(answer)
    assert study.name not in text(answer)
