from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = _("Generation")

    def ready(self) -> None:
        from generation.archive.importer import ArchiveImporter
        from generation.checks import check_backends
        from generation.models import ARCHIVE
        from radrate.images.storing import IMPORTERS

        checks.register(check_backends)
        IMPORTERS[ARCHIVE] = ArchiveImporter
