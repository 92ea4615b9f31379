"""The manifest that comes with images: a CSV of what each file shows, and who made it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from radrate.errors import DomainError
from radrate.images.terms import normalise_body_part, normalise_laterality, normalise_view

__all__ = [
    "Manifest",
    "ManifestError",
    "ManifestRow",
    "normalise_body_part",
    "normalise_laterality",
    "normalise_view",
    "read_manifest",
]

_COLUMNS = {
    "filename": "filename",
    "file": "filename",
    "file_name": "filename",
    "body_part_examined": "body_part_examined",
    "body_part": "body_part_examined",
    "region": "body_part_examined",
    "view_position": "view_position",
    "view": "view_position",
    "projection": "view_position",
    "image_laterality": "image_laterality",
    "laterality": "image_laterality",
    "side": "image_laterality",
    "finding": "finding",
    "licence": "licence",
    "license": "licence",
    "attribution": "attribution",
    "subject": "subject",
    "subject_id": "subject",
    "patient_id": "subject",
}
_ONE_HIP_OR_BOTH = {"PELVISHIP", "HIPPELVIS"}
_DELIMITERS = ",;\t"


class ManifestError(DomainError):
    """The manifest cannot be used. The message names the line."""


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """What is known of one file; an empty string is "not told"."""

    body_part_examined: str = ""
    view_position: str = ""
    image_laterality: str = ""
    finding: str = ""
    licence: str = ""
    attribution: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    rows: Mapping[str, ManifestRow] = field(default_factory=dict)
    unknown_columns: tuple[str, ...] = ()

    def row(self, name: str) -> ManifestRow:
        """The row of a file by its path as imported, else by ever shorter ends of that path."""
        return self.rows.get(self.key(name), ManifestRow())

    def key(self, name: str) -> str:
        """The file name in the manifest that stands for `name`, or an empty string."""
        parts = PurePosixPath(name).parts
        ends = ("/".join(parts[start:]) for start in range(len(parts)))
        return next((end for end in ends if end in self.rows), "")


def read_manifest(source: Path | bytes) -> Manifest:
    """A CSV with a header; commas, semicolons or tabs; UTF-8 (with or without mark) or Latin-1.

    Raises ManifestError.
    """
    text = _text(source)
    header = text.partition("\n")[0]
    if not header.strip():
        raise ManifestError(_("The manifest is empty: its first line must name the columns."))
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns = _known_columns(reader.fieldnames or [])
        rows = dict(_rows(reader, columns))
    except csv.Error as error:
        raise ManifestError(
            _("Line %(line)d of the manifest is not valid CSV: %(error)s.")
            % {"line": reader.reader.line_num, "error": error}
        ) from error
    unknown = [name for name in reader.fieldnames or [] if name and name not in columns]
    return Manifest(rows=rows, unknown_columns=tuple(unknown))


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


def _known_columns(header: Iterable[str]) -> dict[str, str]:
    """Columns of the file to fields of ManifestRow or `filename`. The first of synonyms counts."""
    columns: dict[str, str] = {}
    for name in header:
        meaning = _COLUMNS.get(re.sub(r"[\s-]+", "_", name.strip().lower()))
        if meaning and meaning not in columns.values():
            columns[name] = meaning
    if "filename" not in columns.values():
        raise ManifestError(_("Line 1 of the manifest names no column “filename”."))
    return columns


def _rows(
    reader: "csv.DictReader[str]", columns: Mapping[str, str]
) -> Iterator[tuple[str, ManifestRow]]:
    seen: dict[str, int] = {}
    for record in reader:
        told = {meaning: (record[name] or "").strip() for name, meaning in columns.items()}
        filename = told.pop("filename").replace("\\", "/").removeprefix("./")
        if not filename and not any(told.values()):
            continue
        place = {"line": reader.line_num, "filename": filename, "first": seen.get(filename)}
        if not filename:
            raise ManifestError(_("Line %(line)d of the manifest names no file.") % place)
        if filename in seen:
            raise ManifestError(
                _("Line %(line)d of the manifest repeats %(filename)s of line %(first)d.") % place
            )
        seen[filename] = reader.line_num
        yield filename, _row(told)


def _row(told: dict[str, str]) -> ManifestRow:
    kept = {f.name: told.get(f.name, "") for f in fields(ManifestRow)}
    region = kept["body_part_examined"]
    kept["image_laterality"] = normalise_laterality(kept["image_laterality"])
    kept["view_position"] = normalise_view(kept["view_position"])
    kept["body_part_examined"] = normalise_body_part(region)
    letters = re.sub(r"[^A-Z]", "", region.upper())
    if letters in _ONE_HIP_OR_BOTH and kept["image_laterality"] != "B":
        kept["body_part_examined"] = "HIP"
    if kept["finding"].lower() == "normal":
        kept["finding"] = "normal"
    return ManifestRow(**kept)
