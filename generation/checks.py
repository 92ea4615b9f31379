"""Django system checks of the backends in the settings."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import gettext as _

from generation.backends import registry
from generation.backends.base import Misconfigured
from generation.models import ARCHIVE


def check_backends(**_options: Any) -> list[CheckMessage]:
    """E001: an alias cannot be built. E002: its name is taken. W001: it was built and says why it
    is not ready."""
    messages: list[CheckMessage] = []
    if ARCHIVE in registry.available():
        words = _("This name stands for images made elsewhere. Give the backend another.")
        messages.append(Error(words, obj=ARCHIVE, id="generation.E002"))
    for alias in registry.available():
        try:
            registry.limits(alias)
            backend = registry.get_backend(alias)
        except Misconfigured as error:
            messages.append(Error(error.public_message, obj=alias, id="generation.E001"))
        else:
            messages += [Warning(p, obj=alias, id="generation.W001") for p in backend.check()]
    return messages
