"""What of the source is to be translated, and what a catalogue says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
LITERAL = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CONSTANT = re.compile(rf"\b_\(\s*{LITERAL}")
CALL = re.compile(rf"\b(n|p)?gettext\(\s*u?{LITERAL}(?:\s*,\s*u?{LITERAL})?")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd](?!\w)")


def messages() -> set[str]:
    """Every message of the Python files and of the templates, plural forms included."""
    found = set()
    for room in ("radrate", "generation"):
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= set(_of_python(path.read_text()))
    for path in (ROOT / "templates").rglob("*.*"):
        found |= set(_of_template(path.read_text()))
    return found


def _of_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        strings = [text for text in texts if isinstance(text, str)]
        if node.func.id in SINGULAR:
            yield from strings[:1]
        elif node.func.id in PLURAL:
            yield from strings[:2]
        elif node.func.id in CONTEXT:
            yield from strings[1:2]


def _of_template(source: str) -> Iterator[str]:
    found = templatize(source)
    yield from map(ast.literal_eval, CONSTANT.findall(found))
    for kind, first, second in CALL.findall(found):
        if kind != "p":
            yield ast.literal_eval(first)
        if kind and second:
            yield ast.literal_eval(second)


def read_po(path: Path) -> list[tuple[list[str], list[str]]]:
    """Of each entry its messages, two where there is a plural form, and their translations."""
    entries = []
    for block in path.read_text().split("\n\n"):
        parts: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                name, line = line.split(" ", 1)  # noqa: PLW2901
            parts[name] = parts.get(name, "") + ast.literal_eval(line)
        words = [text for key, text in parts.items() if key.startswith("msgstr")]
        said = [parts[key] for key in ("msgid", "msgid_plural") if parts.get(key)]
        if said:
            entries.append((said, words))
    return entries


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
