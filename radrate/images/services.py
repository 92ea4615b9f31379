"""Writes: store what was generated, review, exclude, note who saw what."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import DomainError
from radrate.images.models import Batch, BatchExposure, Embargo, Exposure, Origin, Radiograph
from radrate.images.rasters import raster
from radrate.images.regions import Bits, store_region
from radrate.images.storage import sha256, store_together

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
DESCRIBED = ("body_part_examined", "view_position", "image_laterality", "age_group", "finding")
"""What a manager may correct of a real image."""


def store_generated(
    *,
    batch: Batch,
    origin: str,
    name: str,
    image: Image.Image,
    raw: bytes | None,
    media_type: str,
    anatomy: Mapping[str, str],
    provenance: Mapping[str, Any],
    source: Radiograph | None = None,
    guides: Iterable[Radiograph] = (),
    pixel_spacing: float | None = None,
    licence: str = "",
    attribution: str = "",
    edited_region: Bits | None = None,
) -> Radiograph:
    """Archive one generated image and return its Radiograph; `name` is unique in the batch.

    `raw` is the file as the generator gave it (None: the re-encoded pixels are the original).
    `anatomy` has body_part_examined, view_position, image_laterality, age_group and finding.
    `pixel_spacing` is in mm per pixel; licence and attribution are those of source and guides.
    `edited_region` is where the image was changed, if that is known, of the image's shape.
    Files are written before the row, so a row always has its files.
    """
    if origin not in (Origin.SYNTHETIC, Origin.SIMULATED):
        raise ValueError(f"a generated image cannot have origin {origin}")
    pixels = raster(image)
    original = pixels.png if raw is None else raw
    if raw is None:
        media_type = "image/png"
    names = store_together(
        ("originals", original, SUFFIXES[media_type]),
        ("pixels", pixels.png, ".png"),
        ("thumbnails", pixels.thumbnail, ".webp"),
    )
    with transaction.atomic(savepoint=False):
        radiograph = Radiograph.objects.create(
            batch=batch,
            origin=origin,
            state=Radiograph.State.ACCEPTED,
            source_name=name,
            **anatomy,
            rows=pixels.rows,
            columns=pixels.columns,
            bits_stored=8,
            media_type=media_type,
            sha256=sha256(original),
            pixel_hash=pixels.pixel_hash,
            original=names[0],
            pixels=names[1],
            thumbnail=names[2],
            source=source,
            pixel_spacing=pixel_spacing and [pixel_spacing, pixel_spacing],
            licence=licence[:200],
            attribution=attribution,
            provenance=dict(provenance),
            **store_region(edited_region),
        )
        radiograph.guides.add(*guides)
    return radiograph


@transaction.atomic
def confirm_review(
    *,
    actor: User,
    ids: Iterable[UUID],
    details: Mapping[UUID, Mapping[str, str]] = MappingProxyType({}),
) -> int:
    """A manager has looked: no identity is burnt into these images. Returns how many it were.

    `details` are corrected on the way (see `describe`).
    """
    found = list(
        Radiograph.objects.filter(
            pk__in=list(ids), state=Radiograph.State.PENDING_REVIEW
        ).select_for_update()
    )
    for radiograph in found:
        describe(actor=actor, radiograph=radiograph, details=details.get(radiograph.pk, {}))
    Radiograph.objects.filter(pk__in=[radiograph.pk for radiograph in found]).update(
        state=Radiograph.State.ACCEPTED, reviewed_by=actor, reviewed_at=timezone.now()
    )
    for radiograph in found:
        record(actor=actor, verb="review", target=radiograph)
    return len(found)


@transaction.atomic
def describe(*, actor: User, radiograph: Radiograph, details: Mapping[str, str]) -> bool:
    """Correct what is said of a real image; returns whether anything changed. Raises DomainError.

    What a generated image shows was said by its campaign and stays as it is.
    """
    if set(details) - set(DESCRIBED):
        raise ValueError(f"not details of an image: {set(details) - set(DESCRIBED)}")
    before = Radiograph.objects.select_for_update().get(pk=radiograph.pk)
    if details and before.origin != Origin.REAL:
        raise DomainError(_("Only what is said of real images can be corrected."))
    changes = {
        name: [getattr(before, name), value]
        for name, value in details.items()
        if getattr(before, name) != value
    }
    if changes:
        Radiograph.objects.filter(pk=radiograph.pk).update(
            **{n: v for n, (_was, v) in changes.items()}
        )
        record(actor=actor, verb="describe", target=radiograph, **changes)
    return bool(changes)


@transaction.atomic
def exclude(*, actor: User, ids: Iterable[UUID], reason: str) -> int:
    """Take images out of every study, also of one that is being read; the reason is kept.

    Catch trials that were made of them go with them. There is no way back. Returns how many it
    were.
    """
    if not reason.strip():
        raise DomainError(_("Say why these images are excluded."))
    named = list(ids)
    meant = Q(pk__in=named) | Q(source__in=named, batch__kind=Batch.Kind.CATCH)
    found = list(
        Radiograph.objects.filter(meant)
        .exclude(state=Radiograph.State.EXCLUDED)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    now = timezone.now()
    for radiograph in found:
        radiograph.state = Radiograph.State.EXCLUDED
        radiograph.excluded_because = reason.strip()
        radiograph.excluded_at = now
        radiograph.reviewed_by = actor
        radiograph.reviewed_at = radiograph.reviewed_at or now
    Radiograph.objects.bulk_update(
        found, ["state", "excluded_because", "excluded_at", "reviewed_by", "reviewed_at"]
    )
    for radiograph in found:
        record(actor=actor, verb="exclude", target=radiograph, reason=reason.strip())
    return len(found)


def note_exposure(*, user: User, ids: Iterable[UUID]) -> None:
    """Remember that this person saw these radiographs outside of a blinded reading."""
    Exposure.objects.bulk_create(
        [Exposure(user=user, radiograph_id=pk) for pk in ids], ignore_conflicts=True
    )


def note_opened(*, user: User, batch: Batch) -> None:
    """Remember that this person opened the batch's page, whatever it showed."""
    BatchExposure.objects.bulk_create(
        [BatchExposure(user=user, batch=batch)], ignore_conflicts=True
    )


def set_embargo(*, user: User, ids: Iterable[UUID], held_by: UUID) -> None:
    """Hide these radiographs from the person until `lift_embargo` for the same holder."""
    Embargo.objects.bulk_create(
        [Embargo(user=user, radiograph_id=pk, held_by=held_by) for pk in ids],
        ignore_conflicts=True,
    )


def lift_embargo(*, held_by: UUID) -> None:
    Embargo.objects.filter(held_by=held_by).delete()
