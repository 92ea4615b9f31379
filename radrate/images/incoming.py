"""The worker's side of an import by web: from uploads that wait as rows and files."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.images.decoding import Rejected
from radrate.images.importer import Importer, Stopped
from radrate.images.intake import count_files
from radrate.images.manifest import ManifestError
from radrate.images.models import Batch, Incoming
from radrate.images.storing import importer_of
from radrate.locks import exclusive

KEPT_FOR = timedelta(hours=24)
"""How long the uploads of a cancelled import can be taken up again."""


def import_uploads(*, batch_id: UUID) -> None:
    """Import what was uploaded for a batch, and delete each upload when it is done."""
    with exclusive(f"import:{batch_id}") as mine:
        batch = Batch.objects.filter(pk=batch_id, state=Batch.State.RUNNING).first()
        if not mine or batch is None:
            return
        uploads = list(batch.incoming.order_by("pk"))
        try:
            with importer_of(batch) as importer:
                for number, upload in enumerate(uploads, start=1):
                    _import_upload(importer, upload, later=len(uploads) - number)
        except Stopped:
            return


def discard_abandoned() -> None:
    """Delete the uploads of imports that were cancelled long ago: they may name a person."""
    cancelled = Incoming.objects.filter(
        batch__state=Batch.State.CANCELLED, batch__finished_at__lt=timezone.now() - KEPT_FOR
    )
    for upload in cancelled:
        upload.file.delete(save=False)
        upload.delete()


def _import_upload(importer: Importer, upload: Incoming, *, later: int) -> None:
    """The file is deleted before its row, so that none with a person's name is ever forgotten."""
    try:
        with _local(upload.file) as path:
            _import_file(importer, upload.name, path, later=later)
    except FileNotFoundError:
        _tell_once(importer, Rejected("vanished", _("the upload is gone"), name=upload.name))
    except ManifestError as error:
        _tell_once(importer, Rejected("bad_manifest", str(error), name=upload.name))
    upload.file.delete(save=False)
    with transaction.atomic():
        upload.delete()
        if not later:
            importer.finish()


def _import_file(importer: Importer, name: str, path: Path, *, later: int) -> None:
    """One upload, after which `later` more are to come."""
    left = max(0, count_files(path) - len(_known_of(importer, name))) + later
    Batch.objects.filter(pk=importer.batch.pk).update(requested=F("made") + F("failed") + left)
    importer.import_source(source=path, name=name)


def _tell_once(importer: Importer, rejected: Rejected) -> None:
    if not _known_of(importer, rejected.name):
        importer.reject(rejected)


def _known_of(importer: Importer, upload: str) -> list[str]:
    """Names of the files of an upload with which the batch has dealt."""
    return [name for name in importer.known if name == upload or name.startswith(f"{upload}/")]


@contextmanager
def _local(file: FieldFile) -> Iterator[Path]:
    """A path to a stored file, whether the storage keeps it on this machine or elsewhere."""
    try:
        path = Path(file.path)
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(prefix="radrate-upload-") as copy:
            with file.open("rb") as stream:
                shutil.copyfileobj(stream, copy)
            copy.flush()
            yield Path(copy.name)
    else:
        yield path
