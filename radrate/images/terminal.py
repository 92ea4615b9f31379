"""Imports in a terminal: a bar, and a line for each file that is not taken."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from radrate.images import importing
from radrate.images.decoding import Rejected


@contextmanager
def told_on(stream: IO[str] | None) -> Iterator[importing.Progress]:
    """What an import calls for each of its files; stderr where no stream is given."""
    console = Console(file=stream or sys.stderr, soft_wrap=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(_("Importing"), total=None)

        def progress(total: int, rejected: Rejected | None) -> None:
            bar.update(task, total=total, advance=1)
            if rejected:
                console.print(escape(f"{rejected.name}: {rejected.message}"))

        yield progress
