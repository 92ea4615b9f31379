"""Plan and start a campaign from a preset, and watch it until it ends."""

import time
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from generation import queries
from generation.models import Campaign
from generation.planning import plan_campaign
from generation.presets import Preset, list_presets, load_preset
from generation.services import start_campaign
from radrate.errors import DomainError

POLL_S = 0.5
PATIENCE_S = 30
INTERRUPTED = 130  # as a shell reports SIGINT
ENDED = (Campaign.State.FINISHED, Campaign.State.CANCELLED)


class Command(BaseCommand):
    help = _(
        "Plan and start a campaign from a preset, and wait until it ends. A worker does the work: "
        "Ctrl-C ends the waiting, not the campaign. The exit code is 1 if an image failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("preset", nargs="?", help=_("name of a preset; --list shows them"))
        parser.add_argument("--list", action="store_true", help=_("list the presets and end"))
        parser.add_argument("--backend", help=_("alias in IMAGE_BACKENDS"))
        parser.add_argument("--n", type=int, help=_("images a prompt"))
        parser.add_argument("--seed", type=int, help=_("seed of the campaign"))
        parser.add_argument("--size", type=int, help=_("width and height in px"))
        parser.add_argument("--title", help=_("title of the campaign"))
        parser.add_argument("--budget", type=Decimal, help=_("pause before this is passed"))
        parser.add_argument("--no-wait", action="store_true", help=_("start it and end at once"))

    def handle(self, **options: Any) -> None:
        try:
            if options["list"]:
                self._list()
                return
            if not options["preset"]:
                raise CommandError(_("Name a preset; --list shows them."))
            campaign = self._start(load_preset(options["preset"]), options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if not options["no_wait"]:
            self._watch(campaign)

    def _list(self) -> None:
        for preset in list_presets():
            images = _("%(images)s images, %(backend)s") % {
                "images": preset.images,
                "backend": preset.backend,
            }
            self.stdout.write(f"{preset.name}: {preset.title} ({images})")

    def _start(self, preset: Preset, options: dict[str, Any]) -> Campaign:
        def given(name: str, default: Any) -> Any:
            return default if options[name] is None else options[name]

        campaign = plan_campaign(
            actor=None,
            title=given("title", preset.title),
            preset=preset.name,
            backend=given("backend", preset.backend),
            operation=preset.operation,
            prompts=preset.prompts,
            targets=preset.targets,
            n=given("n", preset.n),
            width=given("size", preset.width),
            height=given("size", preset.height),
            seed=given("seed", preset.seed),
            negative_prompt=preset.negative_prompt,
            parameters=preset.parameters,
            content_filter=preset.content_filter,
            budget=options["budget"],
        )
        for row in campaign.left_out:
            self.stdout.write("{target}: {reason}".format(**row))
        start_campaign(actor=None, campaign=campaign)
        self.stdout.write(
            _("%(title)s: %(requested)s images, campaign %(id)s")
            % {
                "title": campaign.title,
                "requested": campaign.batch.requested,
                "id": campaign.pk,
            }
        )
        return campaign

    def _watch(self, campaign: Campaign) -> None:
        try:
            self._wait(campaign)
        except KeyboardInterrupt:
            self.stdout.write(
                _("It goes on without this terminal; follow it at /campaigns/%s/") % campaign.pk
            )
            raise SystemExit(INTERRUPTED) from None
        counted = queries.count(campaign)
        self.stdout.write(summary(counted))
        if counted.failed:
            raise CommandError(_("%s images failed.") % counted.failed)

    def _wait(self, campaign: Campaign) -> None:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=Console(file=self.stdout._out),
        ) as progress:
            task = progress.add_task(
                campaign.title, total=campaign.batch.requested, note=_("waits for a worker")
            )
            since = time.monotonic()
            while True:
                campaign.refresh_from_db(fields=["state", "pause_reason"])
                if campaign.pause_reason:
                    raise CommandError(campaign.pause_reason)
                counted = queries.count(campaign)
                progress.update(task, completed=counted.ended, note=_note(counted, since))
                if campaign.state in ENDED and not counted.running:
                    return
                time.sleep(POLL_S)


def _note(counted: queries.Counts, since: float) -> str:
    if counted.ended or counted.running:
        return summary(counted)
    if time.monotonic() - since > PATIENCE_S:
        return _("no worker has come; is one running?")
    return _("waits for a worker")


def summary(counted: queries.Counts) -> str:
    """The outcomes in words: what was made, and whatever else there was."""
    others = {
        _("refused"): counted.refused,
        _("unsupported"): counted.unsupported,
        _("failed"): counted.failed,
        _("cancelled"): counted.cancelled,
    }
    made = _("%(made)s of %(requested)s made") % {
        "made": counted.made,
        "requested": counted.requested,
    }
    return ", ".join([made, *(f"{number} {word}" for word, number in others.items() if number)])
