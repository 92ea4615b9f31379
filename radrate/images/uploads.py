"""Imports by web: what was uploaded waits as rows and files until a worker takes it."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from radrate.errors import Conflict, DomainError
from radrate.images import tasks
from radrate.images.identity import pseudonymised, to_json
from radrate.images.importing import reopen, start_batch
from radrate.images.intake import display_name
from radrate.images.manifest import Manifest, read_manifest
from radrate.images.models import Batch, Incoming


def create_upload(
    *, actor: Any, title: str, files: Iterable[File], manifest_file: File | None, reviewed: bool
) -> Batch:
    """Keep uploads for the worker and ring for it. Raises DomainError, ManifestError included."""
    manifest = Manifest()
    if manifest_file is not None:
        manifest = pseudonymised(read_manifest(manifest_file.read()))
    return receive(
        actor=actor, title=title, files=files, reviewed=reviewed, manifest=to_json(manifest)
    )


def receive(
    *, actor: Any, title: str, files: Iterable[File], reviewed: bool, manifest: dict[str, Any]
) -> Batch:
    """The same with the manifest as it is kept, which says which importer the batch has."""
    files = list(files)
    if not files:
        raise DomainError(_("Choose at least one file."))
    kept: list[str] = []
    try:
        with transaction.atomic():
            batch = start_batch(
                actor=actor,
                title=title,
                reviewed=reviewed,
                manifest=manifest,
                requested=len(files),
            )
            for name, file in _named_apart(files):
                kept.append(f"incoming/{batch.pk}/{uuid4()}")
                stored = default_storage.save(kept[-1], file)
                Incoming.objects.create(batch=batch, name=name, file=stored)
            tasks.ring_on_commit(batch.pk)
    except BaseException:
        for place in kept:
            default_storage.delete(place)
        raise
    return batch


def resume_import(*, actor: Any, batch: Batch) -> None:
    """Go on with what is left of the uploads of a cancelled import. Raises Conflict."""
    if not batch.incoming.exists():
        raise Conflict(_("Nothing of this upload is left to import. Upload the files again."))
    with transaction.atomic():
        reopen(actor=actor, batch=batch)
        tasks.ring_on_commit(batch.pk)


def _named_apart(files: Iterable[File]) -> Iterable[tuple[str, File]]:
    """Each file with its name, as if in a numbered folder where several have the same."""
    taken: set[str] = set()
    for file in files:
        name = original = display_name(file.name or _("unnamed"))
        number = 2
        while name in taken:
            name = f"{number}/{original}"
            number += 1
        taken.add(name)
        yield name, file
