"""The board's pages, for the study's manager and for everybody else."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from radrate.studies import lifecycle, machines
from radrate.studies.board.models import ProblemHandling
from radrate.studies.board.urls import urlpatterns
from radrate.studies.models import ReaderStudy
from tests.factories.boards import answer_in_bulk, reopen
from tests.factories.people import make_user
from tests.factories.studies import make_open_study, make_study
from tests.studies.board.test_board import make_report

pytestmark = pytest.mark.django_db

# name, method: status for the manager, a reader of the study, a machine, another manager, an
# outsider, nobody
STATUS = {
    ("study_board", "get"): (200, 403, 403, 404, 403, 302),
    ("board_remind", "post"): (302, 403, 403, 404, 403, 302),
    ("board_plan_end", "post"): (302, 403, 403, 404, 403, 302),
    ("board_handle", "post"): (302, 403, 403, 404, 403, 302),
    ("study_machines", "get"): (200, 403, 403, 404, 403, 302),
    ("study_machines", "post"): (200, 403, 403, 404, 403, 302),
    ("machine_token", "post"): (200, 403, 403, 404, 403, 302),
}


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,), n=4)


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


def test_every_address_of_the_board_is_among_those_that_are_guarded():
    assert {pattern.name for pattern in urlpatterns} <= {name for name, _method in STATUS}


@pytest.mark.parametrize(("name", "method"), STATUS)
def test_who_may_do_what(study, manager, reader, outsider, name, method):
    machine, _token = machines.add_machine(actor=manager, study=study, name="Net")
    arguments = {
        "board_handle": [study.pk, make_report(study).pk],
        "machine_token": [study.pk, machine.pk],
    }
    url = reverse(name, args=arguments.get(name, [study.pk]))
    stranger = make_user(username="manager2", is_manager=True)
    people = (manager, reader, machine.user, stranger, outsider, None)
    sent = {"name": "Other net", "verb": "renew"} if method == "post" else {}
    statuses = []
    for person in people:
        client = Client()
        if person:
            client.force_login(person)
        statuses.append(getattr(client, method)(url, sent).status_code)
    assert tuple(statuses) == STATUS[name, method]


@pytest.mark.parametrize("name", ["board_remind", "board_plan_end", "machine_token"])
def test_a_link_alone_changes_nothing(managing, study, name):
    args = [study.pk, study.readers.get().pk] if name == "machine_token" else [study.pk]
    assert managing.get(reverse(name, args=args)).status_code == 405


def board(client: Client, study: ReaderStudy, **options) -> str:
    answer = client.get(reverse("study_board", args=[study.pk]), **options)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_of_a_draft_says_that_nobody_reads(managing, manager):
    assert "Nobody reads this study yet." in board(managing, make_study(manager=manager))


def test_the_board_is_refreshed_while_readers_read_and_not_after(managing, study, manager):
    url = reverse("study_board", args=[study.pk])
    assert f'hx-get="{url}" hx-trigger="every 15s"' in board(managing, study)
    assert "hx-get" not in managing.get(url, {"still": ""}).content.decode()
    lifecycle.close(study=study, actor=manager)
    assert "hx-get" not in board(managing, study)


def test_a_refresh_is_only_the_part_that_changes(managing, study):
    make_report(study, text="zqreport")
    part = board(managing, study, headers={"HX-Request": "true"})
    assert part.lstrip().startswith("<section")
    assert "<html" not in part
    assert "zqreport" not in part
    assert 'href="#reports">1</a>' in part


def test_the_board_tells_no_outcome_while_open(managing, study):
    """Whatever was answered, right or wrong, the page is the same but for nothing."""
    from radrate.reading.models import Score

    answer_in_bulk(study.readers.get(), count=4, value=3, side=1)
    pages = []
    for side in (1, 2):
        connection_scores = Score.objects.filter(criterion__kind="side")
        assert connection_scores.exists()
        _rewrite(side)
        pages.append(_without_tokens(board(managing, study)))
    assert pages[0] == pages[1]


def _rewrite(side: int) -> None:
    """Scores are appended only; the sides on the screen are exchanged instead."""
    from radrate.studies.models import Assignment

    for assignment in Assignment.objects.all():
        Assignment.objects.filter(pk=assignment.pk).update(layout="12" if side == 1 else "21")


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_reports_and_comments_arrive_without_side_or_origin(managing, study):
    make_report(study, text="Burnt-in <b>name</b>", kind="text")
    answer_in_bulk(study.readers.get(), count=1, comment="odd <i>marker</i>")
    page = board(managing, study)
    assert "There is text on an image" in page
    assert "Burnt-in &lt;b&gt;name&lt;/b&gt;" in page
    assert "odd &lt;i&gt;marker&lt;/i&gt;" in page
    case = study.readers.get().assignments.order_by("position").first().case.number
    assert f"R1, case {case}" in " ".join(page.split())
    for word in ("synthetic", "Image A", "Image B", "reference", "candidate"):
        assert word not in page


def test_a_report_is_marked_as_handled_with_a_note(managing, study):
    report = make_report(study)
    url = reverse("board_handle", args=[study.pk, report.pk])
    assert managing.post(url, {"note": "Brightness explained"}).status_code == 302
    assert ProblemHandling.objects.get().note == "Brightness explained"
    assert "Brightness explained" in board(managing, study)
    answer = managing.post(url, {"note": "again"}, follow=True)
    assert "handled already" in answer.content.decode()


def test_a_report_of_another_study_is_not_found(managing, study, manager):
    other = make_open_study(manager=manager, readers=(make_user(username="reader9"),), n=2)
    url = reverse("board_handle", args=[study.pk, make_report(other).pk])
    assert managing.post(url).status_code == 404


def test_reminders_from_the_page(managing, study):
    study = reopen(study, days_ago=9)
    page = board(managing, study)
    assert "Remind the one who is behind" in page
    url = reverse("board_remind", args=[study.pk])
    answer = managing.post(url, follow=True)
    assert "1 reminder was sent." in answer.content.decode()
    assert f"http://testserver/reading/{study.readers.get().token}/" in mail.outbox[0].body
    answer = managing.post(url, {"reader": study.readers.get().pk}, follow=True)
    assert "reminded within the last 24 hours" in answer.content.decode()
    answer = managing.post(url, {"reader": "99999999999999999999"}, follow=True)
    assert "Nothing waits for this reader." in answer.content.decode()
    assert len(mail.outbox) == 1


def test_the_planned_end_is_told_to_readers(managing, study, reader):
    day = timezone.localdate() + timedelta(30)
    url = reverse("board_plan_end", args=[study.pk])
    assert managing.post(url, {"ends_on": day.isoformat()}).status_code == 302
    answer = managing.post(url, {"ends_on": "nonsense"}, follow=True)
    assert "Enter a valid date." in answer.content.decode()
    reading = Client()
    reading.force_login(reader)
    for page in ("/reading/", f"/reading/{study.readers.get().token}/"):
        assert "planned until" in reading.get(page).content.decode()


def test_pausing_from_the_board_comes_back_to_it(managing, study):
    url = reverse("study_step", args=[study.pk])
    answer = managing.post(url, {"verb": "pause", "board": "1"})
    assert answer.url == reverse("study_board", args=[study.pk])
    assert ReaderStudy.objects.get(pk=study.pk).state == "paused"


def test_a_token_is_shown_once(managing, study):
    url = reverse("study_machines", args=[study.pk])
    made = managing.post(url, {"name": "Vision net 2"})
    secret = made.context["secret"]
    assert made.status_code == 200
    assert len(secret) == 64
    assert secret in made.content.decode()
    assert secret not in managing.get(url).content.decode()
    again = managing.post(url, {"name": "Vision net 2"})
    assert "has a machine reader of that name already" in again.content.decode()
    for name in ("", "<script>", "x" * 99):
        assert managing.post(url, {"name": name}).context["form"].errors
    assert study.readers.filter(reader_class="machine").count() == 1
