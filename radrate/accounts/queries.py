"""Reads of people."""

from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.errors import DomainError


def manager_called(username: str | None) -> User | None:
    """The manager in whose name a command works; None is the operator. Raises DomainError."""
    if username is None:
        return None
    user = User.objects.filter(username=username, is_manager=True, is_active=True).first()
    if user is None:
        raise DomainError(_("There is no manager %(name)s.") % {"name": username})
    return user
