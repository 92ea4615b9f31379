"""A reader's pages, as the reader and everyone else gets them."""

import dataclasses
import json

import pytest
from django.db.models import Manager, Model, QuerySet
from django.urls import reverse

from radrate.reading import services
from radrate.studies import lifecycle
from radrate.studies.enrolment import add_reader
from tests.factories.people import make_user
from tests.factories.studies import (
    candidate_of,
    lock,
    make_mark,
    make_open_study,
    make_study,
    rate,
    reference_of,
)

pytestmark = pytest.mark.django_db
CASE_KEYS = {
    "ahead_url",
    "answers",
    "block_url",
    "comment",
    "feedback_url",
    "home_url",
    "images",
    "keeps_trail",
    "marks",
    "minutes_left",
    "next_url",
    "number",
    "page_url",
    "phantom_notice",
    "preload",
    "previous_url",
    "problem_url",
    "reader_key",
    "reading",
    "revision",
    "rubric",
    "save_url",
    "tags",
    "title",
    "token",
    "total",
}
MARK_KEYS = {"height", "image", "severity", "shape", "tag", "width", "x", "y"}
QUESTION_KEYS = {
    "anchors",
    "condition",
    "hint",
    "key",
    "kind",
    "maximum",
    "minimum",
    "not_applicable",
    "options",
    "per_image",
    "question",
    "required",
}
PAGES = ["reading_start", "reading_case", "reading_block", "reading_done"]


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


def read_everything(enrolled):
    for assignment in enrolled.assignments.order_by("position"):
        rate(assignment)
        if assignment.position % 2 == 0:
            services.submit_block(reader=enrolled, number=assignment.block)


def url_of(name, enrolled):
    arguments = {
        "reading_case": [at(enrolled, 1).token],
        "reading_block": [enrolled.token, 1],
    }
    return reverse(name, args=arguments.get(name, [enrolled.token]))


