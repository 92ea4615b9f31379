"""E-mail addresses from a pasted list. Pure but for the messages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

IN_BRACKETS = re.compile(r"<([^<>]*)>")
PARTS = re.compile(r"[,\s]+")
MOST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of the list. `problem` is empty if it can be written to."""

    line: int
    text: str
    problem: str = ""

    @property
    def email(self) -> str:
        """As it is kept: local parts that differ by case only are one person."""
        return self.text.lower()


def entries(pasted: str) -> list[Entry]:
    """What stands in the list, line by line: `a@b`, `Name <a@b>`, parted by line breaks, commas,
    semicolons or spaces. An address that comes again is left out."""
    found: dict[str, Entry] = {}
    for line, text in enumerate(pasted.splitlines(), start=1):
        for part in _parts(text):
            found.setdefault(part.lower(), Entry(line, part, _problem(part)))
    return list(found.values())


def _parts(line: str) -> Iterator[str]:
    for piece in line.split(";"):
        if bracketed := IN_BRACKETS.findall(piece):
            yield from (address.strip() for address in bracketed)
        else:
            yield from filter(None, PARTS.split(piece))


def _problem(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return _("is no e-mail address")
    return _("is too long") if len(address) > 254 else ""
