"""The order in which a reader comes to the first case, and that there is no way around it."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from radrate.reading import entry, gates, overview, queries, services, texts
from radrate.reading.display import Report, record_display_check
from radrate.reading.gates import Facts, Step, next_step
from radrate.reading.models import Rating
from radrate.studies import lifecycle
from radrate.studies.designing import add_phase
from radrate.studies.services import build_cases
from radrate.studies.terms import publish_consent, text_hash
from tests.factories.readers import admit, consent, enter
from tests.factories.studies import full_answers, lock, make_open_study, make_study, rate

FACTS = st.builds(Facts, *[st.booleans()] * 6)


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
        "answers": [
            answer.as_dict() for answer in full_answers(enrolled.assignments.get(position=1))
        ],
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
        and not facts.is_early
        and not facts.display_is_due
        and not facts.has_left
    )
    assert (next_step(facts) == Step.READ) == is_ready


@given(FACTS)
def test_whoever_has_left_is_asked_nothing(facts):
    assert (next_step(facts) == Step.LEFT) == facts.has_left


def test_the_gates_come_in_their_order():
    path = [
        Facts(False, False, False, False, True, True),
        Facts(False, True, False, False, True, True),
        Facts(False, True, True, False, True, True),
        Facts(False, True, True, False, False, True),
        Facts(False, True, True, True, False, True),
        Facts(False, True, True, True, False, False),
    ]
    assert [next_step(facts) for facts in path] == [
        Step.CONSENT,
        Step.CONSENT,
        Step.WAIT,
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
    shown = overview.instruction_screen(enrolled, 3).shown
    answer = reading.post(reverse("reading_enter", args=[enrolled.token]), {"shown": shown})
    assert answer.url == go
    display = reverse("reading_display", args=[enrolled.token])
    assert reading.get(go).url == display
    assert reading.post(display, {"report": ""}).url == case_url(enrolled)
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
    assert "/instructions/1/" in gates.next_url(enrolled)


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
    monkeypatch.setattr(gates, "facts_of", lambda reader, wanted: facts)
    first = enrolled.assignments.get(position=1)
    gates.require_part(first)
    with pytest.raises(gates.GateClosed, match="screen"):
        gates.require_open(first)


@pytest.mark.django_db
def test_the_gates_cost_one_query(enrolled):
    admit(enrolled)
    wanted = queries.my_assignment(enrolled.user, enrolled.assignments.get(position=1).token)
    with CaptureQueriesContext(connection) as asked:
        gates.require_open(wanted)
    assert len(asked) == 1


# Phases and sessions -------------------------------------------------------------------------


@pytest.fixture
def two_phases(manager, reader):
    """Pairs, then pairs with a text of their own to agree to."""
    study = make_study(manager=manager, readers=(reader,), n=2, block_size=2)
    texts = {"consent": "Now you are told.", "told": "Real or not?\nSay it."}
    add_phase(study=study, same_images_as=study.phases.get(), **texts)
    build_cases(study=study)
    study = lifecycle.open_study(study=lock(study), actor=manager)
    return study.readers.select_related("study").get()


def read_phase(enrolled, phase):
    for assignment in enrolled.assignments.filter(case__phase=phase).order_by("position"):
        rate_as_is(assignment)
        block, _following = queries.way_on(enrolled)
        if block is not None:
            services.submit_block(reader=enrolled, number=block)


def rate_as_is(assignment):
    """Without passing any gate."""
    return services.submit_rating(
        user=assignment.study_reader.user,
        token=assignment.token,
        rating_id=uuid.uuid4(),
        revision=0,
        answers=full_answers(assignment),
        comment="",
        duration_ms=1000,
    )


@pytest.mark.django_db
def test_each_phase_is_introduced_in_its_own_words_before_its_first_case(reading, two_phases):
    enrolled = two_phases
    first, second = enrolled.study.phases.all()
    consent(enrolled)
    enter(enrolled, first)
    read_phase(enrolled, first)
    following = queries.next_assignment(enrolled)
    assert following.case.phase == second
    case = reverse("reading_case", args=[following.token])
    screens = reverse("reading_instructions", args=[enrolled.token, 1])
    assert reading.get(case).url == screens
    with pytest.raises(gates.GateClosed):
        rate_as_is(following)
    page = reading.get(screens).content.decode()
    for words in ("Now you are told.", "Real or not?", "1 of 2"):
        assert words in page
    last = reading.get(reverse("reading_instructions", args=[enrolled.token, 2]))
    assert "I agree and begin" in last.content.decode()
    shown = last.context["screen"].shown
    reading.post(reverse("reading_enter", args=[enrolled.token]), {"shown": shown})
    record_display_check(reader=enrolled, report=Report())
    assert reading.get(case).status_code == 200
    entry_of_second = enrolled.entries.get(phase=second)
    assert entry_of_second.text.startswith("Now you are told.\nReal or not?\nSay it.\n")


@pytest.mark.django_db
def test_a_block_is_handed_in_before_the_next_phase_is_told(two_phases):
    first = two_phases.study.phases.first()
    consent(two_phases)
    enter(two_phases, first)
    for assignment in two_phases.assignments.filter(case__phase=first).order_by("position"):
        rate_as_is(assignment)
    assert "/block/" in gates.next_url(two_phases)


@pytest.mark.django_db
def test_words_of_another_phase_open_nothing(reading, two_phases):
    _first, second = two_phases.study.phases.all()
    consent(two_phases)
    url = reverse("reading_enter", args=[two_phases.token])
    for shown in ("", "x", text_hash(texts.told(second))):
        reading.post(url, {"shown": shown})
    assert not two_phases.entries.exists()


@pytest.mark.django_db
def test_the_second_session_waits_for_the_washout(reading, enrolled):
    admit(enrolled)
    enrolled.study.phases.update(sessions=2, washout_days=2)
    enrolled.assignments.filter(position__gt=2).update(session=2)
    for position in (1, 2):
        rate(enrolled.assignments.get(position=position))
    services.submit_block(reader=enrolled, number=1)
    third = enrolled.assignments.get(position=3)
    case = reverse("reading_case", args=[third.token])
    start = reverse("reading_start", args=[enrolled.token])
    assert reading.get(case).url == start
    with pytest.raises(gates.GateClosed, match="later"):
        rate(third)
    page = reading.get(start).content.decode()
    assert "The second reading opens for you on" in page
    assert "Continue" not in page
    assert "second reading from" in reading.get("/reading/").content.decode()
    read_at = Rating.objects.get(assignment__position=2).at
    opens = gates.session_opens_at(queries.next_assignment(enrolled))
    assert opens == read_at + timedelta(days=2)
    enrolled.study.phases.update(washout_days=0)
    assert reading.get(case).status_code == 200
