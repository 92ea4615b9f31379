"""Who read: under pseudonyms, with what each told and agreed to."""

import csv
import io
import json

import pytest
from knox.models import AuthToken

from radrate.exports.ratings import RATINGS
from radrate.exports.readers import READERS
from radrate.exports.streams import stream_csv, stream_json
from radrate.reading import entry
from radrate.reading.models import Region, Specialty
from radrate.studies.enrolment import add_reader
from radrate.studies.terms import publish_consent
from tests.factories.people import make_user
from tests.factories.readers import PROFILE, consent
from tests.factories.studies import make_open_study, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager, reader):
    """The first reader agreed twice, rated two cases and left; the second has not come yet."""
    study = make_open_study(manager=manager, readers=(reader,))
    first = study.readers.select_related("study").get()
    for position in (1, 2):
        rate(first.assignments.get(position=position))
    publish_consent(actor=manager, study=study, text="A second text.")
    consent(first)
    entry.leave(actor=reader, reader=first)
    add_reader(actor=manager, study=study, user=make_user(username="reader2"))
    return study


def rows(study, export=READERS):
    text = b"".join(stream_csv(export, study)).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_each_place_has_one_row_with_what_the_reader_told(study):
    first, second = rows(study)
    assert (first["reader"], second["reader"]) == ("R1", "R2")
    assert {name: first[name] for name in PROFILE} == {k: str(v) for k, v in PROFILE.items()}
    assert {second[name] for name in PROFILE} == {""}
    assert (first["consent_version"], first["consent_language"]) == ("2", "en")
    assert (second["consent_version"], second["consented_at"]) == ("", "")
    assert (first["cases_rated"], second["cases_rated"]) == ("2", "0")
    assert first["left_at"]
    assert not second["left_at"]
    assert first["joined_at"]


def test_a_leavers_answers_are_marked_where_the_protocol_leaves_them_out(study):
    assert {row["analysed"] for row in rows(study, RATINGS)} == {"t"}
    study.analyses_leavers = False
    study.save()
    assert {row["analysed"] for row in rows(study, RATINGS)} == {"f"}
    assert [row["analysed"] for row in rows(study)] == ["f", "t"]


def test_a_spare_place_has_a_row_without_a_person(study):
    study.readers.filter(slot=1).update(user=None)
    assert (rows(study)[1]["reader"], rows(study)[1]["joined_at"]) == ("R2", "")


def test_nobodys_name_or_address_is_in_it(study, reader):
    reader.first_name = "Zqname"
    reader.save()
    text = b"".join(stream_csv(READERS, study)) + b"".join(stream_json(READERS, study))
    for word in ("reader1", "reader2", "Zqname", "@", study.name):
        assert word not in text.decode()


def test_json_has_numbers_and_nulls(study):
    first, second = json.loads(b"".join(stream_json(READERS, study)))
    assert (first["years_of_experience"], second["years_of_experience"]) == (12, None)
    assert first["analysed"] is True


def test_the_api_streams_it_to_the_studys_manager_only(client, study, manager, reader):
    url = f"/api/v1/studies/{study.pk}/readers/"
    other = make_user(username="other", is_manager=True)
    for user, status in ((manager, 200), (other, 404), (reader, 403)):
        _token, secret = AuthToken.objects.create(user=user)
        answer = client.get(url, headers={"Authorization": f"Token {secret}"})
        assert answer.status_code == status
    assert client.get(url).status_code == 401


def test_the_document_names_every_specialty_and_region():
    with open("docs/data-dictionary.md", encoding="utf-8") as file:
        told = file.read().split("## Readers")[1]
    assert all(f"`{value}`" in told for value in (*Specialty.values, *Region.values))
