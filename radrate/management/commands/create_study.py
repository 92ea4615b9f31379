"""manage.py create_study NAME --campaign TITLE: match, enrol, lock and open a study."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress

from radrate.accounts.models import User
from radrate.errors import DomainError, NotAllowed
from radrate.images.models import Batch
from radrate.studies import enrolment, lifecycle, pages, queries, services
from radrate.studies.models import ReaderStudy

LOCK_TIMEOUT_S = 600


class Command(BaseCommand):
    help = "Create a study of a finished campaign; optionally enrol readers, lock and open it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--campaign", required=True, help="title of a finished campaign")
        parser.add_argument("--manager", required=True, help="user name of the study's manager")
        parser.add_argument("--reader", action="append", default=[], help="user name; repeatable")
        parser.add_argument(
            "--task", choices=ReaderStudy.Task.values, default=ReaderStudy.Task.WHICH_REAL
        )
        parser.add_argument("--block-size", type=int, default=12)
        parser.add_argument("--seed", type=int)
        parser.add_argument("--open", action="store_true", help="lock it and open it for reading")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        try:
            study = self._create(options)
            if options["open"]:
                self._open(study)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _create(self, options: dict[str, Any]) -> ReaderStudy:
        manager = _user(options["manager"])
        study = services.create_study(
            actor=manager,
            name=options["name"],
            task=options["task"],
            batches=[_campaign(options["campaign"])],
            seed=options["seed"],
            block_size=options["block_size"],
        )
        self.stdout.write(_("%(count)s pairs") % {"count": study.cases.count()})
        for row in pages.unmatched_rows(study):
            self.stdout.write(
                _("left out: %(count)s × %(what)s, %(reason)s")
                % {"count": row.count, "what": row.what, "reason": row.reason}
            )
        for username in options["reader"]:
            self._enrol(manager, study, username)
        return study

    def _enrol(self, manager: User, study: ReaderStudy, username: str) -> None:
        """A reader who must not read this study is told and left out."""
        try:
            enrolment.add_reader(actor=manager, study=study, user=_user(username))
        except NotAllowed as error:
            self.stderr.write(str(error))

    def _open(self, study: ReaderStudy) -> None:
        lifecycle.request_lock(study=study, actor=study.manager)
        study = _wait_for_lock(study)
        lifecycle.open_study(study=study, actor=study.manager)
        self.stdout.write(_("%(title)s is open.") % {"title": study.neutral_title})


def _wait_for_lock(study: ReaderStudy) -> ReaderStudy:
    """Show the worker's progress until the protocol is locked."""
    deadline = time.monotonic() + LOCK_TIMEOUT_S
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(_("Making what readers will see"))
        while time.monotonic() < deadline:
            study = ReaderStudy.objects.select_related("rendition_set", "manager").get(pk=study.pk)
            rendered, total = queries.lock_progress(study)
            bar.update(task, completed=rendered, total=total)
            if study.state == ReaderStudy.State.LOCKED:
                return study
            if study.state == ReaderStudy.State.DRAFT:
                raise CommandError(study.problem)
            time.sleep(0.2)
    raise CommandError(_("The lock is not finished. Is a worker running?"))


def _user(username: str) -> User:
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist as error:
        raise CommandError(_("There is no user %(name)s.") % {"name": username}) from error


def _campaign(title: str) -> Batch:
    batch = (
        Batch.objects.filter(kind=Batch.Kind.CAMPAIGN, title=title, made__gt=0)
        .order_by("-created_at")
        .first()
    )
    if batch is None:
        raise CommandError(_("No finished campaign is called %(title)s.") % {"title": title})
    return batch
