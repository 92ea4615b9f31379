"""The files of an archive into a batch that becomes, at the end, one campaign an operation."""

from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from generation.archive.campaigns import write_campaigns
from generation.archive.manifest import ArchiveManifest, Defaults, Entry, read_archive
from generation.archive.rows import Ended
from generation.archive.sources import Sources
from generation.models import ARCHIVE, Campaign, State
from generation.storing import credits_of
from radrate.images.decoding import Decoded, Rejected
from radrate.images.importer import Importer, fitting, store_decoded
from radrate.images.intake import IncomingFile, names_in
from radrate.images.models import Batch, Origin, Radiograph, Rejection
from radrate.images.storing import PENDING, accepted_by

MESSAGES = {
    "not_in_manifest": gettext_lazy("not in the manifest"),
    "not_made": gettext_lazy("line %(line)d of the manifest says that this was %(outcome)s"),
    "line_taken": gettext_lazy("line %(line)d of the manifest stands for another file"),
    "named_only": gettext_lazy(
        "a source or mask that the manifest names, not an image that was made; "
        "import a source as a radiograph first"
    ),
    "dicom": gettext_lazy("a DICOM file; images made elsewhere are taken as PNG or JPEG"),
    "duplicate_here": gettext_lazy("the same image as %(earlier)s of this archive"),
    "no_file": gettext_lazy("the archive has no such file"),
}
NOT_AN_OUTPUT = {"not_in_manifest", "not_made", "line_taken", "named_only", "same_name"}
"""A file rejected so says nothing of the line whose file it could have been."""
NOT_SHOWN = {"truncated", "damaged", "too_many_pixels", "too_small", "duplicate_here"}
"""A file without a line that is rejected so was an image that was made."""


class ArchiveImporter(Importer):
    """Each file becomes a synthetic Radiograph with its line of the manifest as provenance.

    While it runs the batch is an import like others; when it has ended it is a campaign's.
    """

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._about: dict[str, Any] = batch.manifest["archive"]
        self._manifest = manifest_of(self._about)
        self._sources = Sources(batch)
        self._assigned: dict[str, Entry] = {}

    def prepare(self, source: Path, *, name: str) -> None:
        new = [one for one in names_in(source, name=name) if one not in self.known]
        self._assigned = self._manifest.assigned(new, self._taken())

    def expect(self, name: str) -> None:
        entry = self._assigned.get(name)
        if entry is not None:
            if entry.outcome != State.SUCCEEDED:
                words = {"line": entry.line, "outcome": entry.outcome.label}
                raise _rejected("not_made", name, **words)
            return
        if self._manifest.is_named(name):
            raise _rejected("named_only", name)
        if file := self._manifest.file_of(name):
            raise _rejected("line_taken", name, line=self._manifest.by_file[file].line)
        if not self._manifest.defaults.prompt:
            raise _rejected("not_in_manifest", name)

    def keep(self, item: IncomingFile, decoded: Decoded) -> None:
        if decoded.original is not None:
            raise _rejected("dicom", item.name)
        same = self.batch.radiographs.filter(pixel_hash=decoded.pixel_hash)
        if earlier := same.values_list("source_name", flat=True).first():
            raise _rejected("duplicate_here", item.name, earlier=earlier)
        entry = self._assigned.get(item.name) or self._manifest.unlisted(item.name)
        source, trouble = self._sources.find(entry.source)
        notes = [*decoded.warnings, *self._notes(entry, decoded), *filter(None, [trouble])]
        store_decoded(
            self.batch,
            item,
            decoded,
            origin=Origin.SYNTHETIC,
            source=source,
            provenance=self._provenance(entry, item.name, source) | {"warnings": notes},
            **_described(entry, source),
            **self._reviewed(entry, source),
        )

    def finish(self) -> None:
        ended = self._ended()
        write_campaigns(self.batch, ended, found=self._sources.all_of(one.entry for one in ended))

    def _taken(self) -> set[str]:
        """Files of the manifest that the batch has dealt with."""
        stored = self.batch.radiographs.values_list("source_name", flat=True)
        bad = self.batch.rejections.exclude(code__in=NOT_AN_OUTPUT).values_list("name", flat=True)
        return {self._manifest.file_of(name) for name in (*stored, *bad)}

    def _notes(self, entry: Entry, decoded: Decoded) -> list[str]:
        notes = []
        same = Radiograph.objects.filter(pixel_hash=decoded.pixel_hash).exclude(batch=self.batch)
        if same.exists():  # which, is not told: whoever asks may read it blind
            notes.append(_("the library has the same pixels already"))
        if entry.text("seed") and entry.seed is None:
            notes.append(_("the seed “%s” is not a whole number of 64 bits") % entry.text("seed"))
        return notes

    def _provenance(self, entry: Entry, name: str, source: Radiograph | None) -> dict[str, Any]:
        """How these pixels came to be, as far as the manifest tells."""
        return {
            "backend": ARCHIVE,
            "provider": entry.text("provider"),
            "model": entry.model,
            "operation": entry.operation,
            "prompt": entry.prompt,
            "revised_prompt": entry.text("revised_prompt"),
            "negative_prompt": entry.text("negative_prompt"),
            "seed": entry.text("seed") if entry.seed is None else entry.seed,
            "params": entry.parameters,
            "created": entry.text("created"),
            "row": entry.text("row"),
            "index": entry.text("index"),
            "source": {"id": str(source.pk), "sha256": source.sha256} if source else entry.source,
            "mask": entry.mask,
            "archive": {
                "name": self._about["name"],
                "sha256": self._about["sha256"],
                "file": name,
                "manifest_sha256": self._about["manifest"].get("sha256", ""),
                "line": entry.line,
                "line_sha256": entry.digest if entry.line else "",
            },
            "manifest": dict(entry.other),
        }

    def _reviewed(self, entry: Entry, source: Radiograph | None) -> dict[str, Any]:
        """An edit of an unknown radiograph may show what is burnt into that one."""
        if self.batch.reviewed:
            return accepted_by(self.batch)
        made_of_words = entry.operation is Campaign.Operation.TEXT_TO_IMAGE and not entry.source
        if made_of_words or source is not None:
            return {"state": Radiograph.State.ACCEPTED}
        return PENDING

    def _ended(self) -> list[Ended]:
        """Every entry with its outcome; a line whose file never came has its rejection here."""
        stored = {image.source_name: image for image in self._stored()}
        by_line = {image.provenance["archive"]["line"]: image for image in stored.values()}
        rejections = list(self.batch.rejections.exclude(code__in=NOT_AN_OUTPUT))
        by_file = {self._manifest.file_of(one.name): one for one in rejections}
        ended, missing = [], []
        for entry in self._manifest.entries:
            one = _ended(entry, by_line.get(entry.line), by_file.get(entry.filename))
            ended.append(one)
            if one.code == "no_file":
                missing.append(entry.filename)
        self._tell_missing(missing)
        return ended + self._unlisted(stored, rejections)

    def _unlisted(self, stored: dict[str, Radiograph], rejections: list[Rejection]) -> list[Ended]:
        """Files without a line, made of the default prompt, in the order of their names."""
        bad = {one.name: one for one in rejections if one.code in NOT_SHOWN}
        listed = {name for name, image in stored.items() if image.provenance["archive"]["line"]}
        names = {*stored, *bad} - listed
        return [
            _ended(self._manifest.unlisted(name), stored.get(name), bad.get(name))
            for name in sorted(names)
            if self._manifest.defaults.prompt and not self._manifest.file_of(name)
        ]

    def _stored(self) -> list[Radiograph]:
        kept = ("source_name", "columns", "rows", "provenance")
        return list(self.batch.radiographs.order_by().only(*kept))

    def _tell_missing(self, names: list[str]) -> None:
        told = [_rejected("no_file", name) for name in names]
        with transaction.atomic():
            Rejection.objects.bulk_create(
                Rejection(batch=self.batch, name=one.name, code=one.code, message=one.message)
                for one in told
            )


