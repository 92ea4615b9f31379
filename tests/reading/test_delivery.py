"""The images of a reader: each is answered like every other, and nobody else's at all."""

import pytest

from radrate.studies import lifecycle
from radrate.studies.enrolment import add_reader
from tests.factories.people import make_user
from tests.factories.studies import (
    image_urls,
    make_open_study,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,))


@pytest.fixture
def urls(study):
    return [url for one in study.readers.get().assignments.all() for url in image_urls(one)]


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


def nothing(answer):
    """Status, headers and body, to compare one refusal with another."""
    return answer.status_code, sorted(answer.headers.items()), answer.content


def test_every_image_is_answered_with_the_same_headers_and_length(reading, urls):
    answers = [reading.get(url) for url in urls]
    assert {answer.status_code for answer in answers} == {200}
    assert len({tuple(answer.headers.items()) for answer in answers}) == 1
    assert len({len(answer.content) for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 8


def test_an_image_is_not_stored_anywhere_and_says_nothing_on_its_file(reading, urls):
    headers = reading.get(urls[0]).headers
    assert headers["Content-Type"] == "image/png"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not {"ETag", "Last-Modified", "Content-Disposition", "Server-Timing"} & set(headers)


def test_the_two_readers_get_addresses_of_their_own_for_the_same_image(
    reading, client, study, urls, manager
):
    own = {reading.get(url).content for url in urls}
    second = add_reader(actor=manager, study=study, user=make_user(username="reader2"))
    theirs = {url for one in second.assignments.all() for url in image_urls(one)}
    assert not theirs & set(urls)
    client.force_login(second.user)
    assert {client.get(url).content for url in theirs} == own


def test_every_refusal_is_the_same_and_empty(client, study, urls, manager, reader, outsider):
    refusals = [nothing(client.get(urls[0]))]
    second = add_reader(actor=manager, study=study, user=make_user(username="reader2")).user
    for person in (manager, outsider, second):
        client.force_login(person)
        refusals.append(nothing(client.get(urls[0])))
    client.force_login(reader)
    refusals.append(nothing(client.get("/i/no-such-token")))
    refusals.append(nothing(client.get("/i/" + "x" * 5000)))
    lifecycle.pause(study=study, actor=manager)
    refusals.append(nothing(client.get(urls[0])))
    lifecycle.close(study=study, actor=manager)
    refusals.append(nothing(client.get(urls[0])))
    assert refusals[0][0] == 404
    assert refusals[0][2] == b""
    assert refusals == [refusals[0]] * len(refusals)


@pytest.mark.parametrize("token", ["%00", "a%00b", "%F0%9F%A9%BB", "..", "a.png"])
def test_a_token_that_no_one_could_have_made_is_not_found(reading, study, token):
    assert reading.get(f"/i/{token}").status_code == 404


def test_an_image_is_only_got(reading, urls):
    for method in (reading.head, reading.post, reading.put, reading.delete, reading.options):
        assert method(urls[0]).status_code == 405
