"""Machine readers: the protocol of people over the API, and nothing beyond it."""

import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from radrate.api import urls
from radrate.api.reading import MachineThrottle
from radrate.audit.models import Event
from radrate.images.services import exclude
from radrate.reading.display import Report, record_display_check
from radrate.reading.models import BlockSubmission, Rating
from radrate.studies import lifecycle, machines
from radrate.studies.models import Assignment
from tests.factories.people import make_user
from tests.factories.studies import candidate_of, full_answers, make_open_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,), n=4, block_size=2)


@pytest.fixture
def added(study, manager):
    return machines.add_machine(actor=manager, study=study, name="Net 1")


@pytest.fixture
def machine(added):
    return added[0]


@pytest.fixture
def api(added) -> Client:
    return client_with(added[1])


def client_with(token: str) -> Client:
    return Client(headers={"Authorization": f"Token {token}"})


def next_of(api: Client, machine) -> dict:
    answer = api.get(reverse("api_reading_next", args=[machine.token]))
    assert answer.status_code == 200, answer.content
    return answer.json()


def sheet(case: dict, **changes) -> dict:
    assignment = Assignment.objects.get(token=case["token"])
    answers = [one.as_dict() for one in full_answers(assignment)]
    sent = {"id": str(uuid.uuid4()), "revision": case["revision"], "answers": answers}
    return sent | {"marks": [], "comment": "", "duration_ms": 15} | changes


def send(api: Client, url: str, sent: object = None):
    return api.post(url, sent, content_type="application/json")


def test_a_machine_reads_its_study_to_the_end(api, machine):
    (reading,) = api.get(reverse("api_readings")).json()
    assert (reading["done"], reading["total"], reading["is_open"]) == (0, 4, True)
    steps = []
    while (todo := next_of(api, machine))["step"] != "done":
        steps.append(todo["step"])
        if todo["step"] == "submit_block":
            assert send(api, todo["block"]["submit_url"]).status_code == 204
        else:
            assert send(api, todo["case"]["answers_url"], sheet(todo["case"])).status_code == 201
    assert steps == ["case", "case", "submit_block"] * 2
    assert Rating.objects.filter(assignment__study_reader=machine).count() == 4
    assert BlockSubmission.objects.filter(study_reader=machine).count() == 2
    assert api.get(reverse("api_readings")).json()[0]["done"] == 4


def test_a_case_is_what_a_persons_page_is_given(api, machine, study, reader):
    case = next_of(api, machine)["case"]
    person = Client()
    person.force_login(reader)
    record_display_check(reader=study.readers.get(user=reader), report=Report())
    token = study.readers.get(user=reader).assignments.get(position=1).token
    page = person.get(f"/reading/case/{token}/", headers={"Accept": "application/json"}).json()
    assert case["questions"] == page["rubric"]
    assert case["tags"] == page["tags"]
    assert [image["label"] for image in case["images"]] == ["A", "B"]
    assert case["phase"]["design"] == "pair"
    assert case["phase"]["instructions"]
    assert set(case) == {
        *("token", "number", "total", "phase", "images"),
        *("questions", "tags", "revision", "answers_url"),
    }


def test_images_are_the_bytes_and_headers_that_a_person_gets(api, machine):
    case = next_of(api, machine)["case"]
    browser = Client()
    browser.force_login(machine.user)  # no machine can log in; its session stands for a person's
    for image in case["images"]:
        here, there = api.get(image["url"]), browser.get(f"/i/{case['token']}/{image['label']}")
        assert here.status_code == there.status_code == 200
        assert here.content == there.content
        headers = [dict(answer.headers) for answer in (here, there)]
        for one in headers:
            one.pop("Vary")  # a page's depends on the cookie
        assert headers[0] == headers[1]


def test_every_image_comes_with_the_same_headers_and_length(api, machine):
    urls_of = [
        reverse("api_image", args=[assignment.token, label])
        for assignment in machine.assignments.all()
        for label in "AB"
    ]
    answers = [api.get(url) for url in urls_of]
    assert {answer.status_code for answer in answers} == {200}
    assert len({repr(sorted(answer.headers.items())) for answer in answers}) == 1
    assert len({len(answer.content) for answer in answers}) == 1


