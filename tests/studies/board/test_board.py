"""What the board says of readers, and what a manager does there."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from radrate.audit.models import Event
from radrate.errors import Conflict, DomainError
from radrate.images.services import exclude
from radrate.studies import lifecycle, machines
from radrate.studies.board import services
from radrate.studies.board.models import ProblemHandling, ProblemReport, Reminder
from radrate.studies.board.page import board, messages
from radrate.studies.enrolment import add_reader
from radrate.studies.models import ReaderStudy
from tests.factories.boards import answer_in_bulk, assignments_of, own_times, reopen
from tests.factories.people import make_user
from tests.factories.studies import candidate_of, make_open_study, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader, make_user(username="reader2")), n=8)


def rows(study: ReaderStudy) -> dict:
    return {row.name: row for row in board(study)["rows"]}


def link(reader) -> str:
    return f"https://radrate.example.org/reading/{reader.token}/"


def make_report(study: ReaderStudy, **changes) -> ProblemReport:
    reader = study.readers.first()
    known = {"kind": "display", "text": "Too dark", "browser": "Firefox 140", "pixel_ratio": 1.0}
    size = {"viewport_width": 1440, "viewport_height": 900}
    return ProblemReport.objects.create(
        study_reader=reader, assignment=reader.assignments.first(), **known | size | changes
    )


def test_progress_counts_cases_and_not_revisions(study):
    first = study.readers.first()
    assignment = assignments_of(first)[0]
    rate(assignment)
    rate(assignment, revision=1)
    row = rows(study)["reader1"]
    assert (row.done, row.total) == (1, 8)
    assert [(part.phase, part.done, part.total) for part in row.phases] == [(1, 1, 8)]
    assert row.pace == 12
    assert row.left == 2  # 7 cases of 12 s, rounded up
    assert rows(study)["reader2"].done == 0


def test_a_case_that_was_withdrawn_unrated_counts_nowhere(study, manager):
    first = study.readers.first()
    read, unread = assignments_of(first)[0], assignments_of(first)[1]
    rate(read)
    ids = [candidate_of(assignment.case).pk for assignment in (read, unread)]
    exclude(actor=manager, ids=ids, reason="test")
    assert (rows(study)["reader1"].done, rows(study)["reader1"].total) == (1, 7)
    assert (rows(study)["reader2"].done, rows(study)["reader2"].total) == (0, 6)


def test_who_is_idle_for_a_week_is_behind_and_told(study):
    study = reopen(study, days_ago=8)
    answer_in_bulk(study.readers.first(), count=2)
    found = rows(study)
    assert not found["reader1"].is_behind
    assert found["reader2"].is_behind
    assert [flag.sentence for flag in found["reader2"].flags] == ["Nothing was read for 8 days."]


def test_a_paused_study_lets_nobody_be_idle(study, manager):
    study = lifecycle.pause(study=reopen(study, days_ago=30), actor=manager)
    assert not any(
        row.flags or row.is_behind or row.can_be_reminded for row in board(study)["rows"]
    )


def test_who_is_forecast_after_the_planned_end_is_behind(study, manager):
    study = reopen(study, days_ago=4)
    answer_in_bulk(study.readers.first(), count=1)
    today = timezone.localdate()
    services.plan_end(actor=manager, study=study, ends_on=today + timedelta(1))
    study.refresh_from_db()
    row = rows(study)["reader1"]
    assert row.end > study.ends_on
    assert row.is_behind


def test_a_late_joiner_and_a_leaver_are_shown_and_the_leaver_is_not_waited_for(study, manager):
    add_reader(actor=manager, study=study, user=make_user(username="late"))
    study.readers.filter(user__username="reader2").update(withdrawn_at=timezone.now())
    found = board(study)
    by_name = {row.name: row for row in found["rows"]}
    assert by_name["late"].is_late
    assert not by_name["reader1"].is_late
    assert by_name["reader2"].withdrawn_at
    assert not by_name["reader2"].can_be_reminded
    assert (found["reading"], found["total"]) == (2, 16)


def test_same_key_and_same_side_are_read_from_the_last_sheets(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), n=8)
    answer_in_bulk(study.readers.get(), count=8, value=4, side=1)
    kinds = {flag.kind: flag for flag in rows(study)["reader1"].flags}
    assert kinds["one_key"].count == 8
    assert "in all 104 answers" in kinds["one_key"].sentence
    assert "one_side" not in kinds  # eight cases are too few to say


def test_varied_answers_raise_no_flag(study):
    answer_in_bulk(study.readers.first(), count=8)
    assert list(rows(study)["reader1"].flags) == []


def test_missed_catch_trials_are_counted_without_saying_which(study):
    reader = study.readers.first()
    caught = assignments_of(reader)[:3]
    study.cases.filter(pk__in=[one.case_id for one in caught]).update(kind="catch")
    for one in caught:
        wrong = 1 + one.layout.index("2")  # where the mutated image stands
        rate(one, side=wrong)
    told = [flag.sentence for flag in rows(study)["reader1"].flags]
    assert told == ["3 of 3 catch trials were not answered as expected."]
    for one in caught:
        rate(one, revision=1, side=1 + one.layout.index("1"))
    assert list(rows(study)["reader1"].flags) == []


def test_examples_are_not_behaviour(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), n=8)
    study.cases.update(kind="training")
    answer_in_bulk(study.readers.get(), count=8, value=4)
    assert list(rows(study)["reader1"].flags) == []
    assert rows(study)["reader1"].done == 8


def test_a_machine_is_no_measure_and_is_not_waited_for(study, manager):
    machine, _token = machines.add_machine(actor=manager, study=study, name="Net 1")
    answer_in_bulk(machine, count=4, seconds=0.02)
    found = board(reopen(study, days_ago=20))
    row = next(row for row in found["rows"] if row.is_machine)
    assert list(row.flags) == []
    assert not row.is_behind
    assert not row.can_be_reminded
    assert found["unknown_ends"] == 2


def test_a_reminder_is_a_neutral_mail_kept_and_audited(study, manager, reader):
    services.remind(actor=manager, study=study, reader_id=study.readers.first().pk, link=link)
    (sent,) = mail.outbox
    assert sent.subject == f"Reminder: Reading {study.number}"
    assert sent.to == ["reader1@example.org"]
    assert sent.reply_to == ["manager@example.org"]
    assert link(study.readers.first()) in sent.body
    assert "8 cases are left" in sent.body
    assert study.name not in sent.body + sent.subject
    assert "DALL" not in sent.body + sent.subject
    assert sent.content_subtype == "plain"
    assert Reminder.objects.get().sent_by == manager
    assert Event.objects.filter(verb="remind", actor=manager).get().detail == {"reader": reader.pk}


def test_one_reminder_in_24_hours(study, manager):
    first = study.readers.first()
    services.remind(actor=manager, study=study, reader_id=first.pk, link=link)
    with pytest.raises(Conflict):
        services.remind(actor=manager, study=study, reader_id=first.pk, link=link)
    assert not rows(study)["reader1"].can_be_reminded
    assert len(mail.outbox) == 1


def test_a_day_later_another_reminder_may_go(study, manager):
    first = study.readers.first()
    with own_times(Reminder):
        at = timezone.now() - timedelta(hours=25)
        Reminder.objects.create(study_reader=first, sent_by=manager, at=at)
    assert rows(study)["reader1"].can_be_reminded
    services.remind(actor=manager, study=study, reader_id=first.pk, link=link)
    assert len(mail.outbox) == 1


def test_nobody_is_reminded_who_is_through_has_left_or_is_a_machine(study, manager):
    first, second = study.readers.all()
    machine, _token = machines.add_machine(actor=manager, study=study, name="Net 1")
    answer_in_bulk(first, count=8)
    study.readers.filter(pk=second.pk).update(withdrawn_at=timezone.now())
    for reader in (first, second, machine):
        with pytest.raises(Conflict, match="Nothing waits"):
            services.remind(actor=manager, study=study, reader_id=reader.pk, link=link)
    assert mail.outbox == []


def test_nobody_is_reminded_while_the_study_is_paused(study, manager):
    lifecycle.pause(study=study, actor=manager)
    study.refresh_from_db()
    with pytest.raises(Conflict):
        services.remind(actor=manager, study=study, reader_id=study.readers.first().pk, link=link)
    with pytest.raises(Conflict):
        services.remind_all(actor=manager, study=study, link=link)


def test_a_mail_that_cannot_be_sent_is_no_reminder(study, manager, monkeypatch):
    def refuse(self, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(DomainError, match="could not be sent"):
        services.remind(actor=manager, study=study, reader_id=study.readers.first().pk, link=link)
    assert Reminder.objects.count() == 0
    assert services.remind_all(actor=manager, study=reopen(study, days_ago=8), link=link) == 0


def test_all_who_are_behind_are_reminded_once(study, manager):
    study = reopen(study, days_ago=8)
    answer_in_bulk(study.readers.first(), count=1)
    assert services.remind_all(actor=manager, study=study, link=link) == 1
    assert services.remind_all(actor=manager, study=study, link=link) == 0
    assert [one.to for one in mail.outbox] == [["reader2@example.org"]]


def test_the_planned_end_moves_only_later_once_readers_were_told_it(study, manager):
    today = timezone.localdate()
    services.plan_end(actor=manager, study=study, ends_on=today + timedelta(10))
    services.plan_end(actor=manager, study=study, ends_on=today + timedelta(20))
    for sooner in (today + timedelta(19), None):
        with pytest.raises(Conflict):
            services.plan_end(actor=manager, study=study, ends_on=sooner)
    study.refresh_from_db()
    assert study.ends_on == today + timedelta(20)
    details = [event.detail for event in Event.objects.filter(verb="plan_end").order_by("pk")]
    assert details[-1] == {
        "before": (today + timedelta(10)).isoformat(),
        "after": (today + timedelta(20)).isoformat(),
    }


def test_the_planned_end_closes_nothing(study, reader):
    ReaderStudy.objects.filter(pk=study.pk).update(ends_on=timezone.localdate() - timedelta(3))
    study.refresh_from_db()
    assert board(study)["is_past_end"]
    assert rate(assignments_of(study.readers.first())[0]).created


def test_a_day_that_is_over_is_no_planned_end(study, manager):
    with pytest.raises(DomainError, match="over"):
        services.plan_end(actor=manager, study=study, ends_on=timezone.localdate() - timedelta(1))


def test_a_report_is_handled_once_with_a_note(study, manager):
    report = make_report(study)
    services.handle(actor=manager, report=report, note="Sent again")
    with pytest.raises(Conflict):
        services.handle(actor=manager, report=report, note="Twice")
    handling = ProblemHandling.objects.get()
    assert (handling.note, handling.by) == ("Sent again", manager)
    assert Event.objects.filter(verb="handle_problem", target_id=str(report.pk)).count() == 1


@pytest.mark.parametrize("table", ["reminder", "problemreport", "problemhandling"])
def test_what_was_told_can_neither_be_changed_nor_deleted(study, manager, table):
    services.handle(actor=manager, report=make_report(study), note="")
    services.remind(actor=manager, study=study, reader_id=study.readers.first().pk, link=link)
    column = "report_id" if table == "problemhandling" else "id"
    for statement in (f"UPDATE radrate_{table} SET at = now()", f"DELETE FROM radrate_{table}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE {column} IS NOT NULL")


def test_reports_that_wait_come_first(study, manager):
    older, newer = make_report(study, text="one"), make_report(study, text="two")
    services.handle(actor=manager, report=newer, note="")
    third = make_report(study, text="three")
    assert [report.pk for report in messages(study)["reports"]] == [third.pk, older.pk, newer.pk]


def test_comments_have_a_case_and_a_pseudonym_and_are_those_of_the_last_sheet(study):
    reader = study.readers.first()
    assignment = assignments_of(reader)[0]
    rate(assignment, comment="first thought")
    rate(assignment, revision=1, comment="second thought")
    answer_in_bulk(study.readers.last(), count=3, comment="odd marker")
    found = messages(study)
    assert found["comment_count"] == 4
    mine = [one for one in found["comments"] if one.reader == "R1"]
    assert [(one.case, one.text) for one in mine] == [(assignment.case.number, "second thought")]


def test_a_page_takes_eight_queries_whatever_there_is(client, manager, reader):
    client.force_login(manager)
    study = make_open_study(manager=manager, readers=(reader,), n=4)
    url = reverse("study_board", args=[study.pk])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = count()
    for number in range(6):
        one = add_reader(actor=manager, study=study, user=make_user(username=f"more{number}"))
        answer_in_bulk(one, count=4, value=3, comment="odd")
        make_report(study)
    services.handle(actor=manager, report=make_report(study), note="done")
    assert (few, count()) == (8, 8)
