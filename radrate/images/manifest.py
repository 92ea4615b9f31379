"""The manifest that comes with images: a CSV of what each file shows, and who made it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from django.utils.translation import gettext as _

from radrate.images.tables import Line, ManifestError, longest_end, path_in, read_table
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

COLUMNS = {
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
        return longest_end(name, self.rows)


def read_manifest(source: Path | bytes) -> Manifest:
    """A CSV with a header (see `tables.read_table`). Raises ManifestError."""
    table = read_table(source, COLUMNS)
    return Manifest(rows=dict(_rows(table.lines)), unknown_columns=table.unknown_columns)


def named_once(lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
    """Each line with the path of its file, which may be empty. Raises ManifestError."""
    seen: dict[str, int] = {}
    for line in lines:
        filename = path_in(line.told["filename"])
        if filename and filename in seen:
            place = {"line": line.number, "filename": filename, "first": seen[filename]}
            raise ManifestError(
                _("Line %(line)d of the manifest repeats %(filename)s of line %(first)d.") % place
            )
        seen[filename] = line.number
        yield line, filename


def _rows(lines: Iterable[Line]) -> Iterator[tuple[str, ManifestRow]]:
    for line, filename in named_once(lines):
        if not filename:
            raise ManifestError(
                _("Line %(line)d of the manifest names no file.") % {"line": line.number}
            )
        yield filename, row_of(line.told)


def row_of(told: Mapping[str, str]) -> ManifestRow:
    """What is told of one file, in the terms of DICOM."""
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
