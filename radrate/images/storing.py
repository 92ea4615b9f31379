"""Imports of real radiographs, and which importer a batch has."""

from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from radrate.audit.services import record
from radrate.images.decoding import Decoded
from radrate.images.identity import from_json, pseudonymised, subject_key
from radrate.images.importer import Importer, Stopped, fitting, refused, store_decoded
from radrate.images.intake import IncomingFile, find_manifest
from radrate.images.manifest import Manifest, ManifestRow, read_manifest
from radrate.images.models import Batch, Origin, Radiograph

TOLD_BY_MANIFEST = ("body_part_examined", "view_position", "image_laterality", "finding")


class RadiographImporter(Importer):
    """Each file becomes a real Radiograph that waits for review, unless the batch is reviewed.

    `given` is the manifest, pseudonymised; without it each source is asked for its own.
    """

    def __init__(self, batch: Batch, given: Manifest | None = None) -> None:
        super().__init__(batch)
        told = from_json(batch.manifest)
        self._given = given or (told if told.rows else None)
        self._manifest = Manifest()

    def prepare(self, source: Path, *, name: str) -> None:  # noqa: ARG002
        self._manifest = manifest_for(source) if self._given is None else self._given

    def keep(self, item: IncomingFile, decoded: Decoded) -> None:
        _refuse_duplicate(decoded, item.name)
        row = self._manifest.row(item.name)
        values = _described(row, decoded) | _reviewed(self.batch, decoded)
        try:
            store_decoded(self.batch, item, decoded, origin=Origin.REAL, **values)
        except IntegrityError:
            _refuse_duplicate(decoded, item.name)
            raise

    def finish(self) -> None:
        batch = self.batch
        running = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING)
        kept = {"unknown_columns": batch.manifest.get("unknown_columns", [])}
        if not running.update(
            state=Batch.State.FINISHED,
            finished_at=timezone.now(),
            requested=F("made") + F("failed"),
            manifest=kept,
        ):
            raise Stopped
        batch.refresh_from_db()
        counts = {"made": batch.made, "failed": batch.failed}
        record(actor=batch.created_by, verb="finish", target=batch, **counts)


IMPORTERS: dict[str, type[Importer]] = {"": RadiographImporter}
"""By what a batch's manifest says under `importer`. Another app adds its own when it is ready."""


def importer_of(batch: Batch) -> Importer:
    return IMPORTERS[batch.manifest.get("importer", "")](batch)


def manifest_for(source: Path, given: Path | None = None) -> Manifest:
    """The manifest that was given, else the one that lies in the folder or zip, else an empty one.

    Pseudonymised. Raises ManifestError.
    """
    contents = find_manifest(source) if given is None else given
    return Manifest() if contents is None else pseudonymised(read_manifest(contents))


def _refuse_duplicate(decoded: Decoded, name: str) -> None:
    same = Radiograph.objects.filter(pixel_hash=decoded.pixel_hash, origin=Origin.REAL)
    earlier = same.exclude(state=Radiograph.State.EXCLUDED).values_list("source_name", flat=True)
    if found := earlier.first():
        raise refused("duplicate", name, earlier=found)


def _described(row: ManifestRow, decoded: Decoded) -> dict[str, Any]:
    """The manifest's word goes before the file's."""
    told = {name: getattr(row, name) or getattr(decoded, name, "") for name in TOLD_BY_MANIFEST}
    return {
        **{name: fitting(name, text) for name, text in told.items()},
        "licence": fitting("licence", row.licence),
        "attribution": row.attribution,
        "subject_key": row.subject or subject_key(decoded.subject_id),
        "age_group": decoded.age_group,
        "modality": decoded.modality,
        "photometric_interpretation": decoded.photometric_interpretation,
        "pixel_spacing": decoded.pixel_spacing,
        "attributes": decoded.attributes,
        "provenance": {"operation": "import", "warnings": list(decoded.warnings)},
    }


def _reviewed(batch: Batch, decoded: Decoded) -> dict[str, Any]:
    """Whoever says to have looked at the images is not believed where the file itself objects."""
    burnt_in = decoded.attributes.get("BurnedInAnnotation") == "YES"
    return accepted_by(batch) if batch.reviewed and not burnt_in else PENDING


PENDING = {"state": Radiograph.State.PENDING_REVIEW}


def accepted_by(batch: Batch) -> dict[str, Any]:
    """Whoever imports has looked."""
    return {
        "state": Radiograph.State.ACCEPTED,
        "reviewed_by_id": batch.created_by_id,
        "reviewed_at": timezone.now(),
    }
