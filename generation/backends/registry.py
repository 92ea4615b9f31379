"""The backends of settings.IMAGE_BACKENDS, by alias.

    {alias: {"BACKEND": dotted path, "OPTIONS": {...}}}

OPTIONS go to the backend as they are; those that bind every worker are read here as well: QUEUE,
LEASE_SECONDS, TIME_LIMIT, CONCURRENCY, RATE_PER_MINUTE and COST_PER_IMAGE (see `Limits`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from generation.backends.base import ImageBackend, Misconfigured

LEASE_SECONDS = 60.0
TIME_LIMIT = 1800.0

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


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds all workers together. Seconds without a sign of life after which a job goes to
    another worker, seconds after which an attempt is given up, jobs at once, starts a minute, and
    what one image costs."""

    lease_seconds: float = LEASE_SECONDS
    time_limit: float = TIME_LIMIT
    concurrency: int | None = None
    rate_per_minute: float | None = None
    cost_per_image: Decimal = Decimal(0)

    @property
    def gated(self) -> bool:
        return self.concurrency is not None or self.rate_per_minute is not None


def limits(alias: str) -> Limits:
    """The limits of a backend. Raises Misconfigured."""
    options = _options(alias)
    concurrency = _positive(alias, options, "CONCURRENCY", None)
    return Limits(
        lease_seconds=_positive(alias, options, "LEASE_SECONDS", LEASE_SECONDS),
        time_limit=_positive(alias, options, "TIME_LIMIT", TIME_LIMIT),
        concurrency=None if concurrency is None else max(1, int(concurrency)),
        rate_per_minute=_positive(alias, options, "RATE_PER_MINUTE", None),
        cost_per_image=_cost(alias, options),
    )


def limits_or_default(alias: str) -> Limits:
    """The limits; the usual ones for what left the settings, whose jobs fail in words."""
    try:
        return limits(alias)
    except Misconfigured:
        return Limits()


def _positive(alias: str, options: Mapping[str, Any], name: str, default: Any) -> Any:
    value = options.get(name, default)
    if value is None and default is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = 0.0
    if not 0 < number < float("inf"):
        raise Misconfigured(
            _("%(name)s of the backend “%(alias)s” must be a number above 0.")
            % {"name": name, "alias": alias}
        )
    return number


def _cost(alias: str, options: Mapping[str, Any]) -> Decimal:
    try:
        cost = Decimal(str(options.get("COST_PER_IMAGE", 0)))
    except InvalidOperation:
        cost = Decimal(-1)
    if not cost.is_finite() or cost < 0:
        raise Misconfigured(
            _("COST_PER_IMAGE of the backend “%(alias)s” must be a number, not below 0.")
            % {"alias": alias}
        )
    return cost


def problems(alias: str) -> list[str]:
    """What would stop this backend, in words, found without network; empty when it is ready."""
    return _told(alias, lambda backend: backend.check())


def health(alias: str) -> list[str]:
    """The same as of now: this one may ask the provider, for a few seconds."""
    return _told(alias, lambda backend: backend.health())


def _told(alias: str, ask: Callable[[ImageBackend], list[str]]) -> list[str]:
    try:
        limits(alias)
        return ask(get_backend(alias))
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
