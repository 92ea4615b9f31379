import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from radrate.errors import Conflict, NotAllowed
from radrate.reading import queries, services
from radrate.reading.answers import Answer, InvalidAnswers
from radrate.reading.models import Mark, Rating, Score
from radrate.studies import lifecycle
from tests.factories.people import make_user
from tests.factories.studies import full_answers, make_mark, make_open_study, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,), block_size=2)


@pytest.fixture
def enrolled(study):
    return study.readers.get()


def at(enrolled, position):
    return enrolled.assignments.get(position=position)


def test_a_rating_is_stored_with_every_score(enrolled):
    saved = rate(at(enrolled, 1), value=4, side=2, comment="odd fibula")
    assert saved.created
    assert saved.rating.scores.count() == 14
    assert saved.rating.scores.get(criterion__key="real_side").value == 2
    assert saved.rating.comment == "odd fibula"


def test_sending_twice_is_saving_once(enrolled):
    sent = {
        "user": enrolled.user,
        "token": at(enrolled, 1).token,
        "rating_id": uuid.uuid4(),
        "revision": 0,
        "answers": full_answers(enrolled.assignments.first()),
        "comment": "",
        "duration_ms": 5,
        "marks": [make_mark()],
    }
    assert services.submit_rating(**sent).created
    assert not services.submit_rating(**sent).created
    assert Rating.objects.count() == 1
    assert Mark.objects.count() == 1
    for other in ({"comment": "other"}, {"marks": []}, {"marks": [make_mark(severity=3)]}):
        with pytest.raises(Conflict):
            services.submit_rating(**sent | other)


def test_a_change_is_a_new_revision_and_the_old_one_stays(enrolled):
    rate(at(enrolled, 1), value=2)
    rate(at(enrolled, 1), value=5, revision=1)
    revisions = at(enrolled, 1).ratings.order_by("revision").values_list("revision", flat=True)
    assert list(revisions) == [1, 2]


def test_a_second_window_does_not_overwrite_silently(enrolled):
    rate(at(enrolled, 1))
    with pytest.raises(Conflict, match="another window"):
        rate(at(enrolled, 1), revision=0)


def test_a_block_that_is_handed_in_cannot_be_revised(enrolled):
    rate(at(enrolled, 1))
    rate(at(enrolled, 2))
    services.submit_block(reader=enrolled, number=1)
    services.submit_block(reader=enrolled, number=1)
    with pytest.raises(Conflict, match="handed in"):
        rate(at(enrolled, 1), revision=1)
    rate(at(enrolled, 3))


def test_a_block_with_a_gap_cannot_be_handed_in(enrolled):
    rate(at(enrolled, 1))
    with pytest.raises(Conflict, match="not rated"):
        services.submit_block(reader=enrolled, number=1)


def test_cases_are_read_in_their_order(enrolled):
    with pytest.raises(NotAllowed, match="order"):
        rate(at(enrolled, 2))


def test_the_next_block_waits_for_the_one_before(enrolled):
    rate(at(enrolled, 1))
    rate(at(enrolled, 2))
    with pytest.raises(NotAllowed, match="Hand in"):
        rate(at(enrolled, 3))


def test_nobody_rates_for_someone_else(enrolled, manager, outsider):
    token = at(enrolled, 1).token
    for other in (manager, outsider):
        with pytest.raises(Http404):
            queries.my_assignment(other, token)
        with pytest.raises(Http404):
            queries.my_reader(other, enrolled.token)


@pytest.mark.parametrize("end", [lifecycle.pause, lifecycle.close])
def test_nothing_is_rated_while_the_study_is_not_open(enrolled, manager, end):
    end(study=enrolled.study, actor=manager)
    with pytest.raises(NotAllowed):
        rate(at(enrolled, 1))


def test_impossible_answers_are_refused_at_their_fields(enrolled):
    answers = full_answers(enrolled.assignments.first())
    answers[0] = Answer("anatomy", "A", 6)
    answers[-1] = Answer("confidence", None, None, not_applicable=True)
    del answers[2]
    answers.append(Answer("nonsense", None, 1))
    with pytest.raises(InvalidAnswers) as refused:
        services.submit_rating(
            user=enrolled.user,
            token=at(enrolled, 1).token,
            rating_id=uuid.uuid4(),
            revision=0,
            answers=answers,
            comment="",
            duration_ms=1,
        )
    assert set(refused.value.errors) == {"anatomy:A", "joints:A", "confidence", "nonsense"}
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "table", ["radrate_rating", "radrate_score", "radrate_mark", "radrate_blocksubmission"]
)
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET id = id"]
)
def test_the_database_forbids_changing_what_was_rated(enrolled, table, statement):
    rate(at(enrolled, 1), marks=[make_mark()])
    rate(at(enrolled, 2))
    services.submit_block(reader=enrolled, number=1)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement.format(table))
    assert (Score.objects.count(), Mark.objects.count()) == (28, 1)


def test_resume_leads_through_cases_blocks_and_the_end(enrolled):
    def here():
        return queries.resume_url(enrolled).split("/")[-3:]

    assert queries.resume_url(enrolled).endswith(f"case/{at(enrolled, 1).token}/")
    rate(at(enrolled, 1))
    rate(at(enrolled, 2))
    assert here() == ["block", "1", ""]
    services.submit_block(reader=enrolled, number=1)
    assert queries.resume_url(enrolled).endswith(f"case/{at(enrolled, 3).token}/")
    rate(at(enrolled, 3))
    rate(at(enrolled, 4))
    services.submit_block(reader=enrolled, number=2)
    assert queries.resume_url(enrolled).endswith("/done/")


def test_two_readers_see_sides_of_their_own(study, enrolled, manager):
    from radrate.studies.enrolment import add_reader

    other = add_reader(actor=manager, study=study, user=make_user(username="reader2"))
    sides = [dict(r.assignments.values_list("case_id", "layout")) for r in (enrolled, other)]
    assert all(sides[0][case] != sides[1][case] for case in sides[0])
