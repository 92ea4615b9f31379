"""manage.py experiments: the five experiments of Adams et al. 2023 on this machine's backends.

A sequence of commands called by name, as the demo is: films are imported, each preset runs on each
backend through a real worker, and the figure sheets are written.
"""

import os
import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console

from radrate.embedded.runner import ProcessFailed, Runner, port_is_free

PRESETS = (
    "adams2023-text-to-image",
    "adams2023-modalities",
    "adams2023-inpainting",
    "adams2023-outpainting",
    "adams2023-pathology",
)
BACKENDS = ("phantom", "exemplar")


class Command(BaseCommand):
    help = "Run every experiment of the paper on films of your own and write the figure sheets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("radiographs", type=Path, help=_("folder or zip of radiographs"))
        parser.add_argument("--backend", action="append", help=_("alias; may be repeated"))
        parser.add_argument("--folder", type=Path, help=_("where to write the figure sheets"))

    def handle(self, **options: Any) -> None:
        port = int(os.environ.get("PORT") or 8000)
        if not port_is_free(port):
            raise CommandError(_("Port %s is taken; set another PORT.") % port)
        folder = options["folder"] or settings.VAR / "experiments"
        console = Console(stderr=True)
        with console.status(_("Preparing the database and the static files")):
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
        started = time.monotonic()
        try:
            with Runner(port=port, var=settings.VAR):
                with suppress(SystemExit):  # nothing new: an earlier run imported them
                    call_command("import_radiographs", str(options["radiographs"]), reviewed=True)
                for backend in options["backend"] or BACKENDS:
                    for preset in PRESETS:
                        self._run(preset, backend, folder)
        except (KeyboardInterrupt, SystemExit):
            raise CommandError(_("Ended; what was made stays.")) from None
        except ProcessFailed as error:
            raise CommandError(str(error)) from error
        minutes = (time.monotonic() - started) / 60
        self.stdout.write(_("All in %(minutes).1f min.") % {"minutes": minutes})

    def _run(self, preset: str, backend: str, folder: Path) -> None:
        title = f"{preset} on {backend}, {time.strftime('%Y-%m-%d %H:%M:%S')}"
        try:
            call_command("run_campaign", preset, backend=backend, title=title)
        except CommandError as error:  # images that failed are part of the result
            self.stdout.write(str(error))
        call_command("figure_sheet", title, folder=folder)