def manifest_of(about: dict[str, Any]) -> ArchiveManifest:
    """The manifest of an archive from what its batch tells of it (see `services`)."""
    data = None
    if file := about["manifest"].get("file"):
        with default_storage.open(file, "rb") as stream:
            data = stream.read()
    return read_archive(data, Defaults(**about["defaults"]))


def _ended(entry: Entry, image: Radiograph | None, rejection: Rejection | None) -> Ended:
    if entry.outcome != State.SUCCEEDED:
        code = entry.text("reason_code") or entry.outcome
        return Ended(entry, entry.outcome, code, entry.text("reason"))
    if image is not None:
        size = image.columns, image.rows
        return Ended(entry, State.SUCCEEDED, image=image.pk, size=size)
    if rejection is not None:
        return Ended(entry, State.FAILED, rejection.code, rejection.message)
    return Ended(entry, State.FAILED, "no_file", str(MESSAGES["no_file"]))


def _described(entry: Entry, source: Radiograph | None) -> dict[str, Any]:
    """What the image shows by the manifest; of an edit, else what its source shows."""
    told = {
        "body_part_examined": entry.shows.body_part_examined,
        "view_position": entry.shows.view_position,
        "image_laterality": entry.shows.image_laterality,
        "age_group": entry.age_group,
    }
    if source is not None and not told["body_part_examined"]:
        told = {name: getattr(source, name) for name in told}
    told |= {"finding": entry.shows.finding}
    credit = credits_of([entry] if source is None else [entry, source])
    return {
        **{name: fitting(name, text) for name, text in told.items()},
        "licence": fitting("licence", credit["licence"]),
        "attribution": credit["attribution"],
    }


def _rejected(code: str, name: str, **values: Any) -> Rejected:
    return Rejected(code, str(MESSAGES[code]) % values, name=name)
