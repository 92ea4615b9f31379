"""API tokens of a manager: shown once, stored as digests, revoked by their owner."""

import pytest
from django.urls import reverse
from knox.models import AuthToken

from radrate.audit.models import Event
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
URL = "/accounts/tokens/"
REVOKE = "/accounts/tokens/revoke/"


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


def test_a_secret_is_shown_once_and_stored_as_a_digest(managing, manager):
    answer = managing.post(URL)
    secret = answer.context["secret"]
    token = AuthToken.objects.get(user=manager)
    assert f'<code id="secret">{secret}</code>' in answer.content.decode()
    assert secret not in managing.get(URL).content.decode()
    stored = AuthToken.objects.filter(pk=token.pk).values().get()
    assert secret not in map(str, stored.values())
    assert "no-store" in answer.headers["Cache-Control"]
    assert Event.objects.get(verb="create_token").actor == manager


def test_a_secret_opens_the_api_until_it_is_revoked(managing, client, manager):
    secret = managing.post(URL).context["secret"]
    headers = {"Authorization": f"Token {secret}"}
    assert client.get("/api/v1/studies/", headers=headers).status_code == 200
    digest = AuthToken.objects.get(user=manager).digest
    answer = managing.post(REVOKE, {"digest": digest}, follow=True)
    assert "The token no longer works." in answer.content.decode()
    assert client.get("/api/v1/studies/", headers=headers).status_code == 401
    assert Event.objects.filter(verb="revoke_token", actor=manager).count() == 1


def test_a_token_of_somebody_else_is_neither_listed_nor_revoked(managing):
    other = make_user(username="other", is_manager=True)
    token, _secret = AuthToken.objects.create(user=other)
    assert token.digest not in managing.get(URL).content.decode()
    assert managing.post(REVOKE, {"digest": token.digest}).status_code == 302
    assert AuthToken.objects.filter(pk=token.pk).exists()
    assert not Event.objects.filter(verb="revoke_token").exists()


@pytest.mark.parametrize("sent", [{}, {"digest": ""}, {"digest": "x" * 5000}, {"digest": "a\x00b"}])
def test_what_is_no_digest_revokes_nothing(managing, manager, sent):
    AuthToken.objects.create(user=manager)
    assert managing.post(REVOKE, sent).status_code == 302
    assert AuthToken.objects.count() == 1


def test_only_managers_have_tokens(client, reader):
    assert client.get(URL).url.startswith(reverse("account_login"))
    client.force_login(reader)
    assert client.get(URL).status_code == 403
    assert client.post(URL).status_code == 403
    assert client.post(REVOKE, {"digest": "x"}).status_code == 403
    assert not AuthToken.objects.exists()


def test_a_token_is_revoked_by_post_only(managing):
    assert managing.get(REVOKE).status_code == 405
