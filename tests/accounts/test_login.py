"""Logging in and out. Nobody signs up."""

import pytest
from allauth.account import urls as allauth_urls
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from radrate import settings as real_settings
from radrate.accounts.models import User
from tests.factories.people import PASSWORD, make_user
from tests.operations.test_pages import inline_code

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def named_without_arguments() -> list[str]:
    urls = []
    for pattern in allauth_urls.urlpatterns:
        try:
            urls.append(reverse(pattern.name))
        except NoReverseMatch:
            continue
    return urls


def log_in(client, username, password=PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def test_the_right_password_opens_the_home_page(client, manager):
    answer = log_in(client, "manager")
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/").status_code == 200


def test_the_login_leads_back_to_where_one_wanted_to_go(client, manager):
    wanted = client.get("/studies/").url
    answer = client.post(wanted, {"login": "manager", "password": PASSWORD, "next": "/studies/"})
    assert answer.url == "/studies/"


def test_the_login_leads_to_no_other_site(client, manager):
    sent = {"login": "manager", "password": PASSWORD, "next": "https://example.org/"}
    assert client.post(LOGIN, sent).url == "/"


@pytest.mark.parametrize("username", ["manager", "nobody"])
def test_a_wrong_password_stays_with_the_same_message_for_everyone(client, manager, username):
    answer = log_in(client, username, "wrong")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert "username and/or password" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_a_disabled_account_does_not_get_in(client, reader):
    User.objects.filter(pk=reader.pk).update(is_active=False)
    log_in(client, "reader1")
    assert client.get("/reading/").status_code == 302


def test_logging_out_ends_the_session(client, reader):
    client.force_login(reader)
    client.post(reverse("account_logout"))
    assert client.get("/reading/").url.startswith(LOGIN)


def test_the_sign_up_says_that_it_is_closed(client):
    answer = client.get("/accounts/signup/")
    assert answer.status_code in (200, 403)
    assert "closed" in answer.content.decode().lower()
    assert 'name="password1"' not in answer.content.decode()


def test_nobody_is_made_by_posting_to_the_sign_up(client):
    password = "a long enough secret 83"
    sent = {"username": "intruder", "password1": password, "password2": password}
    client.post("/accounts/signup/", sent)
    assert not User.objects.exists()


def test_the_rate_limits_stand_in_the_real_settings():
    assert getattr(real_settings, "ACCOUNT_RATE_LIMITS", None) is not False


def test_whoever_guesses_passwords_is_stopped(client, settings, manager):
    cache.clear()
    del settings.ACCOUNT_RATE_LIMITS
    for _attempt in range(5):
        log_in(client, "manager", "wrong")
    log_in(client, "manager")
    assert "_auth_user_id" not in client.session
    cache.clear()


@pytest.mark.parametrize("url", named_without_arguments())
@pytest.mark.parametrize("is_manager", [True, False])
def test_no_page_of_the_login_breaks_for_somebody_logged_in(client, url, is_manager):
    client.force_login(make_user(username="someone", is_manager=is_manager))
    answer = client.get(url)
    assert answer.status_code < 500
    assert inline_code(answer.content.decode()) == []


def test_the_pages_of_an_account_are_among_those_looked_at():
    assert {
        reverse("account_change_password"),
        reverse("account_email"),
        reverse("account_reauthenticate"),
        reverse("account_logout"),
    } <= set(named_without_arguments())


def test_a_password_is_changed_by_whoever_knows_it(client, reader):
    client.force_login(reader)
    new = "another long secret 83"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), sent)
    assert User.objects.get(pk=reader.pk).check_password(new)


def test_a_short_password_is_refused(client, reader):
    client.force_login(reader)
    sent = {"oldpassword": PASSWORD, "password1": "k3-Wq9", "password2": "k3-Wq9"}
    assert client.post(reverse("account_change_password"), sent).status_code == 200
    assert User.objects.get(pk=reader.pk).check_password(PASSWORD)
