"""A prompt with its parameters, and the one line of text in which people edit it.

An X-ray of the knee | defect=misplaced_fibula, strength=0.5
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from radrate.errors import DomainError

Scalar = str | int | float | bool

SEPARATOR = " | "
LONGEST = 32_000


class Prompt(NamedTuple):
    text: str
    params: Mapping[str, Scalar] = {}


def parse(line: str) -> Prompt:
    """Read one line. Raises DomainError."""
    text, _separator, tail = line.partition(SEPARATOR)
    return Prompt(text.strip(), parse_params(tail))


def parse_params(text: str) -> dict[str, Scalar]:
    """Read name=value, name=value. Raises DomainError."""
    params: dict[str, Scalar] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name.isidentifier():
            raise DomainError(_("“%s” is not a parameter such as name=value.") % part)
        params[name] = _scalar(value)
    return params


def parse_lines(text: str) -> list[Prompt]:
    """Read one prompt a line, blank lines left out. Raises DomainError."""
    return [parse(line) for line in text.splitlines() if line.strip()]


def format_line(prompt: Prompt) -> str:
    params = format_params(prompt.params)
    return f"{prompt.text}{SEPARATOR}{params}" if params else prompt.text


def format_params(params: Mapping[str, Scalar]) -> str:
    return ", ".join(f"{name}={_written(value)}" for name, value in params.items())


def _scalar(value: str) -> Scalar:
    """A number, true or false where it reads as one; else the words as they stand."""
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, str | int | float) else value


def _written(value: Scalar) -> str:
    """Words as they stand, quoted only where they would read back as something else."""
    if isinstance(value, str) and _scalar(value) == value:
        return value
    return json.dumps(value)
