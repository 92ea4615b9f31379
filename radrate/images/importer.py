"""The files of sources, one by one, into a batch: each file is stored or has one Rejection.

The row and the batch's counters are one transaction, and it comes after the files, so whatever
interrupts an import leaves at most content-addressed files that the next run finds again.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any, Self

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from radrate.images.decoding import Decoded, Decoder, Rejected
from radrate.images.identity import uid_salt
from radrate.images.intake import IncomingFile, iter_files
from radrate.images.models import Batch, Radiograph, Rejection
from radrate.images.storage import sha256, store, store_file

logger = logging.getLogger(__name__)

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "application/dicom": ".dcm"}

Progress = Callable[[Rejected | None], None]
"""Called once for each file, with the reason where it was rejected in this run."""

MESSAGES = {
    "duplicate": _("the same image as %(earlier)s, which is in the library"),
    "same_name": _("a second file of this name"),
    "internal": _("an error within RadRate, which its log describes"),
}


def quiet(_rejected: Rejected | None) -> None:
    """No progress is told."""


class Stopped(Exception):
    """The batch was cancelled while it was being imported."""


class Importer(AbstractContextManager["Importer"], ABC):
    """Imports sources into one batch, all through one decoder. What a file becomes, and what the
    batch is in the end, is the subclass's."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.known: set[str] = set()
        """Names of the files that the batch has dealt with."""
        self._decoder = Decoder(salt=uid_salt())

    def __enter__(self) -> Self:
        self.known = names_of(self.batch)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._decoder.close()

    def prepare(self, source: Path, *, name: str) -> None:
        """Look at a source before its files are taken. Raises ManifestError."""

    def expect(self, name: str) -> None:
        """Raises Rejected for a file that is not even decoded."""

    @abstractmethod
    def keep(self, item: IncomingFile, decoded: Decoded) -> None:
        """Store one file. Raises Rejected, Stopped."""

    @abstractmethod
    def finish(self) -> None:
        """Final counts, within the caller's transaction. Raises Stopped."""

    def import_source(self, *, source: Path, progress: Progress = quiet, name: str = "") -> None:
        """Import what the batch does not have yet of a folder, zip or file called `name`.

        Raises ManifestError, Stopped, and what is not the file's fault: OSError of the storage,
        OperationalError or InterfaceError of the database.
        """
        self.prepare(source, name=name or source.name)
        seen: set[str] = set()
        with closing(iter_files(source, name=name)) as items:  # type: ignore[type-var]
            for item in items:
                progress(self._import(item, again=item.name in seen))
                seen.add(item.name)
                self.known.add(item.name)

    def reject(self, rejected: Rejected) -> Rejected:
        """Write down why a file was not stored. Raises Stopped."""
        with transaction.atomic():
            _count(self.batch, failed=1)
            Rejection.objects.create(
                batch=self.batch,
                name=rejected.name,
                code=rejected.code,
                message=rejected.message,
            )
        self.known.add(rejected.name)
        return rejected

    def _import(self, item: IncomingFile | Rejected, *, again: bool) -> Rejected | None:
        if again:
            return self.reject(refused("same_name", item.name))
        if item.name in self.known:
            return None
        if isinstance(item, Rejected):
            return self.reject(item)
        try:
            self.expect(item.name)
            self.keep(item, self._decoder.decode(item.path, name=item.name))
        except Rejected as rejected:
            return self.reject(rejected)
        except (Stopped, OSError, OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("batch %s: a file could not be imported", self.batch.pk)
            return self.reject(refused("internal", item.name))
        return None


def names_of(batch: Batch) -> set[str]:
    stored = batch.radiographs.values_list("source_name", flat=True)
    return {*stored.iterator(), *batch.rejections.values_list("name", flat=True).iterator()}


def refused(code: str, name: str, **values: str) -> Rejected:
    """The Rejected of a code in MESSAGES."""
    return Rejected(code, str(MESSAGES[code]) % values, name=name)


def store_decoded(batch: Batch, item: IncomingFile, decoded: Decoded, **values: Any) -> Radiograph:
    """The files, then the row with `values` and the count, in one transaction. Raises Stopped."""
    archived = _archived(item.path, decoded)
    with transaction.atomic():
        _count(batch, made=1)
        return Radiograph.objects.create(batch=batch, source_name=item.name, **archived | values)


def fitting(field: str, text: str) -> str:
    """As much of a text as the field of a Radiograph holds."""
    return text[: Radiograph._meta.get_field(field).max_length]


def _count(batch: Batch, **more: int) -> None:
    """Add to the batch's counters within the caller's transaction. Raises Stopped."""
    running = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING)
    if not running.update(**{name: F(name) + number for name, number in more.items()}):
        raise Stopped


def _archived(path: Path, decoded: Decoded) -> dict[str, Any]:
    """Write the files: a DICOM as it was de-identified, a photograph as it came."""
    suffix = SUFFIXES[decoded.media_type]
    if decoded.original is None:
        original, digest = store_file(folder="originals", path=path, suffix=suffix)
    else:
        original = store(folder="originals", data=decoded.original, suffix=suffix)
        digest = sha256(decoded.original)
    return {
        "rows": decoded.rows,
        "columns": decoded.columns,
        "bits_stored": decoded.bits_stored,
        "media_type": decoded.media_type,
        "pixel_hash": decoded.pixel_hash,
        "sha256": digest,
        "original": original,
        "pixels": store(folder="pixels", data=decoded.pixels_png, suffix=".png"),
        "thumbnail": store(folder="thumbnails", data=decoded.thumbnail, suffix=".png"),
    }
