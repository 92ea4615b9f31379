"""OPTIONS of the settings, read into one frozen value, with every problem told in words."""

import importlib.util
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generation.backends.base import SHARED_OPTIONS, Misconfigured
from generation.backends.openai.addresses import (
    AddressRefused,
    check_address,
    literal_address,
    origin,
)
from generation.backends.openai.dialects import DIALECTS, Dialect, Size

NAMES = (
    "MODEL",
    "DIALECT",
    "BASE_URL",
    "API_KEY_FILE",
    "API_KEY_ENV",
    "PARAMS",
    "SIZES",
    "MAX_OUTPUTS",
    "EDITS",
    "TIMEOUT",
    "MAX_ANSWER_MB",
    "ALLOW_PRIVATE",
    "FILE_ORIGINS",
)
MOST_OUTPUTS = 10
SIZE = re.compile(r"([1-9]\d{1,4})x([1-9]\d{1,4})")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the model is, how it is spoken to, and what may come back. Sides in px, times in s."""

    model: str
    dialect: Dialect
    base_url: str
    allow_private: bool
    file_origins: frozenset[str]
    params: Mapping[str, Any]
    sizes: tuple[Size, ...] | None
    max_outputs: int
    edits: bool
    timeout: float
    max_answer_bytes: int


class Problem(Exception):
    """One thing that is wrong with one option."""


def read(options: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    """The settings, with defaults where an option is wrong, and all that is wrong, in words."""
    problems = [f"There is no option {name}." for name in sorted(_unknown(options))]

    def take(name: str, reading: Callable[[Any], Any], default: Any = None) -> Any:
        given = options.get(name)
        if given is None:
            return default
        try:
            return reading(given)
        except Problem as problem:
            problems.append(f"{name} {problem}.")
            return default

    dialect = take("DIALECT", _dialect, DIALECTS["openai"])
    allow_private = take("ALLOW_PRIVATE", _flag, False)

    def url(text: Any) -> str:
        return _base_url(text, allow_private=allow_private)

    def origins(given: Any) -> frozenset[str]:
        return _origins(given, allow_private=allow_private)

    settings = Settings(
        model=take("MODEL", _text, ""),
        dialect=dialect,
        base_url=take("BASE_URL", url, dialect.base_url),
        allow_private=allow_private,
        file_origins=take("FILE_ORIGINS", origins, frozenset()),
        params=take("PARAMS", lambda given: _params(given, dialect), {}),
        sizes=take("SIZES", _sizes, dialect.sizes) or None,
        max_outputs=take("MAX_OUTPUTS", _count, dialect.max_outputs),
        edits=take("EDITS", _flag, dialect.edits),
        timeout=take("TIMEOUT", _seconds, 300.0),
        max_answer_bytes=int(take("MAX_ANSWER_MB", _seconds, 256.0) * 10**6),
    )
    needed = ("MODEL",) if dialect.base_url else ("MODEL", "BASE_URL")
    problems += [f"{name} is required." for name in needed if not options.get(name)]
    return settings, problems


def static_problems(options: Mapping[str, Any]) -> list[str]:
    """All that can be said without the network."""
    settings, problems = read(options)
    if importlib.util.find_spec("openai") is None:
        problems.append("The package “openai” is missing: pip install 'radrate[openai]'.")
    try:
        api_key(options, settings.dialect)
    except Misconfigured as error:
        problems.append(error.public_message)
    return problems


def api_key(options: Mapping[str, Any], dialect: Dialect) -> str:
    """The key, read anew each time so that it can be rotated; empty where none is needed.

    Raises Misconfigured, in words that hold no part of the key.
    """
    path, variable = options.get("API_KEY_FILE"), options.get("API_KEY_ENV")
    if path and variable:
        raise Misconfigured("Name the key by API_KEY_FILE or by API_KEY_ENV, not by both.")
    if not path and not variable:
        if dialect.needs_key:
            raise Misconfigured("A key is required: name it by API_KEY_FILE or API_KEY_ENV.")
        return ""
    source = f"The file {path} of API_KEY_FILE" if path else f"The variable {variable}"
    try:
        key = Path(path).read_text(encoding="utf-8") if path else os.environ.get(variable or "", "")
    except (OSError, TypeError, ValueError) as error:
        raise Misconfigured(f"{source} cannot be read: {type(error).__name__}.") from error
    key = key.strip()
    if not key:
        raise Misconfigured(f"{source} holds no key.")
    if not re.fullmatch(r"[!-~]+", key):
        raise Misconfigured(f"{source} holds more than a key.")
    return key


def _unknown(options: Mapping[str, Any]) -> set[str]:
    return set(options) - set(NAMES) - SHARED_OPTIONS


def _text(given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise Problem("must be a name")
    return given


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise Problem("must be true or false")
    return given


def _seconds(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < 10**6:
        raise Problem("must be a number above 0")
    return float(given)


def _count(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_OUTPUTS:
        raise Problem(f"must be 1 to {MOST_OUTPUTS}")
    return given


def _dialect(given: Any) -> Dialect:
    try:
        return DIALECTS[given]
    except (KeyError, TypeError):
        raise Problem(f"must be one of {', '.join(DIALECTS)}, not “{given}”") from None


def _params(given: Any, dialect: Dialect) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise Problem("must be a mapping")
    unknown = sorted(set(given) - dialect.params)
    if unknown:
        raise Problem(
            f"holds “{unknown[0]}”; {dialect.title} takes {', '.join(sorted(dialect.params))}"
        )
    return dict(given)


def _sizes(given: Any) -> tuple[Size, ...]:
    """Sizes as “1024x1536”; empty for “any”, that is any within the dialect's limits."""
    if given == "any":
        return ()
    if not isinstance(given, list | tuple) or not given:
        raise Problem('must be “any” or a list such as ["1024x1024"]')
    found = [SIZE.fullmatch(text) if isinstance(text, str) else None for text in given]
    if None in found:
        raise Problem("must hold sizes such as “1024x1024”")
    return tuple((int(match[1]), int(match[2])) for match in found if match)


def _base_url(given: Any, *, allow_private: bool) -> str:
    """The address without a slash at its end; what a name resolves to is checked at use."""
    if not isinstance(given, str):
        raise Problem("must be an address such as https://api.example.org/v1")
    try:
        origin(given)
        parts = urlsplit(given)
        host = literal_address(parts.hostname or "")
        if host:
            check_address(host, allow_private=allow_private)
    except ValueError as error:
        raise Problem(f"is no address: {error}") from error
    except AddressRefused as error:
        raise Problem(f"is not spoken to: {error}; see ALLOW_PRIVATE") from error
    if parts.query or parts.fragment:
        raise Problem("must hold no query and no fragment")
    if parts.scheme == "http" and not allow_private:
        raise Problem("must begin with https:// unless ALLOW_PRIVATE is true")
    return given.rstrip("/")


def _origins(given: Any, *, allow_private: bool) -> frozenset[str]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise Problem("must be a list of addresses")
    try:
        found = frozenset(origin(one) for one in given)
    except ValueError as error:
        raise Problem(f"holds what is no address: {error}") from error
    if not allow_private and any(one.startswith("http:") for one in found):
        raise Problem("must begin with https:// unless ALLOW_PRIVATE is true")
    return found
