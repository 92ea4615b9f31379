"""Import radiographs from a path, with a line for each file that is not taken."""

import shlex
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.accounts.queries import manager_called
from radrate.errors import DomainError
from radrate.images.importing import ImportInterrupted, import_batch, resume_batch
from radrate.images.models import Batch
from radrate.images.queries import waiting_in
from radrate.images.terminal import told_on


class Command(BaseCommand):
    help = "Import PNG, JPEG and DICOM radiographs from a folder, a zip archive or a single file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="folder, zip archive or file")
        parser.add_argument(
            "--manifest",
            type=Path,
            help="CSV that describes the files (default: manifest.csv there)",
        )
        parser.add_argument(
            "--reviewed",
            action="store_true",
            help="you have looked at every image: no identity of a person can be read in it",
        )
        parser.add_argument(
            "--title", default="", help="name of the import (default: path and date)"
        )
        parser.add_argument("--user", help="user name of the manager who imports")
        parser.add_argument("--resume", type=UUID, metavar="BATCH", help="go on with this import")

    def handle(self, *, path: Path, **options: Any) -> None:
        try:
            batch = self._import(path, options)
        except ImportInterrupted as error:
            again = shlex.join(["manage.py", "import_radiographs", str(path), *_repeated(options)])
            raise CommandError(
                _("%(error)s Go on with: %(command)s --resume %(batch)s")
                % {"error": error, "command": again, "batch": error.batch.pk}
            ) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self._summarise(batch)
        if not batch.made:
            sys.exit(1)

    def _import(self, path: Path, options: dict[str, Any]) -> Batch:
        with told_on(options.get("stderr")) as progress:
            common = {
                "actor": manager_called(options["user"]),
                "source": path,
                "manifest": options["manifest"],
                "progress": progress,
            }
            if options["resume"]:
                return resume_batch(batch=_batch(options["resume"]), **common)
            title = options["title"] or f"{path.resolve().name} {timezone.localdate()}"
            return import_batch(title=title, reviewed=options["reviewed"], **common)

    def _summarise(self, batch: Batch) -> None:
        counts = {
            "made": batch.made,
            "failed": batch.failed,
            "waiting": waiting_in(batch),
            "batch": batch.pk,
        }
        self.stdout.write(_("Stored %(made)d, rejected %(failed)d. Import %(batch)s.") % counts)
        if counts["waiting"]:
            self.stdout.write(_("%(waiting)d wait in the review queue.") % counts)
        if batch.state == Batch.State.CANCELLED:
            self.stdout.write(_("The import was cancelled before its end."))
        if unknown := batch.manifest.get("unknown_columns"):
            self.stdout.write(
                _("Columns of the manifest that were not used: %(columns)s.")
                % {"columns": ", ".join(unknown)}
            )


def _repeated(options: dict[str, Any]) -> list[str]:
    """The options that a resumed import needs again."""
    return ["--manifest", str(options["manifest"])] if options["manifest"] else []


def _batch(pk: UUID) -> Batch:
    batch = Batch.objects.filter(pk=pk, kind=Batch.Kind.IMPORT).first()
    if batch is None:
        raise CommandError(_("There is no import %(batch)s.") % {"batch": pk})
    return batch
