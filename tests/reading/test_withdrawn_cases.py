"""An image is excluded while its case is read: the case leaves the reading, nothing else does."""

import json
import threading
import time
import uuid

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from radrate.images.models import Radiograph
from radrate.images.services import exclude
from radrate.reading import queries, services, texts
from radrate.reading.models import BlockSubmission, Rating
from radrate.studies import lifecycle, withdrawal
from radrate.studies.enrolment import add_reader
from tests.factories.people import make_user
from tests.factories.studies import IMAGE_OF, full_answers, image_urls, make_open_study, rate

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
IMAGES = ["reference", "candidate"]


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,), block_size=2)


@pytest.fixture
def enrolled(study):
    return study.readers.get()


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


def at(enrolled, position):
    return enrolled.assignments.get(position=position)


def withdraw(enrolled, *positions, image="reference"):
    cases = [at(enrolled, position).case for position in positions]
    count = exclude(
        actor=enrolled.study.manager,
        ids=[IMAGE_OF[image](case).pk for case in cases],
        reason="a name in the corner",
    )
    assert count == len(positions)


def case_url(enrolled, position):
    return reverse("reading_case", args=[at(enrolled, position).token])


def block_url(enrolled, number):
    return reverse("reading_block", args=[enrolled.token, number])


def done_url(enrolled):
    return reverse("reading_done", args=[enrolled.token])


def urls_at(enrolled, position):
    return image_urls(at(enrolled, position))


def sheet(study):
    return {
        "id": str(uuid.uuid4()),
        "revision": 0,
        "answers": [
            answer.as_dict() for answer in full_answers(study.readers.first().assignments.first())
        ],
        "marks": [],
        "comment": "",
        "duration_ms": 12_000,
    }


def save(client, enrolled, position, body):
    url = reverse("reading_save", args=[at(enrolled, position).token])
    return client.post(url, json.dumps(body), content_type="application/json")


