"""The manifest of an archive: a CSV of every image that was asked for, made or not."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from generation.models import Campaign, State
from generation.planning import MOST_OUTPUTS
from generation.prompts import LONGEST, parse_params
from radrate.errors import DomainError
from radrate.images import manifest as images_manifest
from radrate.images.manifest import ManifestRow, named_once, row_of
from radrate.images.tables import Line, ManifestError, longest_end, path_in, read_table

Operation = Campaign.Operation

COLUMNS = images_manifest.COLUMNS | {
    "prompt": "prompt",
    "caption": "prompt",
    "negative_prompt": "negative_prompt",
    "revised_prompt": "revised_prompt",
    "model": "model",
    "model_name": "model",
    "checkpoint": "model",
    "backend": "provider",
    "provider": "provider",
    "seed": "seed",
    "operation": "operation",
    "source": "source",
    "mask": "mask",
    "age_group": "age_group",
    "parameters": "parameters",
    "params": "parameters",
    "created": "created",
    "created_at": "created",
    "outcome": "outcome",
    "state": "outcome",
    "status": "outcome",
    "reason": "reason",
    "reason_code": "reason_code",
    "categories": "categories",
    "row": "row",
    "index": "index",
}
OPERATIONS = {
    "": Operation.TEXT_TO_IMAGE,
    "text_to_image": Operation.TEXT_TO_IMAGE,
    "txt2img": Operation.TEXT_TO_IMAGE,
    "generation": Operation.TEXT_TO_IMAGE,
    "inpaint": Operation.INPAINT,
    "inpainting": Operation.INPAINT,
    "outpaint": Operation.OUTPAINT,
    "outpainting": Operation.OUTPAINT,
}
OUTCOMES = {
    "": State.SUCCEEDED,
    "made": State.SUCCEEDED,
    "succeeded": State.SUCCEEDED,
    "success": State.SUCCEEDED,
    "ok": State.SUCCEEDED,
    "refused": State.REFUSED,
    "blocked": State.REFUSED,
    "unsupported": State.UNSUPPORTED,
    "failed": State.FAILED,
    "error": State.FAILED,
}
AGE_GROUPS = {"adult": "adult", "child": "child"}
MADE = State("succeeded")
FROM_WORDS = Operation("text_to_image")
_LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where the manifest tells nothing; the prompt also for files without a line."""

    prompt: str = ""
    model: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One image that was asked for. `line` is its place in the manifest; 0 if it stands in none."""

    line: int
    filename: str
    outcome: State = MADE
    operation: Operation = FROM_WORDS
    prompt: str = ""
    model: str = ""
    licence: str = ""
    shows: ManifestRow = field(default_factory=ManifestRow)
    told: Mapping[str, str] = field(default_factory=dict)
    """Every known column as it came, by its meaning."""
    other: Mapping[str, str] = field(default_factory=dict)
    """Every unknown column as it came."""

    @property
    def attribution(self) -> str:
        return self.shows.attribution

    @property
    def source(self) -> str:
        return path_in(self.text("source"))

    @property
    def mask(self) -> str:
        return path_in(self.text("mask"))

    @property
    def age_group(self) -> str:
        return AGE_GROUPS.get(self.text("age_group").lower(), "")

    @property
    def categories(self) -> list[str]:
        return [word for part in self.text("categories").split(";") if (word := part.strip())]

    @property
    def seed(self) -> int | None:
        """None where none is told, or none that is a whole number of 64 bits."""
        return _whole(self.text("seed"))

    @property
    def place(self) -> tuple[int, int]:
        """Its place by the columns row and index."""
        return _whole(self.text("row")) or 0, _whole(self.text("index")) or 0

    @property
    def parameters(self) -> dict[str, Any]:
        return _parameters(self.text("parameters"))

    @property
    def digest(self) -> str:
        """SHA-256 of the line's cells as sorted JSON."""
        cells = json.dumps([self.told, self.other], sort_keys=True, default=dict)
        return hashlib.sha256(cells.encode()).hexdigest()

    def text(self, meaning: str) -> str:
        return self.told.get(meaning, "")


