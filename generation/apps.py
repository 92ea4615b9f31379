from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = _("Generation")

    def ready(self) -> None:
        from generation.checks import check_backends

        checks.register(check_backends)
