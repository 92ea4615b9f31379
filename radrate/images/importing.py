"""Imports from beginning to end: their states, and the run of one from a path."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.audit.services import record
from radrate.errors import Conflict, DomainError
from radrate.images.decoding import Rejected
from radrate.images.importer import Importer, Stopped
from radrate.images.intake import count_files
from radrate.images.manifest import Manifest
from radrate.images.models import Batch
from radrate.images.storing import RadiographImporter, manifest_for
from radrate.locks import exclusive

Progress = Callable[[int, Rejected | None], None]
"""Called for each file with the number of all files, and the reason where it was rejected."""


class ImportInterrupted(DomainError):
    """The import stopped before its end and can be taken up again."""

    def __init__(self, message: str, *, batch: Batch) -> None:
        super().__init__(message)
        self.batch = batch


def start_batch(
    *, actor: Any, title: str, reviewed: bool, manifest: dict[str, Any], requested: int = 0
) -> Batch:
    """`manifest` as it is kept (see `identity.to_json`). The caller has opened a transaction."""
    batch = Batch.objects.create(
        kind=Batch.Kind.IMPORT,
        title=title,
        reviewed=reviewed,
        manifest=manifest,
        requested=requested,
        created_by=actor,
    )
    record(actor=actor, verb="import", target=batch, title=title, reviewed=reviewed)
    return batch


def import_batch(
    *,
    actor: Any,
    title: str,
    source: Path,
    manifest: Path | None = None,
    reviewed: bool = False,
    progress: Progress = lambda _total, _rejected: None,
) -> Batch:
    """Import a folder, zip or file, and return the batch as it ended: finished or cancelled.

    `manifest` is looked for in the source where none is given. `actor` is a manager, or None for
    the operator. Raises DomainError before anything is written, ImportInterrupted after.
    """
    known = _checked(source, manifest)
    with transaction.atomic():
        batch = start_batch(
            actor=actor,
            title=title,
            reviewed=reviewed,
            manifest={"unknown_columns": list(known.unknown_columns)},
        )
    return run_import(RadiographImporter(batch, known), source=source, progress=progress)


def resume_batch(
    *,
    actor: Any,
    batch: Batch,
    source: Path,
    manifest: Path | None = None,
    progress: Progress = lambda _total, _rejected: None,
) -> Batch:
    """Go on with an import of `import_batch`; files that it has dealt with are passed over."""
    if batch.manifest.get("importer"):
        raise Conflict(_("What is imported here is an archive of generated images."))
    known = _checked(source, manifest)
    with transaction.atomic():
        reopen(actor=actor, batch=batch)
    return run_import(RadiographImporter(batch, known), source=source, progress=progress)


def reopen(*, actor: Any, batch: Batch) -> None:
    """Let a cancelled or lost import run again. Raises Conflict."""
    unfinished = (Batch.State.RUNNING, Batch.State.CANCELLED)
    imports = Batch.objects.filter(pk=batch.pk, kind=Batch.Kind.IMPORT, state__in=unfinished)
    if not imports.update(state=Batch.State.RUNNING, finished_at=None):
        raise Conflict(_("Only an import that was cancelled can be resumed."))
    record(actor=actor, verb="resume", target=batch)


def cancel_import(*, actor: Any, batch: Batch) -> None:
    """Store nothing more of this import; what is stored stays. Raises Conflict."""
    imports = Batch.objects.filter(pk=batch.pk, kind=Batch.Kind.IMPORT)
    with transaction.atomic():
        running = imports.filter(state=Batch.State.RUNNING)
        if not running.update(state=Batch.State.CANCELLED, finished_at=timezone.now()):
            raise Conflict(_("This import is no longer running."))
        record(actor=actor, verb="cancel", target=batch)


def _checked(source: Path, manifest: Path | None) -> Manifest:
    if not source.exists():
        raise DomainError(_("There is no file or folder %(path)s.") % {"path": source})
    return manifest_for(source, manifest)


def run_import(importer: Importer, *, source: Path, progress: Progress) -> Batch:
    """Import a source to its end in this process. Raises Conflict, ImportInterrupted."""
    batch = importer.batch
    with exclusive(f"import:{batch.pk}") as mine:
        if not mine:
            raise Conflict(_("This import is running elsewhere."))
        try:
            total = count_files(source)
            Batch.objects.filter(pk=batch.pk).update(requested=total)
            with importer:
                importer.import_source(
                    source=source, progress=lambda rejected: progress(total, rejected)
                )
            with transaction.atomic():
                importer.finish()
        except Stopped:
            pass
        except (KeyboardInterrupt, OSError, OperationalError) as error:
            cancel_import(actor=batch.created_by, batch=batch)
            raise ImportInterrupted(_interruption(error), batch=batch) from error
    batch.refresh_from_db()
    return batch


def _interruption(error: BaseException) -> str:
    why = _("Ctrl-C") if isinstance(error, KeyboardInterrupt) else str(error)
    return _("The import was interrupted (%(why)s).") % {"why": why}
