"""From the files of a source to rows: each file becomes one Radiograph or one Rejection.

The row and the batch's counters are one transaction, and it comes after the files, so whatever
interrupts an import leaves at most content-addressed files that the next run finds again.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from radrate.images.decoding import Decoded, Decoder, Rejected
from radrate.images.identity import subject_key, uid_salt
from radrate.images.intake import IncomingFile, iter_files
from radrate.images.manifest import Manifest, ManifestRow
from radrate.images.models import Batch, Origin, Radiograph, Rejection
from radrate.images.storage import sha256, store, store_file

logger = logging.getLogger(__name__)

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "application/dicom": ".dcm"}
TOLD_BY_MANIFEST = ("body_part_examined", "view_position", "image_laterality", "finding")

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


class Importer(AbstractContextManager["Importer"]):
    """Imports sources into one batch, all through one decoder."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.known = names_of(batch)
        """Names of the files that the batch has dealt with."""
        self._decoder = Decoder(salt=uid_salt())

    def __exit__(self, *exc_info: object) -> None:
        self._decoder.close()

    def import_source(
        self, *, source: Path, manifest: Manifest, progress: Progress = quiet, name: str = ""
    ) -> None:
        """Import what the batch does not have yet of a folder, zip or file called `name`.

        `manifest` is pseudonymised. Raises Stopped, and what is not the file's fault: OSError of
        the storage, OperationalError or InterfaceError of the database.
        """
        seen: set[str] = set()
        with closing(iter_files(source, name=name)) as items:  # type: ignore[type-var]
            for item in items:
                row = manifest.row(item.name)
                progress(self._import(item, row, again=item.name in seen))
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

    def _import(
        self, item: IncomingFile | Rejected, row: ManifestRow, *, again: bool
    ) -> Rejected | None:
        if again:
            return self.reject(_rejected("same_name", item.name))
        if item.name in self.known:
            return None
        if isinstance(item, Rejected):
            return self.reject(item)
        try:
            _store(self.batch, item, row, self._decoder.decode(item.path, name=item.name))
        except Rejected as rejected:
            return self.reject(rejected)
        except (Stopped, OSError, OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("batch %s: a file could not be imported", self.batch.pk)
            return self.reject(_rejected("internal", item.name))
        return None


def names_of(batch: Batch) -> set[str]:
    stored = batch.radiographs.values_list("source_name", flat=True)
    return {*stored.iterator(), *batch.rejections.values_list("name", flat=True).iterator()}


def _store(batch: Batch, item: IncomingFile, row: ManifestRow, decoded: Decoded) -> None:
    _refuse_duplicate(decoded, item.name)
    values = _described(row, decoded) | _reviewed(batch, decoded) | _archived(item.path, decoded)
    try:
        with transaction.atomic():
            _count(batch, made=1)
            Radiograph.objects.create(
                batch=batch, origin=Origin.REAL, source_name=item.name, **values
            )
    except IntegrityError:
        _refuse_duplicate(decoded, item.name)
        raise


def _refuse_duplicate(decoded: Decoded, name: str) -> None:
    same = Radiograph.objects.filter(pixel_hash=decoded.pixel_hash, origin=Origin.REAL)
    earlier = same.exclude(state=Radiograph.State.EXCLUDED).values_list("source_name", flat=True)
    if found := earlier.first():
        raise _rejected("duplicate", name, earlier=found)


def _rejected(code: str, name: str, **values: str) -> Rejected:
    return Rejected(code, str(MESSAGES[code]) % values, name=name)


def _count(batch: Batch, **more: int) -> None:
    """Add to the batch's counters within the caller's transaction. Raises Stopped."""
    running = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING)
    if not running.update(**{name: F(name) + number for name, number in more.items()}):
        raise Stopped


def _described(row: ManifestRow, decoded: Decoded) -> dict[str, Any]:
    """The manifest's word goes before the file's."""
    told = {name: getattr(row, name) or getattr(decoded, name, "") for name in TOLD_BY_MANIFEST}
    return {
        **{name: _fitting(name, text) for name, text in told.items()},
        "licence": _fitting("licence", row.licence),
        "attribution": row.attribution,
        "subject_key": row.subject or subject_key(decoded.subject_id),
        "age_group": decoded.age_group,
        "modality": decoded.modality,
        "photometric_interpretation": decoded.photometric_interpretation,
        "pixel_spacing": decoded.pixel_spacing,
        "attributes": decoded.attributes,
        "provenance": {"operation": "import", "warnings": list(decoded.warnings)},
    }


def _fitting(field: str, text: str) -> str:
    return text[: Radiograph._meta.get_field(field).max_length]


def _reviewed(batch: Batch, decoded: Decoded) -> dict[str, Any]:
    """Whoever says to have looked at the images is not believed where the file itself objects."""
    burnt_in = decoded.attributes.get("BurnedInAnnotation") == "YES"
    if not batch.reviewed or burnt_in:
        return {"state": Radiograph.State.PENDING_REVIEW}
    return {
        "state": Radiograph.State.ACCEPTED,
        "reviewed_by_id": batch.created_by_id,
        "reviewed_at": timezone.now(),
    }


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