def rows_in(value, seen=None):
    """Every database row, or way to one, that a template could reach from a value."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, (Model, QuerySet, Manager)):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from rows_in(getattr(value, field.name), seen)
    elif isinstance(value, dict):
        for item in value.values():
            yield from rows_in(item, seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from rows_in(item, seen)


def rows_in_context(answer):
    """All of them but the reader, whom Django adds to every page."""
    given = [
        (name, value)
        for context in answer.context
        for layer in context.dicts
        for name, value in layer.items()
        if name not in ("user", "perms", "request")
    ]
    assert given
    return [(name, row) for name, value in given for row in rows_in(value)]


def test_a_row_in_a_context_would_be_found(reader):
    @dataclasses.dataclass
    class Page:
        cases: tuple

    assert list(rows_in({"page": Page(({"reader": [reader]},))})) == [reader]


def test_the_list_shows_the_reading_by_its_neutral_name(reading, study, enrolled):
    page = reading.get("/reading/").content.decode()
    assert study.neutral_title in page
    assert "0 of 4 cases" in page
    assert url_of("reading_start", enrolled) in page


def test_a_reading_is_listed_from_its_lock_on_and_continued_while_it_is_open(
    reading, manager, reader
):
    study = make_study(manager=manager, readers=(reader,))
    assert study.neutral_title not in reading.get("/reading/").content.decode()
    study = lock(study)
    page = reading.get("/reading/").content.decode()
    assert "opens soon" in page
    assert study.readers.get().token not in page
    lifecycle.open_study(study=study, actor=manager)
    assert study.readers.get().token in reading.get("/reading/").content.decode()


def test_a_reader_goes_from_the_start_to_the_end(reading, enrolled):
    start = reading.get(url_of("reading_start", enrolled))
    assert start.status_code == 200
    assert url_of("reading_go", enrolled) in start.content.decode()
    assert reading.get(url_of("reading_go", enrolled)).url == url_of("reading_case", enrolled)
    assert reading.get(url_of("reading_case", enrolled)).status_code == 200
    rate(at(enrolled, 1))
    assert "1 case is still" in reading.get(url_of("reading_block", enrolled)).content.decode()
    rate(at(enrolled, 2))
    submit = reverse("reading_submit_block", args=[enrolled.token, 1])
    assert submit in reading.get(url_of("reading_block", enrolled)).content.decode()
    third = reverse("reading_case", args=[at(enrolled, 3).token])
    assert reading.post(submit).url == third
    assert reading.get(url_of("reading_block", enrolled)).url == third
    assert reading.get(url_of("reading_done", enrolled)).url == url_of("reading_start", enrolled)
    rate(at(enrolled, 3))
    rate(at(enrolled, 4))
    last = reverse("reading_submit_block", args=[enrolled.token, 2])
    done = reading.post(last, follow=True)
    assert done.redirect_chain[-1][0] == url_of("reading_done", enrolled)
    assert "All 4 cases are submitted" in done.content.decode()


def test_a_case_out_of_turn_leads_to_the_one_that_is_next(reading, enrolled):
    later = reverse("reading_case", args=[at(enrolled, 2).token])
    assert reading.get(later).url == url_of("reading_case", enrolled)
    answer = reading.get(later, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "order" in answer.json()["message"]


def test_a_block_with_a_gap_is_not_handed_in_and_says_so(reading, enrolled):
    rate(at(enrolled, 1))
    answer = reading.post(reverse("reading_submit_block", args=[enrolled.token, 1]))
    assert answer.status_code == 409
    assert "not rated yet" in answer.content.decode()
    assert not enrolled.submissions.exists()


@pytest.mark.parametrize("number", [0, 9, 10**30])
def test_a_block_that_does_not_exist_is_not_found(reading, enrolled, number):
    assert reading.get(f"/reading/{enrolled.token}/block/{number}/").status_code == 404
    assert reading.post(f"/reading/{enrolled.token}/block/{number}/submit").status_code == 404


def test_the_case_as_json_holds_what_the_page_needs_and_nothing_else(reading, enrolled):
    rate(at(enrolled, 1), comment="odd fibula", marks=[make_mark()])
    answer = reading.get(url_of("reading_case", enrolled), headers={"Accept": "application/json"})
    case = answer.json()
    assert set(case) == CASE_KEYS
    assert [set(image) for image in case["images"]] == [{"label", "url"}] * 2
    assert all(set(question) == QUESTION_KEYS for question in case["rubric"])
    answer_keys = {"criterion", "image", "value", "not_applicable", "text", "x", "y"}
    assert all(set(given) == answer_keys for given in case["answers"])
    assert [set(mark) for mark in case["marks"]] == [MARK_KEYS]
    assert {tuple(sorted(tag)) for tag in case["tags"]} == {("group", "key", "label")}
    assert (case["number"], case["total"], case["revision"]) == (1, 4, 1)
    assert case["comment"] == "odd fibula"
    assert "Accept" in answer.headers["Vary"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_page_holds_the_same_case_as_the_json(reading, enrolled):
    url = url_of("reading_case", enrolled)
    page = reading.get(url).content.decode()
    inside = page.split('<script id="case" type="application/json">')[1].split("</script>")[0]
    assert json.loads(inside) == reading.get(url, headers={"Accept": "application/json"}).json()


def test_no_answer_for_a_reader_names_an_image_or_the_study(reading, study, enrolled):
    hidden = {study.name, str(study.pk), "Campaign", study.manager.username, "Films"}
    for case in study.cases.all():
        for image in (reference_of(case), candidate_of(case)):
            hidden |= {str(image.pk), image.sha256, image.pixel_hash, image.source_name}
    rate(at(enrolled, 1))
    rate(at(enrolled, 2))
    answers = [reading.get("/reading/"), *(reading.get(url_of(n, enrolled)) for n in PAGES[:3])]
    for answer in answers:
        assert answer.status_code == 200
        assert not [word for word in hidden if word in answer.content.decode()]


def test_no_template_for_a_reader_is_given_a_database_row(reading, enrolled):
    answers = [reading.get("/reading/")]
    answers += [reading.get(url_of(name, enrolled)) for name in PAGES[:3]]
    read_everything(enrolled)
    answers.append(reading.get(url_of("reading_done", enrolled)))
    for answer in answers:
        assert answer.status_code == 200
        assert rows_in_context(answer) == []


@pytest.mark.parametrize("name", PAGES)
def test_nobody_else_opens_a_readers_page(client, study, enrolled, manager, outsider, name):
    url = url_of(name, enrolled)
    assert client.get(url).url.startswith(reverse("account_login"))
    second = add_reader(actor=manager, study=study, user=make_user(username="reader2"))
    for person in (manager, outsider, second.user):
        client.force_login(person)
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_token_that_does_not_exist_is_not_found(reading, enrolled, name):
    url = url_of(name, enrolled)
    for token in ("x", "x" * 5000, "%00", "%F0%9F%A9%BB"):
        wrong = url.replace(enrolled.token, token).replace(at(enrolled, 1).token, token)
        assert reading.get(wrong).status_code == 404


def test_a_block_is_handed_in_by_its_reader_only(client, enrolled, manager, outsider):
    rate(at(enrolled, 1))
    rate(at(enrolled, 2))
    submit = reverse("reading_submit_block", args=[enrolled.token, 1])
    assert client.post(submit).url.startswith(reverse("account_login"))
    for person in (manager, outsider):
        client.force_login(person)
        assert client.post(submit).status_code == 404
    assert client.get(submit).status_code == 405
    assert not enrolled.submissions.exists()


@pytest.mark.parametrize(
    ("end", "word"), [(lifecycle.pause, "paused"), (lifecycle.close, "closed")]
)
def test_a_case_of_a_study_that_is_not_open_is_a_page_that_says_so(
    reading, study, enrolled, manager, end, word
):
    end(study=study, actor=manager)
    answer = reading.get(url_of("reading_case", enrolled))
    assert answer.status_code == 403
    assert word in answer.content.decode()
    assert "answers so far are kept" in answer.content.decode()
    assert reading.get("/reading/").status_code == 200
    assert reading.get(url_of("reading_start", enrolled)).status_code == 200
