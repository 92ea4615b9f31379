"""Writes: import an archive from a path or by web, once unless it is asked for again."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from generation.archive.importer import ArchiveImporter
from generation.archive.manifest import Defaults, read_archive
from generation.models import ARCHIVE
from radrate.errors import Conflict, DomainError
from radrate.images.importing import Progress, reopen, run_import, start_batch
from radrate.images.intake import (
    MANIFEST_BYTES,
    MANIFEST_NAME,
    combined,
    digest_of,
    find_manifest,
)
from radrate.images.models import Batch
from radrate.images.queries import campaigns_read_blind
from radrate.images.storage import sha256, store
from radrate.images.tables import ManifestError
from radrate.images.uploads import receive


class AlreadyImported(Conflict):
    """The archive is in the library, or on its way there."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What is asked to be imported, before anything is written."""

    name: str
    digest: str
    manifest: bytes | None
    manifest_name: str = MANIFEST_NAME
    defaults: Defaults = field(default_factory=Defaults)


def import_archive(
    *,
    actor: Any,
    title: str,
    source: Path,
    manifest: Path | None = None,
    defaults: Defaults,
    reviewed: bool = False,
    again: bool = False,
    progress: Progress = lambda _total, _rejected: None,
) -> Batch:
    """Import a folder, zip or file, and return the batch as it ended: a campaign's, or cancelled.

    `manifest` is looked for in the source where none is given. `actor` is a manager, or None for
    the operator. Raises DomainError before anything is written, ImportInterrupted after.
    """
    _check_there(source)
    archive = Archive(
        name=source.resolve().name,
        digest=digest_of(source),
        manifest=find_manifest(source) if manifest is None else _read(manifest),
        manifest_name=MANIFEST_NAME if manifest is None else manifest.name,
        defaults=defaults,
    )
    kept = _begun(actor, archive, again=again)
    with transaction.atomic():
        batch = start_batch(actor=actor, title=title, reviewed=reviewed, manifest=kept)
    return run_import(ArchiveImporter(batch), source=source, progress=progress)


def resume_archive(
    *,
    actor: Any,
    batch: Batch,
    source: Path,
    progress: Progress = lambda _total, _rejected: None,
) -> Batch:
    """Go on with an import of `import_archive`, whose manifest is kept. Raises DomainError."""
    _check_there(source)
    if batch.manifest.get("importer") != ARCHIVE:
        raise Conflict(_("What is imported here is no archive of generated images."))
    if digest_of(source) != batch.manifest["archive"]["sha256"]:
        raise DomainError(_("This is not the archive that the import began with."))
    with transaction.atomic():
        reopen(actor=actor, batch=batch)
    return run_import(ArchiveImporter(batch), source=source, progress=progress)


def upload_archive(
    *,
    actor: Any,
    title: str,
    files: Sequence[File],
    manifest_file: File | None,
    defaults: Defaults,
    reviewed: bool,
    again: bool,
) -> Batch:
    """Keep uploads for the worker and ring for it. Raises DomainError, ManifestError included."""
    images, (manifest, manifest_name) = _parted(files, manifest_file)
    if not images:
        raise DomainError(_("Choose at least one file."))
    archive = Archive(
        name=_name_of(images),
        digest=_digest_of(images),
        manifest=manifest,
        manifest_name=manifest_name,
        defaults=defaults,
    )
    kept = _begun(actor, archive, again=again)
    return receive(actor=actor, title=title, files=images, reviewed=reviewed, manifest=kept)


def _begun(actor: Any, archive: Archive, *, again: bool) -> dict[str, Any]:
    """Check all that can be checked, keep the manifest, and tell what the batch keeps of it."""
    manifest = read_archive(archive.manifest, archive.defaults)
    if not again:
        _refuse_known(actor, archive.digest)
    about: dict[str, str] = {}
    if archive.manifest is not None:
        about = {
            "name": archive.manifest_name,
            "sha256": sha256(archive.manifest),
            "file": store(folder="manifests", data=archive.manifest, suffix=".csv"),
        }
    return {
        "importer": ARCHIVE,
        "archive": {
            "name": archive.name,
            "sha256": archive.digest,
            "manifest": about,
            "lines": len(manifest.entries),
            "kept_columns": list(manifest.unknown_columns),
            "defaults": asdict(archive.defaults),
        },
    }


def _refuse_known(actor: Any, digest: str) -> None:
    """A cancelled import stands for nothing. A campaign that is read blind is not named."""
    there = Q(kind=Batch.Kind.CAMPAIGN) | Q(state=Batch.State.RUNNING)
    same = Batch.objects.filter(there, manifest__archive__sha256=digest)
    known = same.order_by("created_at").first()
    if known is None:
        return
    blind = actor is not None and campaigns_read_blind(actor).filter(pk=known.pk).exists()
    words = {"title": "…" if blind else known.title, "date": f"{known.created_at:%Y-%m-%d}"}
    raise AlreadyImported(
        _("This archive was imported on %(date)s already, as “%(title)s”.") % words
    )


def _check_there(source: Path) -> None:
    if not source.exists():
        raise DomainError(_("There is no file or folder %(path)s.") % {"path": source})


def _read(manifest: Path) -> bytes:
    try:
        with manifest.open("rb") as stream:
            return _bounded(File(stream))
    except OSError as error:
        raise ManifestError(
            _("The manifest %(path)s cannot be read: %(reason)s.")
            % {"path": manifest, "reason": error.strerror}
        ) from error


def _bounded(file: File) -> bytes:
    data: bytes = file.read(MANIFEST_BYTES + 1)
    if len(data) > MANIFEST_BYTES:
        raise ManifestError(_("The manifest is larger than %d MB.") % (MANIFEST_BYTES >> 20))
    return data


def _parted(
    files: Sequence[File], manifest_file: File | None
) -> tuple[list[File], tuple[bytes | None, str]]:
    """The files to import, and the manifest with its name: the one that was given, else the one
    among the files, else the one within a zip archive."""
    lists = [file for file in files if str(file.name).lower() == MANIFEST_NAME]
    images = [file for file in files if file not in lists]
    given = lists if manifest_file is None else [manifest_file]
    found = [(_bounded(file), str(file.name)) for file in given]
    if not found:
        found = [(data, MANIFEST_NAME) for file in images if (data := _within(file)) is not None]
    if len(found) > 1:
        raise ManifestError(_("There are several manifests. Import each archive by itself."))
    return images, found[0] if found else (None, "")


def _within(file: File) -> bytes | None:
    with _on_disk(file) as path:
        return find_manifest(path)


@contextmanager
def _on_disk(file: File) -> Iterator[Path]:
    """Where an upload lies; a small one, which is held in memory, is written down for the while."""
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="radrate-upload-") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _name_of(files: Sequence[File]) -> str:
    if len(files) == 1:
        return str(files[0].name)
    return _("%d files") % len(files)


def _digest_of(files: Sequence[File]) -> str:
    """As `digest_of`: of the one file, or of several as if they lay in a folder."""
    digests = [(str(file.name), _sha256_of(file)) for file in files]
    return digests[0][1] if len(digests) == 1 else combined(digests)


def _sha256_of(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