def whole(answer):
    """All that a client can tell of an answer but the second at which it was given."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name != "Expires")
    return answer.status_code, headers, answer.content


# What is sent -------------------------------------------------------------------------------


@pytest.mark.parametrize("image", IMAGES)
def test_neither_image_of_the_case_is_sent_any_more_and_all_others_are(reading, enrolled, image):
    unknown = whole(reading.get("/i/no-such-token"))
    before = [reading.get(url).status_code for url in urls_at(enrolled, 2)]
    withdraw(enrolled, 2, image=image)
    assert before == [200, 200]
    assert [whole(reading.get(url)) for url in urls_at(enrolled, 2)] == [unknown] * 2
    others = [url for position in (1, 3, 4) for url in urls_at(enrolled, position)]
    assert {reading.get(url).status_code for url in others} == {200}


def test_the_answers_are_the_same_whichever_of_the_two_was_excluded(reading, enrolled):
    told = []
    for image in IMAGES:
        with transaction.atomic():
            withdraw(enrolled, 1, image=image)
            told.append(
                [
                    whole(reading.get(case_url(enrolled, 1), headers=JSON)),
                    reading.get(case_url(enrolled, 1)).content.split(b"<main")[1],
                    whole(save(reading, enrolled, 1, sheet(enrolled.study))),
                    *(whole(reading.get(url)) for url in urls_at(enrolled, 1)),
                ]
            )
            transaction.set_rollback(True)
    assert told[0] == told[1]
    assert told[0][0][0] == 410


def test_a_rated_case_is_not_sent_either(reading, enrolled):
    rate(at(enrolled, 1))
    withdraw(enrolled, 1)
    assert {reading.get(url).status_code for url in urls_at(enrolled, 1)} == {404}


# The case that is open ----------------------------------------------------------------------


def test_saving_is_answered_with_a_sentence_and_where_to_go_on(reading, enrolled):
    withdraw(enrolled, 1)
    answer = save(reading, enrolled, 1, sheet(enrolled.study))
    assert answer.status_code == 410
    assert answer.json() == {"message": texts.withdrawn(), "next_url": case_url(enrolled, 2)}
    assert "withdrawn" in texts.withdrawn()
    assert not Rating.objects.exists()


def test_loading_it_again_shows_the_sentence_with_a_way_on(reading, enrolled):
    reading.get(case_url(enrolled, 1))
    withdraw(enrolled, 1)
    page = reading.get(case_url(enrolled, 1))
    assert page.status_code == 410
    assert texts.withdrawn() in page.content.decode()
    assert f'href="{case_url(enrolled, 2)}"' in page.content.decode()
    assert "burnt" not in page.content.decode()
    assert "name in the corner" not in page.content.decode()
    answer = reading.get(case_url(enrolled, 1), headers=JSON)
    assert (answer.status_code, answer.json()["next_url"]) == (410, case_url(enrolled, 2))


def test_a_sheet_that_was_saved_before_is_saved_when_it_is_sent_again(reading, enrolled):
    sent = sheet(enrolled.study)
    assert save(reading, enrolled, 1, sent).status_code == 201
    withdraw(enrolled, 1)
    again = save(reading, enrolled, 1, sent)
    assert (again.status_code, again.json()["next_url"]) == (200, case_url(enrolled, 2))


def test_a_rating_stays_and_takes_no_revision(reading, enrolled):
    rate(at(enrolled, 1), value=4)
    withdraw(enrolled, 1)
    with pytest.raises(services.Withdrawn):
        rate(at(enrolled, 1), value=2, revision=1)
    assert Rating.objects.get().scores.filter(value=4).exists()


# The order ----------------------------------------------------------------------------------


def test_it_is_never_the_next_case(enrolled):
    withdraw(enrolled, 1, 3)
    assert queries.next_assignment(enrolled) == at(enrolled, 2)
    rate(at(enrolled, 2))
    assert queries.resume_url(enrolled) == block_url(enrolled, 1)
    services.submit_block(reader=enrolled, number=1)
    assert queries.resume_url(enrolled) == case_url(enrolled, 4)


def test_numbers_total_and_neighbours_leave_it_out(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), block_size=4)
    enrolled = study.readers.get()
    withdraw(enrolled, 2)
    rate(at(enrolled, 1))
    first = queries.blinded_case(queries.my_assignment(reader, at(enrolled, 1).token))
    third = queries.blinded_case(queries.my_assignment(reader, at(enrolled, 3).token))
    assert (first.number, third.number, first.total) == (1, 2, 3)
    assert (first.next_url, third.previous_url) == (case_url(enrolled, 3), case_url(enrolled, 1))
    assert list(first.preload) == urls_at(enrolled, 3)


def test_a_rated_one_is_counted_but_not_gone_back_to(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), block_size=4)
    enrolled = study.readers.get()
    rate(at(enrolled, 1))
    rate(at(enrolled, 2))
    withdraw(enrolled, 2)
    third = queries.blinded_case(queries.my_assignment(reader, at(enrolled, 3).token))
    assert (third.number, third.total) == (3, 4)
    assert third.previous_url == case_url(enrolled, 1)


# Blocks -------------------------------------------------------------------------------------


def test_a_block_is_handed_in_without_it(reading, enrolled):
    rate(at(enrolled, 1))
    withdraw(enrolled, 2)
    page = reading.get(block_url(enrolled, 1)).content.decode()
    assert "Every case is answered" in page
    assert "Submit 1 case" in page
    assert case_url(enrolled, 2) not in page
    submit = reverse("reading_submit_block", args=[enrolled.token, 1])
    assert reading.post(submit).url == case_url(enrolled, 3)


def test_a_rated_one_stands_in_its_block_without_a_way_to_it(reading, enrolled):
    rate(at(enrolled, 1))
    rate(at(enrolled, 2))
    withdraw(enrolled, 1)
    page = reading.get(block_url(enrolled, 1)).content.decode()
    assert case_url(enrolled, 1) not in page
    assert case_url(enrolled, 2) in page
    assert "withdrawn" in page
    assert "Submit 2 cases" in page
    services.submit_block(reader=enrolled, number=1)


def test_numbers_go_on_after_a_block_that_lost_a_case(enrolled):
    withdraw(enrolled, 1)
    assert [case.number for case in queries.block_page(enrolled, 1).cases] == [1]
    assert [case.number for case in queries.block_page(enrolled, 2).cases] == [2, 3]


def test_a_block_of_which_nothing_is_left_is_passed_over(reading, enrolled):
    withdraw(enrolled, 1, 2)
    assert queries.resume_url(enrolled) == case_url(enrolled, 3)
    assert reading.get(block_url(enrolled, 1)).url == case_url(enrolled, 3)
    submit = reverse("reading_submit_block", args=[enrolled.token, 1])
    assert reading.post(submit).url == case_url(enrolled, 3)
    assert not BlockSubmission.objects.exists()
    rate(at(enrolled, 3))


def test_the_last_case_being_withdrawn_leads_to_the_review(reading, enrolled):
    rate(at(enrolled, 1))
    withdraw(enrolled, 2)
    answer = save(reading, enrolled, 2, sheet(enrolled.study))
    assert answer.json()["next_url"] == block_url(enrolled, 1)


# Progress -----------------------------------------------------------------------------------


def test_progress_and_time_leave_out_what_is_skipped_and_keep_what_is_rated(reading, enrolled):
    rate(at(enrolled, 1))
    withdraw(enrolled, 1, 2)
    (row,) = queries.my_readings(enrolled.user)
    assert (row.done, row.total) == (1, 3)
    assert row.minutes_left == queries.minutes_left(enrolled, 2)
    start = queries.reading_start(enrolled)
    assert (start.done, start.total, start.minutes) == (1, 3, queries.minutes_left(enrolled, 2))
    assert "1 of 3 cases" in reading.get("/reading/").content.decode()


def test_the_end_counts_what_was_read(reading, enrolled):
    withdraw(enrolled, 2)
    for position in (1, 3, 4):
        rate(at(enrolled, position))
        if position != 3:
            services.submit_block(reader=enrolled, number=at(enrolled, position).block)
    assert queries.resume_url(enrolled) == done_url(enrolled)
    assert "All 3 cases are submitted" in reading.get(done_url(enrolled)).content.decode()
    assert queries.my_readings(enrolled.user)[0].minutes_left is None


def test_a_reading_of_which_nothing_is_left_says_so(reading, enrolled):
    withdraw(enrolled, 1, 2, 3, 4)
    page = reading.get(done_url(enrolled)).content.decode()
    assert "Every case of this reading was withdrawn" in page
    listed = reading.get("/reading/").content.decode()
    assert "0 of 0 cases" in listed
    assert '<progress max="1"' in listed


def test_a_reader_who_comes_later_never_meets_the_case(study, enrolled, manager):
    withdraw(enrolled, 1)
    later = add_reader(actor=manager, study=study, user=make_user(username="reader2"))
    skipped = later.assignments.get(case=at(enrolled, 1).case)
    assert queries.reading_start(later).total == 3
    assert skipped not in queries.counted(later.assignments)


def test_the_reading_goes_on_from_a_pause_without_it(enrolled, manager):
    lifecycle.pause(study=enrolled.study, actor=manager)
    withdraw(enrolled, 1)
    lifecycle.open_study(study=enrolled.study, actor=manager)
    assert queries.next_assignment(enrolled) == at(enrolled, 2)


def test_an_exclusion_after_the_close_changes_nothing(enrolled, manager):
    rate(at(enrolled, 1))
    withdraw(enrolled, 2)
    lifecycle.close(study=enrolled.study, actor=manager)
    before = queries.my_readings(enrolled.user)
    withdraw(enrolled, 1, 3, 4)
    assert queries.my_readings(enrolled.user) == before
    assert (before[0].done, before[0].total) == (1, 3)


def test_pages_ask_no_more_the_more_is_withdrawn(reading, enrolled):
    last = case_url(enrolled, 4)
    enrolled.assignments.update(block=1)
    withdraw(enrolled, 1)
    counts = []
    for position in (2, 3):
        with CaptureQueriesContext(connection) as asked:
            pages = [reading.get(url) for url in ("/reading/", block_url(enrolled, 1))]
        counts.append(len(asked))
        assert {page.status_code for page in pages} == {200}
        withdraw(enrolled, position)
    assert counts[0] == counts[1]
    assert reading.get(last).status_code == 200


# At the same time ---------------------------------------------------------------------------


def waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def in_a_thread(work):
    outcome = []

    def run():
        try:
            outcome.append(work())
        except services.Withdrawn as error:
            outcome.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 20
    while thread.is_alive() and not waits_for_a_lock() and time.monotonic() < deadline:
        time.sleep(0.02)
    return thread, outcome


@pytest.mark.django_db(transaction=True)
def test_a_sheet_that_meets_an_exclusion_under_way_waits_and_is_refused(enrolled):
    with transaction.atomic():
        withdraw(enrolled, 1)
        thread, outcome = in_a_thread(lambda: rate(at(enrolled, 1)))
        assert thread.is_alive()
    thread.join(timeout=20)
    assert [type(one) for one in outcome] == [services.Withdrawn]
    assert not Rating.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_exclusion_that_meets_a_sheet_under_way_waits_and_the_rating_stays(enrolled):
    with transaction.atomic():
        rate(at(enrolled, 1))
        thread, outcome = in_a_thread(lambda: withdraw(enrolled, 1))
        assert thread.is_alive()
    thread.join(timeout=20)
    assert outcome == [None]
    assert Rating.objects.count() == 1
    assert withdrawal.is_withdrawn(at(enrolled, 1).case_id)
    assert Rating.objects.get().at <= Radiograph.objects.get(state="excluded").excluded_at


@pytest.mark.django_db(transaction=True)
def test_two_readers_of_one_case_do_not_wait_for_each_other(enrolled):
    case = at(enrolled, 1).case
    with transaction.atomic():
        withdrawal.hold(case.pk)
        thread, outcome = in_a_thread(lambda: _hold(case.pk))
        thread.join(timeout=5)
        assert outcome == ["held"]


def _hold(case_id):
    with transaction.atomic():
        withdrawal.hold(case_id)
    return "held"
