"""Nothing waits in Redis: what is to be tried later stands in Postgres as `next_attempt_at`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.servers import ROOT

WORDS = {"countdown", "eta", "autoretry_for", "retry_backoff", "retry_kwargs", "max_retries"}
FILES = sorted(path for room in ("radrate", "generation") for path in (ROOT / room).rglob("*.py"))


def delays(source: str) -> Iterator[str]:
    """What in a module has Celery wait or retry."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        yield from (word.arg for word in node.keywords if word.arg in WORDS and _of_task(node))
        if isinstance(node.func, ast.Attribute) and node.func.attr in (
            "retry",
            "add_periodic_task",
        ):
            yield node.func.attr


def _of_task(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name in ("apply_async", "signature", "shared_task", "task", "send_task", "s", "si")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_task_is_delayed_or_retried_by_celery(path: Path) -> None:
    assert list(delays(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "run.apply_async([1], countdown=5)",
        "run.apply_async([1], eta=later)",
        "self.retry(exc=error)",
        "@shared_task(autoretry_for=(OSError,))\ndef run(): ...",
        "run.signature([1], countdown=5)",
    ],
)
def test_the_search_finds_what_it_is_for(line: str) -> None:
    assert list(delays(line))


def test_the_search_reads_every_module_with_tasks() -> None:
    names = {str(path.relative_to(ROOT)) for path in FILES}
    assert {"generation/tasks.py", "radrate/images/tasks.py", "radrate/studies/tasks.py"} <= names
