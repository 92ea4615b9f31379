"""Radiographs with real files, so that whatever reads them finds pixels."""

import itertools
from typing import Any

import numpy as np
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from PIL import Image

from radrate.images.decoding.encode import grey_png, pixel_hash
from radrate.images.models import Batch, Origin, Radiograph
from radrate.images.rasters import raster
from radrate.images.storage import sha256, store

SIDE = 64
_numbers = itertools.count(1)


def make_batch(**attrs: Any) -> Batch:
    values = {"kind": Batch.Kind.IMPORT, "title": "Films", "state": Batch.State.FINISHED}
    return Batch.objects.create(**values | attrs)


def make_image(*, shade: int = 120, side: int = SIDE) -> Image.Image:
    """A grey square, framed in black, that no other call of the run has made."""
    pixels = np.zeros((side, side), np.uint8)
    pixels[4:-4, 4:-4] = shade
    pixels[8, 8:12] = list(next(_numbers).to_bytes(4))
    return Image.fromarray(pixels)


def contents(file: FieldFile) -> bytes:
    with file.open("rb") as stream:
        return stream.read()


def make_radiograph(
    *,
    origin: str = Origin.REAL,
    batch: Batch | None = None,
    body_part_examined: str = "KNEE",
    view_position: str = "AP",
    state: str = Radiograph.State.ACCEPTED,
    shade: int = 120,
    **attrs: Any,
) -> Radiograph:
    """One image of its own pixels; what else the model holds may be given as `attrs`."""
    pixels = raster(make_image(shade=shade))
    is_excluded = state == Radiograph.State.EXCLUDED
    waits = state == Radiograph.State.PENDING_REVIEW
    values: dict[str, Any] = {
        "source_name": f"film-{next(_numbers)}.png",
        "rows": pixels.rows,
        "columns": pixels.columns,
        "bits_stored": 8,
        "media_type": "image/png",
        "sha256": sha256(pixels.png),
        "pixel_hash": pixels.pixel_hash,
        "original": store(folder="originals", data=pixels.png, suffix=".png"),
        "pixels": store(folder="pixels", data=pixels.png, suffix=".png"),
        "thumbnail": store(folder="thumbnails", data=pixels.thumbnail, suffix=".webp"),
        "reviewed_at": None if waits else timezone.now(),
        "excluded_because": "blurred" if is_excluded else "",
        "excluded_at": timezone.now() if is_excluded else None,
    }
    return Radiograph.objects.create(
        origin=origin,
        batch=batch or make_batch(),
        body_part_examined=body_part_examined,
        view_position=view_position,
        state=state,
        **values | attrs,
    )


def make_film(*, deep: bool = False, **attrs: Any) -> Radiograph:
    """A real film of 200 × 240 px: a shaft of bone across soft tissue, with grain of its own."""
    draw = np.random.default_rng(next(_numbers))
    across = np.abs(np.arange(200) - 100)[np.newaxis]
    grey = 0.35 + 0.35 * (across < 22) - 0.25 * (across > 80) + draw.normal(0, 0.02, (240, 200))
    depth = np.uint16 if deep else np.uint8
    pixels = (np.clip(grey, 0, 1) * np.iinfo(depth).max).astype(depth)
    values = {"rows": 240, "columns": 200, "bits_stored": 16 if deep else 8}
    return make_radiograph(
        pixels=store(folder="pixels", data=grey_png(pixels), suffix=".png"),
        pixel_hash=pixel_hash(pixels),
        **values | attrs,
    )
