"""manage.py demo: everything that RadRate is, on this machine, until Ctrl-C.

A sequence of commands called by name, beside the processes that docker-compose.yml also runs.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console

from radrate.embedded.runner import ProcessFailed, Runner, port_is_free
from radrate.management.passwords import demo_password

READERS = ("reader1", "reader2", "reader3")
REAL = "Demo: regions"
FIRST_SEED = 100  # of the campaigns beside films; the presets of phantoms have 1 and 2
REFERENCES = "Demo: intact phantoms"
DEFECTS = "Demo: phantoms with defects"


class Steps:
    """Steps that were finished, kept in var/demo.json so that the next start skips them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: list[str] = json.loads(path.read_text()) if path.exists() else []

    def once(self, name: str, step: Callable[[], None]) -> None:
        if name in self.done:
            return
        step()
        self.done.append(name)
        self.path.write_text(json.dumps(self.done))


class Command(BaseCommand):
    help = "Run RadRate here with example data: servers, worker, beat and web, until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.console = Console(stderr=True)
        self.port = int(os.environ.get("PORT") or 8000)
        self.radiographs = os.environ.get("RADIOGRAPHS") or ""
        self._check()
        self.steps = Steps(settings.VAR / "demo.json")
        with self.console.status(_("Preparing the database and the static files")):
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
        password = self._accounts()
        try:
            with Runner(port=self.port, var=settings.VAR) as runner:
                self._study_of_films() if self.radiographs else self._study_of_phantoms()
                with self.console.status(_("Waiting for the web server and the worker")):
                    runner.wait_until_healthy(self.port)
                self._announce(password)
                runner.wait()
        except (KeyboardInterrupt, SystemExit):
            self.console.print(_("Ended. The data stay; the next start is quick."))
        except (ProcessFailed, TimeoutError) as error:
            raise CommandError(str(error)) from error

    def _check(self) -> None:
        if not port_is_free(self.port):
            raise CommandError(
                _("Port %(port)s is taken. Choose another: make demo PORT=8001")
                % {"port": self.port}
            )
        if self.radiographs and not Path(self.radiographs).exists():
            raise CommandError(
                _("RADIOGRAPHS names %(path)s, which does not exist.") % {"path": self.radiographs}
            )

    def _accounts(self) -> str:
        """Make the accounts; returns the password where it has to be told, else an empty string."""
        password = demo_password(first="accounts" not in self.steps.done)
        if password:
            os.environ["USERS_PASSWORD"] = password
            call_command("create_users", "manager", manager=True)
            call_command("create_users", *READERS)
            del os.environ["USERS_PASSWORD"]
        self.steps.once("accounts", lambda: None)
        return password

    def _study_of_films(self) -> None:
        """One import, campaign and study a folder, each campaign with seeds of its own."""
        folder = str(Path(self.radiographs).resolve())
        self.steps.once(f"import {folder}", lambda: self._import(folder))
        folders = [step for step in self.steps.done if step.startswith("import ")]
        number = folders.index(f"import {folder}") + 1
        title = f"{REAL} {number}"
        self.steps.once(
            f"campaign {folder}",
            lambda: self._campaign("demo-regions", title, seed=FIRST_SEED + number),
        )
        self.steps.once(
            f"study {folder}",
            lambda: self._study("Demo: which is real?", title, task="which_real"),
        )

    def _study_of_phantoms(self) -> None:
        self.steps.once(
            "campaign references", lambda: self._campaign("phantom-references", REFERENCES)
        )
        self.steps.once("campaign defects", lambda: self._campaign("phantom-defects", DEFECTS))
        self.steps.once(
            "study phantoms",
            lambda: self._study("Demo: which is intact?", DEFECTS, task="which_intact"),
        )

    def _import(self, folder: str) -> None:
        with suppress(SystemExit):  # nothing new: an earlier start got this far
            call_command("import_radiographs", folder, reviewed=True, user="manager")

    def _campaign(self, preset: str, title: str, **options: int) -> None:
        call_command("run_campaign", preset, title=title, **options)

    def _study(self, name: str, campaign: str, *, task: str) -> None:
        call_command(
            "create_study",
            name,
            campaign=campaign,
            manager="manager",
            reader=list(READERS),
            task=task,
            open=True,
        )

    def _announce(self, password: str) -> None:
        lines = [
            "",
            _("RadRate is ready: http://127.0.0.1:%(port)s/accounts/login/") % {"port": self.port},
            _("Accounts: manager, reader1, reader2, reader3"),
            _("Password: %(password)s (shown only now)") % {"password": password}
            if password
            else _("Password: as shown at the first start, or set one with DEMO_PASSWORD"),
            _("Ctrl-C ends everything; the data stay. make demo-reset wipes them."),
            "",
        ]
        for line in lines:
            self.console.print(line, markup=False, highlight=False)
