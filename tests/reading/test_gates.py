"""The order in which a reader comes to the first case, and that there is no way around it."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from radrate.reading import entry, gates, overview
from radrate.reading.gates import Facts, Step, next_step
from radrate.reading.models import Rating
from radrate.studies.terms import publish_consent
from tests.factories.readers import admit, consent
from tests.factories.studies import full_answers, make_open_study, rate

FACTS = st.builds(Facts, *[st.booleans()] * 5)


@pytest.fixture
def enrolled(manager, reader):
    """Nothing is agreed to or read yet."""
    study = make_open_study(manager=manager, readers=(reader,), admitted=False, block_size=2)
    return study.readers.select_related("study").get()


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


def case_url(enrolled, position=1):
    return reverse("reading_case", args=[enrolled.assignments.get(position=position).token])


def send(client, enrolled):
    sheet = {
        "id": str(uuid.uuid4()),
        "revision": 0,
        "answers": [answer.as_dict() for answer in full_answers(enrolled.study)],
        "marks": [],
        "comment": "",
        "duration_ms": 1000,
    }
    url = reverse("reading_save", args=[enrolled.assignments.get(position=1).token])
    return client.post(url, json.dumps(sheet), content_type="application/json")


@given(FACTS)
def test_a_case_is_read_only_when_everything_before_it_is_done(facts):
    is_ready = (
        facts.has_consented
        and facts.has_profile
        and facts.has_entered
        and not facts.display_is_due
        and not facts.has_left
    )
    assert (next_step(facts) == Step.READ) == is_ready


@given(FACTS)
def test_whoever_has_left_is_asked_nothing(facts):
    assert (next_step(facts) == Step.LEFT) == facts.has_left


def test_the_gates_come_in_their_order():
    path = [
        Facts(False, False, False, False, True),
        Facts(False, True, False, False, True),
        Facts(False, True, True, False, True),
        Facts(False, True, True, True, True),
        Facts(False, True, True, True, False),
    ]
    assert [next_step(facts) for facts in path] == [
        Step.CONSENT,
        Step.CONSENT,
        Step.INSTRUCTIONS,
        Step.DISPLAY,
        Step.READ,
    ]


@pytest.mark.django_db
def test_the_way_leads_through_consent_and_instructions_to_the_first_case(reading, enrolled):
    go = reverse("reading_go", args=[enrolled.token])
    consent_url = reverse("reading_consent", args=[enrolled.token])
    first_screen = reverse("reading_instructions", args=[enrolled.token, 1])
    assert reading.get(go).url == consent_url
    consent(enrolled)
    assert reading.get(go).url == first_screen
    answer = reading.post(reverse("reading_enter", args=[enrolled.token]))
    assert answer.url == go
    assert reading.get(go).url == case_url(enrolled)
    assert reading.get(case_url(enrolled)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("done", ["nothing", "consent"])
def test_a_case_is_refused_as_page_as_json_and_as_sheet_before_its_gates(reading, enrolled, done):
    if done == "consent":
        consent(enrolled)
    wanted = gates.next_url(enrolled)
    assert "/case/" not in wanted
    assert reading.get(case_url(enrolled)).url == wanted
    as_json = reading.get(case_url(enrolled), headers={"Accept": "application/json"})
    assert as_json.status_code == 409
    assert "images" not in as_json.json()
    saved = send(reading, enrolled)
    assert (saved.status_code, saved.json()["next_url"]) == (423, wanted)
    assert saved.json()["final"] is False
    assert not Rating.objects.exists()
    assert enrolled.assignments.get(position=1).shown_at is None


@pytest.mark.django_db
def test_a_changed_text_is_asked_again_in_the_middle_of_the_reading(reading, enrolled, manager):
    admit(enrolled)
    rate(enrolled.assignments.get(position=1))
    publish_consent(actor=manager, study=enrolled.study, text="Now your screen is logged.")
    consent_url = reverse("reading_consent", args=[enrolled.token])
    assert reading.get(case_url(enrolled, 2)).url == consent_url
    page = reading.get(consent_url).content.decode()
    assert "has been changed" in page
    assert "Now your screen is logged." in page
    assert "About you" not in page
    consent(enrolled)
    assert reading.get(case_url(enrolled, 2)).status_code == 200
    assert [row.consent_text.version for row in enrolled.consents.order_by("pk")] == [1, 2]


@pytest.mark.django_db
def test_a_study_that_asks_nothing_about_readers_has_no_profile_to_wait_for(enrolled):
    study = enrolled.study
    study.profile_fields = {}
    study.save()
    page = overview.consent_page(enrolled)
    assert page.asked == {}
    entry.agree(reader=enrolled, shown_hash=page.text_hash, profile=None)
    assert gates.step_of(enrolled) == Step.INSTRUCTIONS


@pytest.mark.django_db
def test_a_sheet_of_whoever_has_left_is_refused_for_good(reading, enrolled, reader):
    admit(enrolled)
    reading.get(case_url(enrolled))
    entry.leave(actor=reader, reader=enrolled)
    saved = send(reading, enrolled)
    assert (saved.status_code, saved.json()["final"]) == (423, True)
    assert "You have left this reading" in saved.json()["message"]


@pytest.mark.django_db
def test_a_screen_to_be_checked_again_stops_the_next_case_but_no_sheet(enrolled, monkeypatch):
    facts = Facts(False, True, True, True, display_is_due=True)
    monkeypatch.setattr(gates, "facts_of", lambda reader: facts)
    gates.require_part(enrolled)
    with pytest.raises(gates.GateClosed, match="screen"):
        gates.require_open(enrolled)


@pytest.mark.django_db
def test_the_gates_cost_one_query(enrolled):
    admit(enrolled)
    with CaptureQueriesContext(connection) as asked:
        gates.require_open(enrolled)
    assert len(asked) == 1
