"""Import images made elsewhere as a finished campaign, with a line for each file not taken."""

import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from generation import queries as campaigns
from generation.archive import queries
from generation.archive.manifest import Defaults
from generation.archive.services import AlreadyImported, import_archive, resume_archive
from generation.management.commands.run_campaign import summary
from generation.models import Campaign
from radrate.accounts.queries import manager_called
from radrate.errors import DomainError
from radrate.images.importing import ImportInterrupted
from radrate.images.models import Batch
from radrate.images.queries import waiting_in
from radrate.images.terminal import told_on


class Command(BaseCommand):
    help = "Import images made elsewhere, with a manifest of their prompts, as a campaign."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="folder, zip archive or file")
        parser.add_argument(
            "--manifest",
            type=Path,
            help="CSV that tells how each image was made (default: manifest.csv there)",
        )
        parser.add_argument(
            "--title", default="", help="name of the campaign (default: path and date)"
        )
        parser.add_argument(
            "--prompt", default="", help="where none is told; also of files not in the manifest"
        )
        parser.add_argument("--model", default="", help="where none is told")
        parser.add_argument("--licence", default="", help="where none is told")
        parser.add_argument(
            "--reviewed",
            action="store_true",
            help="you have looked at every image: no identity of a person can be read in it",
        )
        parser.add_argument(
            "--again", action="store_true", help="even if this archive was imported before"
        )
        parser.add_argument("--user", help="user name of the manager who imports")
        parser.add_argument("--resume", type=UUID, metavar="BATCH", help="go on with this import")

    def handle(self, *, path: Path, **options: Any) -> None:
        try:
            batch = self._import(path, options)
        except AlreadyImported as error:
            raise CommandError(_("%s --again imports it once more.") % error) from error
        except ImportInterrupted as error:
            again = shlex.join(["manage.py", "import_archive", str(path)])
            raise CommandError(
                _("%(error)s Go on with: %(command)s --resume %(batch)s")
                % {"error": error, "command": again, "batch": error.batch.pk}
            ) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self._summarise(batch)

    def _import(self, path: Path, options: dict[str, Any]) -> Batch:
        actor = manager_called(options["user"])
        with told_on(options.get("stderr")) as progress:
            if options["resume"]:
                batch = Batch.objects.filter(pk=options["resume"]).first()
                if batch is None:
                    raise DomainError(_("There is no import %s.") % options["resume"])
                return resume_archive(actor=actor, batch=batch, source=path, progress=progress)
            return import_archive(
                actor=actor,
                title=options["title"] or f"{path.resolve().name} {timezone.localdate()}",
                source=path,
                manifest=options["manifest"],
                defaults=Defaults(options["prompt"], options["model"], options["licence"]),
                reviewed=options["reviewed"],
                again=options["again"],
                progress=progress,
            )

    def _summarise(self, batch: Batch) -> None:
        if batch.state == Batch.State.CANCELLED:
            raise CommandError(_("The import was cancelled before its end."))
        made = list(queries.campaigns_of(batch))
        if not made:
            raise CommandError(_("Nothing of this archive is an image that was asked for."))
        for rejection in batch.rejections.filter(code="no_file"):
            self.stderr.write(str(rejection))
        for campaign in made:
            self._tell(campaign)

    def _tell(self, campaign: Campaign) -> None:
        for image in queries.noticed(campaign):
            for note in image.provenance["warnings"]:
                self.stdout.write(f"{image.source_name}: {note}")
        self.stdout.write(
            _("%(title)s: %(summary)s. Campaign %(id)s.")
            % {
                "title": campaign.title,
                "summary": summary(campaigns.count(campaign)),
                "id": campaign.pk,
            }
        )
        if waiting := waiting_in(campaign.batch):
            self.stdout.write(_("%(waiting)d wait in the review queue.") % {"waiting": waiting})
