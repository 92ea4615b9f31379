"""Write the figure sheets of a campaign to files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from generation import figures
from generation.models import Campaign


class Command(BaseCommand):
    help = _("Write a campaign's figure sheets: one PDF of all, and a PNG of each.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help=_("identifier or title of the campaign"))
        parser.add_argument("--folder", type=Path, default=Path(), help=_("where to write them"))

    def handle(self, **options: Any) -> None:
        campaign, folder = _campaign(options["campaign"]), options["folder"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._write(folder / f"figures-{campaign.pk}.pdf", figures.all_sheets_pdf(campaign))
            for number in range(1, figures.sheets(campaign) + 1):
                name = f"figures-{campaign.pk}-{number}.png"
                self._write(folder / name, figures.sheet_png(campaign, number))
        except OSError as error:
            raise CommandError(str(error)) from error

    def _write(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)
        self.stdout.write(str(path))


def _campaign(name: str) -> Campaign:
    try:
        found = list(Campaign.objects.filter(pk=UUID(name)))
    except ValueError:
        found = list(Campaign.objects.filter(title=name)[:2])
    if len(found) != 1:
        raise CommandError(
            _("There is no campaign “%s”.") % name
            if not found
            else _("Several campaigns are called “%s”; give the identifier.") % name
        )
    return found[0]
