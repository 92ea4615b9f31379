"""Mutated references for catch trials: images with a known answer, outside of every count."""

import io
from collections.abc import Callable, Iterable
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from PIL import Image

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.images.decoding.encode import grey_png, pixel_hash, thumbnail
from radrate.images.models import Batch, Origin, Radiograph, Rejection
from radrate.images.mutations import Mutated, Unsuited, mutate
from radrate.images.regions import store_region
from radrate.images.storage import sha256, store_together

KEPT = (
    "body_part_examined",
    "view_position",
    "image_laterality",
    "age_group",
    "finding",
    "modality",
    "pixel_spacing",
    "bits_stored",
    "licence",
    "attribution",
)
"""What a mutated image has from its source."""


@transaction.atomic
def catch_batch(*, actor: User | None, held_by: UUID, title: str) -> Batch:
    """The batch of whatever holds the catch trials, made if there is none yet."""
    key = {"held_by": str(held_by)}
    batch = Batch.objects.filter(kind=Batch.Kind.CATCH, manifest=key).first()
    if batch is None:
        batch = Batch.objects.create(
            kind=Batch.Kind.CATCH,
            title=title[:200],
            state=Batch.State.FINISHED,
            manifest=key,
            created_by=actor,
        )
        record(actor=actor, verb="make_catch_trials", target=batch, title=title)
    return batch


def make_catch_images(
    *,
    batch: Batch,
    wanted: Iterable[tuple[Radiograph, str]],
    seed: int,
    proceed: Callable[[], None] = lambda: None,
) -> list[Radiograph | None]:
    """One image for each wanted (source, name of a mutation), None where the source does not suit.

    What exists already is not made again, so that a second call goes on where the first ended.
    `proceed` is called before each and may raise to stop.
    """
    made = []
    for source, mutation in wanted:
        proceed()
        made.append(_known(batch, source, mutation, seed) or _made(batch, source, mutation, seed))
    return made


def _name(source: Radiograph, mutation: str, seed: int) -> str:
    return f"{mutation} of {source.pk} by {seed}"


def _known(batch: Batch, source: Radiograph, mutation: str, seed: int) -> Radiograph | None:
    return batch.radiographs.filter(source_name=_name(source, mutation, seed)).first()


def _made(batch: Batch, source: Radiograph, mutation: str, seed: int) -> Radiograph | None:
    name = _name(source, mutation, seed)
    if batch.rejections.filter(name=name).exists():
        return None
    try:
        mutated = mutate(mutation, _pixels(source), seed)
    except Unsuited:
        _reject(batch, name)
        return None
    files = _archived(mutated)
    try:
        with transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(
                requested=F("requested") + 1, made=F("made") + 1
            )
            return Radiograph.objects.create(
                batch=batch,
                origin=Origin.SYNTHETIC,
                state=Radiograph.State.ACCEPTED,
                source_name=name,
                source=source,
                provenance=dict(mutated.provenance),
                **{field: getattr(source, field) for field in KEPT},
                **files,
            )
    except IntegrityError:  # another process made it meanwhile
        return _known(batch, source, mutation, seed)


def _reject(batch: Batch, name: str) -> None:
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(
            requested=F("requested") + 1, failed=F("failed") + 1
        )
        Rejection.objects.create(
            batch=batch,
            name=name,
            code="unsuited",
            message=_("On this image the change would not be plain."),
        )


def _pixels(source: Radiograph) -> np.ndarray:
    with source.pixels.open("rb") as file:
        image = Image.open(io.BytesIO(file.read()), formats=["PNG"])
        deep = image.mode.startswith("I")
        return np.asarray(image).astype(np.uint16) if deep else np.asarray(image.convert("L"))


def _archived(mutated: Mutated) -> dict[str, object]:
    """Write the files, and say what the row knows of them."""
    png = grey_png(mutated.pixels)
    original, pixels, small = store_together(
        ("originals", png, ".png"),
        ("pixels", png, ".png"),
        ("thumbnails", thumbnail(mutated.pixels), ".png"),
    )
    rows, columns = mutated.pixels.shape
    return {
        "rows": rows,
        "columns": columns,
        "media_type": "image/png",
        "sha256": sha256(png),
        "pixel_hash": pixel_hash(mutated.pixels),
        "original": original,
        "pixels": pixels,
        "thumbnail": small,
        **store_region(mutated.region),
    }
