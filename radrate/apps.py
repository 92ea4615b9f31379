from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RadRateConfig(AppConfig):
    name = "radrate"
    verbose_name = _("RadRate")

    def ready(self) -> None:
        from radrate import celery  # noqa: F401  (tasks bind to this application)