@dataclass(frozen=True, slots=True)
class ArchiveManifest:
    """Entries in the order of the columns row and index where told, else of the lines."""

    entries: list[Entry]
    defaults: Defaults
    unknown_columns: tuple[str, ...] = ()
    by_file: dict[str, Entry] = field(init=False)
    named: frozenset[str] = field(init=False)
    """Files that are named as a source or a mask."""

    def __post_init__(self) -> None:
        by_file = {entry.filename: entry for entry in self.entries if entry.filename}
        named = {path for entry in self.entries for path in (entry.source, entry.mask) if path}
        object.__setattr__(self, "by_file", by_file)
        object.__setattr__(self, "named", frozenset(named - by_file.keys()))

    def file_of(self, name: str) -> str:
        """The file of the manifest that `name` is, or an empty string."""
        return longest_end(name, self.by_file)

    def is_named(self, name: str) -> bool:
        return bool(longest_end(name, self.named))

    def unlisted(self, name: str) -> Entry:
        """A file that stands in no line, made of the default prompt."""
        given = self.defaults
        return Entry(0, name, prompt=given.prompt, model=given.model, licence=given.licence)

    def assigned(self, names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, Entry]:
        """Which of these paths is the file of which line. Of several that could be, the one
        nearest to the top is, unless another was `taken` for it before."""
        left = self.by_file.keys() - set(taken)
        found = {}
        for name in sorted(names, key=lambda name: (name.count("/"), name)):
            file = self.file_of(name)
            if file in left:
                left.remove(file)
                found[name] = self.by_file[file]
        return found


def read_archive(data: bytes | None, defaults: Defaults) -> ArchiveManifest:
    """Read a manifest; without one, every file is of the default prompt. Raises ManifestError."""
    if data is None:
        if not defaults.prompt:
            raise ManifestError(
                _("There is no manifest. Give one, or a prompt for all files of the archive.")
            )
        return ArchiveManifest([], defaults)
    if b"\0" in data:
        raise ManifestError(_("The manifest is not a text file in UTF-8 or Latin-1."))
    table = read_table(data, COLUMNS)
    _refuse_persons(table.columns)
    entries = [_entry(line, filename, defaults) for line, filename in named_once(table.lines)]
    if len(entries) > MOST_OUTPUTS:
        raise ManifestError(_("An archive holds at most %s images.") % MOST_OUTPUTS)
    entries.sort(key=lambda entry: entry.place)
    return ArchiveManifest(entries, defaults, table.unknown_columns)


def _refuse_persons(columns: Mapping[str, str]) -> None:
    """The manifest is kept as it came, so it must not name anybody."""
    for name, meaning in columns.items():
        if meaning == "subject":
            raise ManifestError(
                _("The manifest has a column “%s”. Generated images show nobody: leave it out.")
                % name
            )


def _entry(line: Line, filename: str, defaults: Defaults) -> Entry:
    told = line.told
    if not filename and not told.get("outcome"):
        raise ManifestError(
            _("Line %d of the manifest names neither a file nor an outcome.") % line.number
        )
    prompt = told.get("prompt") or defaults.prompt
    if len(prompt) > LONGEST:
        raise ManifestError(_("The prompt in line %d of the manifest is too long.") % line.number)
    if told.get("source") and not told.get("operation"):
        raise ManifestError(
            _("Line %d of the manifest names a source but no operation.") % line.number
        )
    return Entry(
        line=line.number,
        filename=filename,
        outcome=_one_of(OUTCOMES, told.get("outcome", ""), line),
        operation=_one_of(OPERATIONS, told.get("operation", ""), line),
        prompt=prompt,
        model=told.get("model") or defaults.model,
        licence=told.get("licence") or defaults.licence,
        shows=row_of(told),
        told=told,
        other=line.other,
    )


def _one_of(words: Mapping[str, Any], word: str, line: Line) -> Any:
    try:
        return words[word.lower().replace("-", "_").replace(" ", "_")]
    except KeyError:
        raise ManifestError(
            _("Line %(line)d of the manifest says “%(word)s”; known are: %(words)s.")
            % {"line": line.number, "word": word, "words": ", ".join(filter(None, words))}
        ) from None


def _whole(text: str) -> int | None:
    try:
        number = int(text)
    except ValueError:
        return None
    return number if abs(number) <= _LARGEST_SEED else None


def _parameters(text: str) -> dict[str, Any]:
    """A JSON object, or name=value, name=value; whatever is neither is kept as it stands."""
    for read in (json.loads, parse_params):
        try:
            params = read(text)
            if isinstance(params, dict) and _storable(params):
                return params
        except (ValueError, RecursionError, DomainError):
            continue
    return {"parameters": text} if text else {}


def _storable(params: dict[str, Any]) -> bool:
    """Whether Postgres takes it as JSON. Raises ValueError for NaN and for half a character."""
    written = json.dumps(params, allow_nan=False, ensure_ascii=False)
    written.encode()
    return "\\u0000" not in written
