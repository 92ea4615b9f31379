"""Campaigns as data files: generation/presets/NAME.json.

    {title, description, backend, width, height, n, seed, prompts: [{prompt, params}]}

Instead of `prompts` a file may have a `template` with {names} and `variables`, a list of words for
each name: every combination is one prompt. A file of edits has an `operation` and `targets`, lines
as in targets.py; {region} in its prompts is what the source shows. It may have `parameters` of the
backend, a `negative_prompt` and a `content_filter`.
"""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from generation.backends.base import Operation
from generation.filters import list_filters
from generation.prompts import Prompt
from generation.targets import Target, parse_target
from radrate.errors import DomainError

FOLDER = Path(__file__).resolve().parent / "presets"

WORDS = ("title", "description", "backend")
NUMBERS = ("width", "height", "n", "seed")
PROMPTS = ("prompts", "template", "variables")
OPTIONAL = ("operation", "targets", "parameters", "negative_prompt", "content_filter")


class BadPreset(DomainError):
    """A preset that does not exist or is not written as it should be."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A campaign to start from. Sides are in pixels, `n` is the number of images a prompt."""

    name: str
    title: str
    description: str
    backend: str
    width: int
    height: int
    n: int
    seed: int
    prompts: tuple[Prompt, ...]
    operation: Operation = Operation.TEXT_TO_IMAGE
    targets: tuple[Target, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    negative_prompt: str = ""
    content_filter: str = ""

    @property
    def rows(self) -> int:
        """Prompts × targets, if each target finds its sources."""
        edits = sum(target.count for target in self.targets) if self.targets else 1
        return len(self.prompts) * edits

    @property
    def images(self) -> int:
        return self.n * self.rows


def list_presets(folder: Path = FOLDER) -> list[Preset]:
    """All presets by name. Raises BadPreset."""
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def load_preset(name: str, folder: Path = FOLDER) -> Preset:
    """One preset. Raises BadPreset with the names that exist."""
    paths = {path.stem: path for path in sorted(folder.glob("*.json"))}
    if name not in paths:
        raise BadPreset(
            _("There is no preset “%(name)s”. There are: %(names)s.")
            % {"name": name, "names": ", ".join(paths)}
        )
    return _read(paths[name])


def _read(path: Path) -> Preset:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadPreset(_("%(file)s is not JSON: %(error)s") % _about(path, error)) from error
    try:
        return parse_preset(path.stem, data)
    except BadPreset as error:
        raise BadPreset(_("%(file)s: %(error)s") % _about(path, error)) from error


def _about(path: Path, error: Exception) -> dict[str, str]:
    return {"file": path.name, "error": str(error)}


def parse_preset(name: str, data: Any) -> Preset:
    """Check the content of a file. Raises BadPreset in words that name the field."""
    if not isinstance(data, dict):
        raise BadPreset(_("a preset is an object with fields"))
    unknown = set(data) - {*WORDS, *NUMBERS, *PROMPTS, *OPTIONAL}
    if unknown:
        raise BadPreset(_("unknown: %s") % ", ".join(sorted(unknown)))
    for key in WORDS:
        if not isinstance(data.get(key), str) or not data[key].strip():
            raise BadPreset(_("“%s” must be words") % key)
    for key in NUMBERS:
        if type(data.get(key)) is not int or data[key] < (key != "seed"):
            raise BadPreset(_("“%s” must be a whole number, not below 1 (seed: 0)") % key)
    prompts = tuple(_listed(data) if "prompts" in data else _expanded(data))
    if not prompts:
        raise BadPreset(_("there is no prompt"))
    fields = {key: data[key] for key in (*WORDS, *NUMBERS)}
    return Preset(name=name, prompts=prompts, **fields, **_options(data))


def _options(data: Mapping[str, Any]) -> dict[str, Any]:
    """The optional fields. Raises BadPreset."""
    operation, lines = data.get("operation", "text_to_image"), data.get("targets", [])
    if operation not in [*Operation]:
        raise BadPreset(_("“operation” must be one of: %s") % ", ".join(Operation))
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise BadPreset(_("“targets” must be a list of lines"))
    if bool(lines) != (operation != Operation.TEXT_TO_IMAGE):
        raise BadPreset(_("an edit has “targets”, text to image has none"))
    content_filter = data.get("content_filter", "")
    if content_filter and content_filter not in [known.name for known in list_filters()]:
        raise BadPreset(_("there is no content filter “%s”") % content_filter)
    if not isinstance(data.get("parameters", {}), dict):
        raise BadPreset(_("“parameters” must be an object"))
    try:
        targets = tuple(parse_target(line) for line in lines)
    except DomainError as error:
        raise BadPreset(str(error)) from error
    return {
        "operation": Operation(operation),
        "targets": targets,
        "parameters": data.get("parameters", {}),
        "negative_prompt": str(data.get("negative_prompt", "")),
        "content_filter": content_filter,
    }


def _listed(data: Mapping[str, Any]) -> list[Prompt]:
    if not isinstance(data["prompts"], list):
        raise BadPreset(_("“prompts” must be a list"))
    return [_prompt(entry) for entry in data["prompts"]]


def _prompt(entry: Any) -> Prompt:
    if not isinstance(entry, dict) or set(entry) - {"prompt", "params"}:
        raise BadPreset(_("each of “prompts” has a “prompt” and may have “params”"))
    words, params = entry.get("prompt"), entry.get("params", {})
    if not isinstance(words, str) or not words.strip():
        raise BadPreset(_("a “prompt” must be words"))
    if not isinstance(params, dict) or not all(
        isinstance(value, str | int | float) for value in params.values()
    ):
        raise BadPreset(_("the parameters of “%s” must be words or numbers") % words)
    return Prompt(words, params)


def _expanded(data: Mapping[str, Any]) -> list[Prompt]:
    template, variables = data.get("template", ""), data.get("variables", {})
    names = {name for _text, name, _spec, _conversion in string.Formatter().parse(template) if name}
    if data.get("targets") and not variables:
        return [Prompt(template)]
    if not names or not isinstance(variables, dict) or names != set(variables):
        raise BadPreset(_("“variables” must have the names in the braces of “template”"))
    if not all(isinstance(words, list) for words in variables.values()):
        raise BadPreset(_("each of “variables” must be a list of words"))
    return [
        Prompt(template.format_map(dict(zip(variables, words, strict=True))))
        for words in product(*variables.values())
    ]
