"""Consent, profile, instructions and leaving, as their reader and everyone else gets them."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from radrate.audit.models import Event
from radrate.errors import NotAllowed
from radrate.reading import entry, gates, overview
from radrate.reading.models import Consent, PhaseEntry, ReaderProfile
from radrate.studies import lifecycle
from radrate.studies.enrolment import add_reader
from radrate.studies.models import ConsentText
from radrate.studies.terms import current_consent, publish_consent, text_hash
from tests.factories.people import make_user
from tests.factories.readers import PROFILE, admit, consent, enter
from tests.factories.studies import image_urls, make_open_study, rate

pytestmark = pytest.mark.django_db
WAYS = {
    "reading_start": [],
    "reading_go": [],
    "reading_consent": [],
    "reading_instructions": [1],
    "reading_leave": [],
    "reading_debrief": [],
    "reading_certificate": [],
    "reading_certificate_pdf": [],
}


@pytest.fixture
def enrolled(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), admitted=False, block_size=2)
    return study.readers.select_related("study").get()


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


def url(name, enrolled, *args):
    return reverse(name, args=[enrolled.token, *args])


def agree(client, enrolled, **changes):
    shown = current_consent(enrolled.study).text_hash
    return client.post(url("reading_consent", enrolled), {"shown": shown, **PROFILE, **changes})


@pytest.mark.parametrize(("name", "args"), WAYS.items())
def test_nobody_else_opens_these_pages(client, manager, outsider, enrolled, name, args):
    page = url(name, enrolled, *args)
    assert client.get(page).url.startswith(reverse("account_login"))
    other = add_reader(actor=manager, study=enrolled.study, user=make_user(username="reader2"))
    for person in (manager, outsider, other.user):
        client.force_login(person)
        assert client.get(page).status_code == 404
        assert client.post(page).status_code in (404, 405)


@pytest.mark.parametrize("name", ["reading_consent", "reading_enter", "reading_leave"])
def test_nobody_else_acts_for_a_reader(client, manager, outsider, enrolled, name):
    sent = {"shown": current_consent(enrolled.study).text_hash, "confirm": "leave", **PROFILE}
    for person in (manager, outsider):
        client.force_login(person)
        assert client.post(url(name, enrolled), sent).status_code == 404
    assert gates.next_url(enrolled) == url("reading_consent", enrolled)


def test_consent_keeps_which_text_was_shown_and_who_the_reader_is(reading, enrolled):
    answer = agree(reading, enrolled)
    assert answer.url == url("reading_go", enrolled)
    text = ConsentText.objects.get()
    given = Consent.objects.get()
    assert (given.study_reader, given.consent_text) == (enrolled, text)
    assert given.text_hash == text.text_hash == text_hash(text.text)
    assert given.language == "en"
    profile = ReaderProfile.objects.get()
    assert {name: getattr(profile, name) for name in PROFILE} == PROFILE
    assert profile.study_reader == enrolled


def test_no_address_of_a_computer_is_kept_with_the_consent(reading, enrolled):
    agree(reading, enrolled)
    stored = " ".join(str(value) for value in Consent.objects.values_list().get())
    assert "127.0.0.1" not in stored


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"years_of_experience": ""}, "years_of_experience"),
        ({"years_of_experience": "71"}, "years_of_experience"),
        ({"years_of_experience": "-1"}, "years_of_experience"),
        ({"years_of_experience": "many"}, "years_of_experience"),
        ({"specialty": ""}, "specialty"),
        ({"specialty": "alchemy"}, "specialty"),
        ({"region_of_expertise": "moon"}, "region_of_expertise"),
        ({"ai_familiarity": "6"}, "ai_familiarity"),
    ],
)
def test_what_is_missing_or_impossible_is_told_at_its_field(reading, enrolled, changes, wrong):
    answer = agree(reading, enrolled, **changes)
    assert set(answer.context["form"].errors) == {wrong}
    assert answer.content.decode().count('class="problem"') == 1
    assert not Consent.objects.exists()
    assert not ReaderProfile.objects.exists()


def test_what_is_only_asked_may_stay_blank(reading, enrolled):
    agree(reading, enrolled, region_of_expertise="", ai_familiarity="")
    profile = ReaderProfile.objects.get()
    assert (profile.region_of_expertise, profile.ai_familiarity) == ("", None)


def test_only_what_the_study_asks_is_asked_and_kept(reading, enrolled):
    enrolled.study.profile_fields = {"specialty": "asked"}
    enrolled.study.save()
    page = reading.get(url("reading_consent", enrolled)).content.decode()
    assert 'name="specialty"' in page
    assert 'name="years_of_experience"' not in page
    agree(reading, enrolled)
    assert ReaderProfile.objects.get().years_of_experience is None


def test_a_text_that_changed_while_it_was_read_is_shown_anew(reading, enrolled, manager):
    old = current_consent(enrolled.study).text_hash
    publish_consent(actor=manager, study=enrolled.study, text="A second text.")
    answer = reading.post(url("reading_consent", enrolled), {"shown": old, **PROFILE})
    assert "A second text." in answer.content.decode()
    assert "changed while you read it" in answer.content.decode()
    assert not Consent.objects.exists()


def test_agreeing_twice_is_agreeing_once(reading, enrolled):
    agree(reading, enrolled)
    agree(reading, enrolled, years_of_experience=40)
    assert Consent.objects.count() == 1
    assert ReaderProfile.objects.get().years_of_experience == PROFILE["years_of_experience"]


def test_what_was_agreed_to_can_be_read_again(reading, enrolled):
    agree(reading, enrolled)
    page = reading.get(url("reading_consent", enrolled)).content.decode()
    assert "You agreed to this on" in page
    assert "I agree" not in page
    assert (
        url("reading_consent", enrolled)
        in reading.get(url("reading_start", enrolled)).content.decode()
    )


def test_the_instructions_are_three_screens_with_one_button_that_has_the_focus(reading, enrolled):
    pages = [reading.get(url("reading_instructions", enrolled, n)) for n in (1, 2, 3)]
    texts = [page.content.decode() for page in pages]
    titles = ["What you see", "What you answer", "Keys and marks"]
    assert [f"<h1>{t}</h1>" in text for t, text in zip(titles, texts, strict=True)] == [True] * 3
    assert [text.count("autofocus") for text in texts] == [1, 1, 1]
    assert [text.count("button primary") for text in texts] == [1, 1, 1]
    assert url("reading_instructions", enrolled, 2) in texts[0]
    assert url("reading_enter", enrolled) in texts[2]
    assert reading.get(url("reading_instructions", enrolled, 4)).url == url(
        "reading_instructions", enrolled, 1
    )


def test_what_was_told_is_logged_word_by_word_and_once(reading, enrolled):
    consent(enrolled)
    shown = overview.instruction_screen(enrolled, 3).shown
    for _twice in range(2):
        reading.post(url("reading_enter", enrolled), {"shown": shown})
    logged = PhaseEntry.objects.get()
    assert logged.text_hash == text_hash(logged.text)
    screens = [reading.get(url("reading_instructions", enrolled, n)) for n in (1, 2)]
    shown = [*screens[0].context["screen"].paragraphs]
    shown += [question.question for question in screens[1].context["screen"].rubric]
    assert logged.text.splitlines() == shown
    assert all(line in "".join(s.content.decode() for s in screens) for line in shown[:2])


@pytest.mark.parametrize("model", [ConsentText, Consent, PhaseEntry])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET text_hash = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_texts_consents_and_entries_are_appended_only(enrolled, model, change):
    admit(enrolled)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(change.format(model._meta.db_table))
    assert model.objects.count() == 1


def test_leaving_asks_first_and_says_what_happens_to_the_answers(reading, enrolled):
    page = url("reading_leave", enrolled)
    assert "answers that you have given stay" in reading.get(page).content.decode()
    reading.post(page)
    assert gates.next_url(enrolled) == url("reading_consent", enrolled)
    enrolled.study.analyses_leavers = False
    enrolled.study.save()
    assert "kept out of the analysis" in reading.get(page).content.decode()


def test_whoever_leaves_keeps_the_answers_and_sees_no_case_any_more(reading, enrolled, reader):
    admit(enrolled)
    first = enrolled.assignments.get(position=1)
    rate(first)
    answer = reading.post(url("reading_leave", enrolled), {"confirm": "leave"}, follow=True)
    assert "You left this reading on" in answer.content.decode()
    assert Event.objects.get(verb="leave_study").actor == reader
    assert first.ratings.count() == 1
    second = enrolled.assignments.get(position=2)
    case = reverse("reading_case", args=[second.token])
    assert reading.get(case).url == url("reading_start", enrolled)
    assert reading.get(case, headers={"Accept": "application/json"}).status_code == 409
    assert reading.get(image_urls(second)[0]).status_code == 404
    with pytest.raises(NotAllowed, match="left"):
        rate(second)
    assert reading.get(url("reading_go", enrolled)).url == url("reading_start", enrolled)
    listed = reading.get("/reading/").content.decode()
    assert "you have left" in listed
    assert "Continue" not in listed


def test_leaving_is_for_good_and_once(enrolled, reader):
    entry.leave(actor=reader, reader=enrolled)
    enrolled.refresh_from_db()
    first = enrolled.withdrawn_at
    entry.leave(actor=reader, reader=enrolled)
    enrolled.refresh_from_db()
    assert enrolled.withdrawn_at == first
    assert Event.objects.filter(verb="leave_study").count() == 1
    with pytest.raises(NotAllowed):
        consent(enrolled)
    with pytest.raises(NotAllowed):
        enter(enrolled, enrolled.study.phases.get())


def test_the_manager_sees_who_left(client, manager, enrolled, reader):
    entry.leave(actor=reader, reader=enrolled)
    client.force_login(manager)
    page = client.get(reverse("study_detail", args=[enrolled.study_id])).content.decode()
    assert "left " in page.split("Readers</h2>")[1].split("</table>")[0]


def test_the_page_of_a_reading_says_what_comes_next(reading, enrolled, manager):
    start = url("reading_start", enrolled)
    assert ">Start<" in reading.get(start).content.decode()
    admit(enrolled)
    rate(enrolled.assignments.get(position=1))
    assert ">Continue<" in reading.get(start).content.decode()
    lifecycle.pause(study=enrolled.study, actor=manager)
    page = reading.get(start).content.decode()
    assert "Your answers so far are kept" in page
    assert url("reading_go", enrolled) not in page
    assert reading.get(url("reading_go", enrolled)).url == start


def test_my_readings_lead_straight_on(reading, enrolled):
    page = reading.get("/reading/").content.decode()
    assert url("reading_go", enrolled) in page
    assert overview.my_readings(enrolled.user)[0].action == "Start"
