"""The display check: what is kept, what is advised and when it is due; nobody is kept out."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import update_last_login
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from radrate.reading import display
from radrate.reading.display import GROUNDS, STEPS, Patch, Report
from radrate.reading.models import DisplayCheck
from tests.factories.people import make_user
from tests.factories.readers import introduce
from tests.factories.studies import make_open_study

SCREEN = {
    "screen_width": 1920,
    "screen_height": 1200,
    "viewport_width": 1440,
    "viewport_height": 900,
    "pixel_ratio": 1.25,
    "colour_depth": 24,
}


def patches(*, least: int = 1, blind: tuple[str, ...] = ()) -> list[dict]:
    """What someone says who sees every step from `least` on, but none on the `blind` grounds."""
    return [
        {"ground": ground, "step": step, "seen": step >= least and ground not in blind}
        for ground in GROUNDS
        for step in STEPS
    ]


def said(**changes) -> str:
    return json.dumps({"patches": patches(), "screen": SCREEN, "duration_ms": 9000} | changes)


def judged(**options) -> tuple[str, ...]:
    return display.advice([Patch(**row) for row in patches(**options)])


def test_who_sees_all_or_all_but_the_faintest_step_is_told_nothing():
    assert judged() == judged(least=display.TELLABLE) == ()


@pytest.mark.parametrize(
    ("ground", "word"), [("dark", "Dim the room"), ("middle", "straight on"), ("bright", "Lower")]
)
def test_who_is_blind_on_one_ground_is_told_what_helps_there(ground, word):
    [sentence] = judged(blind=(ground,))
    assert word in sentence


def test_who_sees_too_little_everywhere_gets_a_sentence_for_each_ground():
    assert len(judged(least=8)) == 3


def test_who_chooses_a_field_without_a_square_is_told_kindly():
    [sentence] = judged(least=0)
    assert "easily done" in sentence


def test_a_whole_report_is_read_as_it_was_sent():
    report = display.read_report(said())
    assert len(report.patches) == len(GROUNDS) * len(STEPS)
    assert report.screen == display.Screen(**SCREEN)
    assert report.duration_ms == 9000


@pytest.mark.parametrize(
    "text",
    [
        said(patches=patches()[1:]),
        said(patches=[*patches(), patches()[0]]),
        said(patches=[row | {"step": 1} for row in patches()]),
        said(patches=[row | {"seen": 1} for row in patches()]),
        said(patches=[row | {"ground": None} for row in patches()]),
        said(patches="all"),
        said(duration_ms=-1),
        said(patches=[]),
    ],
)
def test_answers_that_are_not_those_asked_for_count_as_skipped_and_the_screen_is_kept(text):
    report = display.read_report(text)
    assert report == Report(screen=display.Screen(**SCREEN))


@pytest.mark.parametrize(
    "changes",
    [
        {"pixel_ratio": 0},
        {"pixel_ratio": float("nan")},
        {"pixel_ratio": "2"},
        {"screen_width": -1},
        {"screen_width": 10**9},
        {"colour_depth": True},
        {"viewport_height": None},
    ],
)
def test_an_impossible_screen_is_not_kept(changes):
    assert display.read_report(said(screen=SCREEN | changes)) == Report()


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=9), part, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.text(max_size=300) | json_values.map(json.dumps) | json_values.map(lambda v: said(screen=v))
)
def test_nothing_that_is_sent_breaks_it(text):
    assert isinstance(display.read_report(text), Report)


@pytest.fixture
def enrolled(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), block_size=2, admitted=False)
    return introduce(study.readers.get())


def first_case(enrolled):
    return reverse("reading_case", args=[enrolled.assignments.get(position=1).token])


@pytest.fixture
def url(enrolled):
    return reverse("reading_display", args=[enrolled.token])


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


@pytest.mark.django_db
def test_a_good_result_is_kept_and_leads_on(reading, url, enrolled):
    answer = reading.post(url, {"report": said()})
    assert answer.url == first_case(enrolled)
    check = DisplayCheck.objects.get()
    assert (check.study_reader, check.skipped, check.duration_ms) == (enrolled, False, 9000)
    assert {field: getattr(check, field) for field in SCREEN} == SCREEN
    assert check.patches == patches()


@pytest.mark.django_db
def test_a_poor_result_is_kept_told_and_leads_on(reading, url, enrolled):
    answer = reading.post(url, {"report": said(patches=patches(blind=("dark",)))}, follow=True)
    assert "Dim the room" in answer.content.decode()
    assert f'href="{first_case(enrolled)}"' in answer.content.decode()
    assert f'href="{url}"' in answer.content.decode()
    assert not display.display_check_due(enrolled)


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{}, {"report": ""}, {"report": "[]"}, {"report": "x" * 9000}])
def test_without_answers_it_is_skipped_and_leads_on(reading, url, enrolled, body):
    assert reading.post(url, body).url == first_case(enrolled)
    check = DisplayCheck.objects.get()
    assert check.skipped
    assert check.screen_width is None
    assert not display.display_check_due(enrolled)
    assert display.latest_advice(enrolled) == ()


@pytest.mark.django_db
def test_the_last_check_is_the_one_advised_on(enrolled):
    for text in (said(patches=patches(blind=("dark",))), said()):
        display.record_display_check(reader=enrolled, report=display.read_report(text))
    assert display.latest_advice(enrolled) == ()


@pytest.mark.django_db
def test_it_is_due_once_a_login_and_again_after_twelve_hours(enrolled, reader, monkeypatch):
    def log_in() -> None:
        update_last_login(None, user=reader)
        enrolled.user.refresh_from_db()

    log_in()
    assert display.display_check_due(enrolled)
    display.record_display_check(reader=enrolled, report=Report())
    assert not display.display_check_due(enrolled)
    later = timezone.now() + timedelta(hours=12, minutes=1)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        assert display.display_check_due(enrolled)
    log_in()
    assert display.display_check_due(enrolled)


@pytest.mark.django_db
def test_a_check_counts_for_its_own_reading_only(enrolled, manager):
    second = make_user(username="reader2")
    other = make_open_study(manager=manager, readers=(second,), n=2, admitted=False)
    display.record_display_check(reader=enrolled, report=Report())
    assert display.display_check_due(other.readers.get())


@pytest.mark.django_db
def test_nobody_else_reaches_it(client, url, outsider):
    assert client.get(url).status_code == 302
    client.force_login(outsider)
    assert client.get(url).status_code == 404
    assert client.post(url, {"report": said()}).status_code == 404
    assert not DisplayCheck.objects.exists()


@pytest.mark.django_db
def test_a_check_is_never_changed(enrolled):
    check = display.record_display_check(reader=enrolled, report=Report())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        DisplayCheck.objects.filter(pk=check.pk).update(skipped=False)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        check.delete()
