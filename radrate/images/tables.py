"""Tables that people send with images: CSV with a header, whatever their spreadsheet made of it."""

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from radrate.errors import DomainError

_DELIMITERS = ",;\t"


class ManifestError(DomainError):
    """The manifest cannot be used. The message names the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: what it tells by meaning, and the cells of unknown columns."""

    number: int
    told: dict[str, str]
    other: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    lines: list[Line]
    columns: Mapping[str, str]
    """Those of a known meaning, with it."""
    unknown_columns: tuple[str, ...]


def read_table(source: Path | bytes, meanings: Mapping[str, str]) -> Table:
    """A CSV with a header; commas, semicolons or tabs; UTF-8 (with or without mark) or Latin-1.

    `meanings` are of columns in lower case with `_`; the first of synonyms counts. Raises
    ManifestError.
    """
    text = _text(source)
    header = text.partition("\n")[0]
    if not header.strip():
        raise ManifestError(_("The manifest is empty: its first line must name the columns."))
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names = [name for name in reader.fieldnames or [] if name]
        columns = _known(names, meanings)
        unknown = tuple(name for name in names if name not in columns)
        lines = list(_lines(reader, columns, unknown))
    except csv.Error as error:
        raise ManifestError(
            _("Line %(line)d of the manifest is not valid CSV: %(error)s.")
            % {"line": reader.reader.line_num, "error": error}
        ) from error
    return Table(lines, columns, unknown)


def path_in(cell: str) -> str:
    """A path as a person wrote it, with / between its parts."""
    return cell.replace("\\", "/").removeprefix("./")


def longest_end(name: str, known: Container[str]) -> str:
    """The path `name` itself, else the longest end of it that is known, else an empty string."""
    parts = PurePosixPath(name).parts
    ends = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((end for end in ends if end in known), "")


def _text(source: Path | bytes) -> str:
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise ManifestError(
            _("The manifest %(path)s cannot be read: %(reason)s.")
            % {"path": source, "reason": error.strerror}
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _known(header: Iterable[str], meanings: Mapping[str, str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for name in header:
        meaning = meanings.get(re.sub(r"[\s-]+", "_", name.strip().lower()))
        if meaning and meaning not in columns.values():
            columns[name] = meaning
    if "filename" not in columns.values():
        raise ManifestError(_("Line 1 of the manifest names no column “filename”."))
    return columns


def _lines(
    reader: "csv.DictReader[str]", columns: Mapping[str, str], unknown: Iterable[str]
) -> Iterator[Line]:
    for record in reader:
        told = {meaning: (record[name] or "").strip() for name, meaning in columns.items()}
        if any(told.values()):
            other = {name: (record[name] or "").strip() for name in unknown}
            yield Line(reader.line_num, told, other)