def test_the_same_sheet_twice_is_saved_once(api, machine):
    case = next_of(api, machine)["case"]
    sent = sheet(case)
    answers = [send(api, case["answers_url"], sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert Rating.objects.count() == 1
    assert send(api, case["answers_url"], sheet(case)).status_code == 409


def test_impossible_answers_are_named_by_their_field(api, machine):
    case = next_of(api, machine)["case"]
    sent = sheet(case)
    sent["answers"][0]["value"] = 99
    del sent["answers"][1]
    answer = send(api, case["answers_url"], sent)
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert set(answer.json()["errors"]) == {"anatomy:A", "anatomy:B"}
    assert send(api, case["answers_url"], {"answers": "none"}).status_code == 422
    assert Rating.objects.count() == 0


def test_a_later_case_waits_for_the_earlier_ones(api, machine):
    second = machine.assignments.get(position=2)
    case = {"token": second.token, "revision": 0}
    answer = send(api, reverse("api_answers", args=[second.token]), sheet(case))
    assert answer.status_code == 403
    assert "order" in answer.json()["detail"]


def test_a_withdrawn_case_is_gone_and_the_next_one_comes(api, machine, manager):
    case = next_of(api, machine)["case"]
    sent = sheet(case)
    shown = Assignment.objects.get(token=case["token"]).case
    exclude(actor=manager, ids=[candidate_of(shown).pk], reason="test")
    assert send(api, case["answers_url"], sent).status_code == 410
    assert next_of(api, machine)["case"]["token"] != case["token"]
    assert api.get(case["images"][0]["url"]).status_code == 404


def test_a_paused_study_gives_and_takes_nothing(api, machine, study, manager):
    case = next_of(api, machine)["case"]
    sent = sheet(case)
    lifecycle.pause(study=study, actor=manager)
    answer = api.get(reverse("api_reading_next", args=[machine.token]))
    assert (answer.status_code, "paused" in answer.json()["detail"]) == (403, True)
    assert send(api, case["answers_url"], sent).status_code == 403
    assert api.get(case["images"][0]["url"]).status_code == 404
    assert not api.get(reverse("api_readings")).json()[0]["is_open"]


def machine_urls(reader) -> dict[str, str]:
    token = reader.assignments.order_by("position").first().token
    return {
        "api_readings": reverse("api_readings"),
        "api_reading_next": reverse("api_reading_next", args=[reader.token]),
        "api_image": reverse("api_image", args=[token, "A"]),
        "api_answers": reverse("api_answers", args=[token]),
        "api_block_submit": reverse("api_block_submit", args=[reader.token, 1]),
    }


def asked(client: Client, urls_of: dict[str, str]) -> dict[str, int]:
    posted = ("api_answers", "api_block_submit")
    return {
        name: (send(client, url) if name in posted else client.get(url)).status_code
        for name, url in urls_of.items()
    }


def test_every_route_of_machines_is_tried_here(machine):
    named = {route.name for route in urls.urlpatterns} - {
        *("api_schema", "api_studies", "api_ratings", "api_marks", "api_readers"),
    }
    assert named == set(machine_urls(machine))


def test_a_machine_reaches_no_other_readers_cases(api, machine, study, manager, reader):
    other, _token = machines.add_machine(actor=manager, study=study, name="Net 2")
    for stranger in (other, study.readers.get(user=reader)):
        statuses = asked(api, machine_urls(stranger))
        assert statuses.pop("api_readings") == 200  # its own
        assert set(statuses.values()) <= {404, 422}
        damaged = statuses.pop("api_answers")
        assert set(statuses.values()) == {404}
        sent = sheet({"token": stranger.assignments.first().token, "revision": 0})
        url = machine_urls(stranger)["api_answers"]
        assert (damaged, send(api, url, sent).status_code) == (422, 404)
    assert Rating.objects.count() == 0


def test_a_person_reads_in_the_browser_and_not_by_token(study, machine, manager, reader, outsider):
    """A manager's token, and one that a reader might somehow have, do nothing here."""
    mine = study.readers.get(user=reader)
    for person in (manager, reader, outsider, make_user(username="manager2", is_manager=True)):
        client = client_with(AuthToken.objects.create(user=person)[1])
        assert set(asked(client, machine_urls(mine)).values()) == {403}
        assert set(asked(client, machine_urls(machine)).values()) == {403}
    assert set(asked(Client(), machine_urls(machine)).values()) == {401}
    session = Client()
    session.force_login(machine.user)
    assert set(asked(session, machine_urls(machine)).values()) == {401}


def test_a_machines_token_reaches_nothing_of_the_managers(api, study):
    for name in ("api_ratings", "api_marks"):
        assert api.get(reverse(name, args=[study.pk])).status_code == 403
    assert api.get(reverse("api_studies")).status_code == 403
    for page in ("study_detail", "study_board", "study_machines"):
        answer = api.get(reverse(page, args=[study.pk]))
        assert (answer.status_code, "/accounts/login" in answer.url) == (302, True)
    assert api.get("/reading/").status_code == 302


def test_a_machine_has_no_password_and_cannot_log_in(machine):
    assert not machine.user.has_usable_password()
    sent = {"login": machine.user.username, "password": ""}
    answer = Client().post("/accounts/login/", sent)
    assert answer.status_code == 200  # the form again
    assert "_auth_user_id" not in answer.client.session


def test_a_new_token_ends_the_one_before_and_revoking_ends_all(api, machine, manager):
    url = reverse("api_readings")
    renewed = client_with(machines.renew_token(actor=manager, reader=machine))
    assert (api.get(url).status_code, renewed.get(url).status_code) == (401, 200)
    machines.revoke_token(actor=manager, reader=machine)
    assert renewed.get(url).status_code == 401
    verbs = Event.objects.filter(target_id=str(machine.user_id)).values_list("verb", flat=True)
    assert sorted(verbs) == ["create_token", "create_token", "revoke_token"]


def test_a_machine_that_was_withdrawn_reaches_nothing(api, machine, study):
    from django.utils import timezone

    study.readers.filter(pk=machine.pk).update(withdrawn_at=timezone.now())
    assert set(asked(api, machine_urls(machine)).values()) == {403}


def test_a_machine_cannot_be_enrolled_as_a_person(client, machine, manager):
    other = make_open_study(manager=manager, readers=(make_user(username="r9"),), n=2)
    client.force_login(manager)
    url = reverse("reader_add", args=[other.pk])
    answer = client.post(url, {"username": machine.user.username}, follow=True)
    assert "Nobody here has this user name." in answer.content.decode()
    assert other.readers.count() == 1


def test_exports_tell_machines_from_people(api, machine, study, client, manager):
    import csv
    import io

    case = next_of(api, machine)["case"]
    send(api, case["answers_url"], sheet(case))
    client.force_login(manager)
    answer = client.get(reverse("study_ratings", args=[study.pk, "csv"]))
    table = b"".join(answer.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {(row["reader"], row["reader_class"]) for row in rows} == {("R2", "machine")}


def test_too_many_requests_wait(api, machine, monkeypatch):
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setattr(MachineThrottle, "THROTTLE_RATES", {"machine": "3/min"})
    url = reverse("api_readings")
    answers = [api.get(url) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    cache.clear()
    assert settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] == {"machine": "1200/min"}


def test_the_schema_describes_what_is_really_sent(api, machine):
    import yaml

    schema = yaml.safe_load(Client().get(reverse("api_schema")).content)
    todo = next_of(api, machine)
    parts = schema["components"]["schemas"]
    assert set(parts["Next"]["properties"]) == set(todo)
    case = todo["case"]
    assert set(parts["Case"]["properties"]) == set(case)
    assert set(parts["Question"]["properties"]) == set(case["questions"][0])
    assert set(parts["Image"]["properties"]) == set(case["images"][0])
    assert set(parts["Phase"]["properties"]) == set(case["phase"])
    reading = api.get(reverse("api_readings")).json()[0]
    assert set(parts["Reading"]["properties"]) == set(reading)
    assert set(parts["AnswerSheet"]["properties"]) == set(sheet(case))
    paths = [path for path in schema["paths"] if path.startswith("/api/v1/reading/")]
    assert len(paths) == len(machine_urls(machine))
