"""The backends of settings.IMAGE_BACKENDS, by alias.

    {alias: {"BACKEND": dotted path, "OPTIONS": {...}}}

OPTIONS go to the backend as they are; two of them are read here as well: QUEUE (the Celery queue
of its jobs) and LEASE_SECONDS (how long a worker may be silent before its job goes to another).
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from generation.backends.base import ImageBackend, Misconfigured

LEASE_SECONDS = 60.0

_built: dict[str, tuple[Mapping[str, Any], ImageBackend]] = {}


def available() -> list[str]:
    """Aliases in the order of the settings."""
    return list(settings.IMAGE_BACKENDS)


def get_backend(alias: str) -> ImageBackend:
    """The backend of an alias, built once a process. Raises Misconfigured."""
    configuration = _configuration(alias)
    built_from, backend = _built.get(alias, (None, None))
    if backend is None or built_from is not configuration:
        backend = _build(alias, configuration)
        _built[alias] = configuration, backend
    return backend


def queue_for(alias: str) -> str:
    """The Celery queue of a backend's jobs. Raises Misconfigured."""
    return str(_options(alias).get("QUEUE", settings.CELERY_TASK_DEFAULT_QUEUE))


def lease_seconds(alias: str) -> float:
    """How long a worker may be silent on a job of this backend. Raises Misconfigured."""
    try:
        seconds = float(_options(alias).get("LEASE_SECONDS", LEASE_SECONDS))
    except (TypeError, ValueError):
        seconds = 0.0
    if seconds <= 0:
        raise Misconfigured(
            _("LEASE_SECONDS of the backend “%(alias)s” must be a number above 0.")
            % {"alias": alias}
        )
    return seconds


def problems(alias: str) -> list[str]:
    """What would stop this backend, in words; empty when it is ready."""
    try:
        lease_seconds(alias)
        return get_backend(alias).check()
    except Misconfigured as error:
        return [error.public_message]


def health(alias: str) -> list[str]:
    """The same as of now: this one may ask the provider, for a few seconds."""
    try:
        lease_seconds(alias)
        return get_backend(alias).health()
    except Misconfigured as error:
        return [error.public_message]


def _configuration(alias: str) -> Mapping[str, Any]:
    try:
        configuration: Mapping[str, Any] = settings.IMAGE_BACKENDS[alias]
    except KeyError:
        raise Misconfigured(
            _("There is no backend “%(alias)s” in IMAGE_BACKENDS; it has: %(known)s.")
            % {"alias": alias, "known": ", ".join(available()) or "–"}
        ) from None
    return configuration


def _options(alias: str) -> Mapping[str, Any]:
    options: Mapping[str, Any] = _configuration(alias).get("OPTIONS", {})
    return options


def _build(alias: str, configuration: Mapping[str, Any]) -> ImageBackend:
    """Import and construct. Whatever goes wrong in a backend's own code becomes Misconfigured."""
    path = configuration.get("BACKEND", "")
    try:
        return _backend_class(path)(alias, _options(alias))
    except Misconfigured as error:
        words = error.public_message
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
    raise Misconfigured(
        _("The backend “%(alias)s” (%(path)s) cannot be used: %(words)s")
        % {"alias": alias, "path": path, "words": words}
    )


def _backend_class(path: str) -> type[ImageBackend]:
    found = import_string(path)
    if not (isinstance(found, type) and issubclass(found, ImageBackend)):
        raise Misconfigured(_("it is not an ImageBackend"))
    return found
