"""Writes of people: an account by invitation, an account forgotten."""

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from knox.models import AuthToken

from radrate.accounts.models import User
from radrate.audit.services import record


@transaction.atomic
def make_account(*, username: str, password: str, email: str) -> User:
    """An account for a person who has shown to own the address, by opening a link sent there."""
    user = User.objects.create_user(username=username, password=password, email=email)
    record(actor=user, verb="make_account", target=user)
    return user


@transaction.atomic
def anonymise(*, actor: User | None, user: User) -> None:
    """Erase who a person is; what they answered stays, under a number. It cannot be undone.

    The account is closed, its sessions and API tokens end.
    """
    user.username = f"erased-{user.pk}"
    user.first_name = user.last_name = user.email = ""
    user.is_active = user.is_manager = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.filter(user=user).delete()
    AuthToken.objects.filter(user=user).delete()
    _end_sessions(user)
    record(actor=actor, verb="anonymise", target=user)


def _end_sessions(user: User) -> None:
    for session in Session.objects.all().iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
