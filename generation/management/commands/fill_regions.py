"""Note where outputs were changed that were stored before this was noted."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress

from generation.models import Output
from generation.regions import region_of_stored
from radrate.images.models import Radiograph
from radrate.images.regions import store_region


class Command(BaseCommand):
    help = _(
        "Note where stored edits and defective phantoms were changed, so that readers can be asked "
        "to find the place. May be ended and run again."
    )

    def handle(self, **_options: Any) -> None:
        waiting = Output.objects.filter(radiograph__isnull=False, radiograph__edited_region="")
        found = 0
        with Progress(console=Console(stderr=True)) as bar:
            for output in bar.track(
                waiting.select_related("radiograph").order_by("pk").iterator(200),
                total=waiting.count(),
                description=_("Regions"),
            ):
                told = store_region(region_of_stored(output))
                if told["edited_region"]:
                    image = Radiograph.objects.filter(pk=output.radiograph_id)
                    found += image.update(**told)
        self.stdout.write(_("Images whose changed region is known now: %d") % found)
