"""A person is erased; what they answered stays."""

import pytest
from django.core.management import CommandError, call_command
from knox.models import AuthToken

from radrate.accounts.models import User
from radrate.audit.models import Event
from radrate.reading import certificates
from radrate.reading.models import Certificate, Rating
from radrate.studies import lifecycle
from radrate.studies.invitations import services as invitations
from radrate.studies.invitations.models import Invitation
from tests.factories.people import PASSWORD
from tests.factories.readers import make_link
from tests.factories.studies import make_open_study, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(manager, reader):
    """With an invitation, ratings, a certificate and a token."""
    reader.first_name, reader.last_name = "Anna", "Müller"
    reader.save()
    study = make_open_study(manager=manager)
    token = make_link(study, email="reader1@example.org").split("/")[2]
    enrolled = invitations.accept(token=token, user=reader)
    rate(enrolled.assignments.get(position=1))
    lifecycle.close(study=study, actor=manager)
    certificates.issue(reader=enrolled, name="Dr. Anna Müller")
    AuthToken.objects.create(user=reader)
    return reader


def everything_on_file():
    models = (User, Invitation, Certificate, Event, AuthToken)
    return str([list(model.objects.values()) for model in models])


def test_nothing_is_done_without_a_yes(person):
    before = everything_on_file()
    with pytest.raises(CommandError, match="cannot be undone"):
        call_command("anonymise_user", "reader1")
    assert everything_on_file() == before


def test_name_address_and_tokens_go_and_the_ratings_stay(person, capsys):
    assert "Müller" in everything_on_file()
    call_command("anonymise_user", "reader1", yes=True)
    on_file = everything_on_file()
    for word in ("Anna", "Müller", "reader1"):
        assert word not in on_file
    assert f"erased-{person.pk}" in capsys.readouterr().out
    assert Rating.objects.get().assignment.study_reader.user == person
    assert not AuthToken.objects.exists()
    assert Event.objects.get(verb="anonymise").target_id == str(person.pk)


def test_the_certificate_stays_valid_without_the_name(person):
    code = Certificate.objects.get().code
    call_command("anonymise_user", "reader1", yes=True)
    assert certificates.validity(code).cases == 1


def test_the_sessions_of_the_person_end_and_nobody_logs_in_again(client, person, manager):
    other = type(client)()
    other.force_login(manager)
    client.login(username="reader1", password=PASSWORD)
    call_command("anonymise_user", "reader1", yes=True)
    assert client.get("/reading/").status_code == 302
    assert not client.login(username=f"erased-{person.pk}", password=PASSWORD)
    assert other.get("/reading/").status_code == 200


def test_an_unknown_name_is_told(db):
    with pytest.raises(CommandError, match="no user nobody"):
        call_command("anonymise_user", "nobody", yes=True)
