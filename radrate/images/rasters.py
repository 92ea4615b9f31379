"""Pixels of generated images as files, and of any image as a browser is sent it."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from radrate.images.decoding.encode import pixel_hash

THUMBNAIL_SIDE = 320
QUICK = 3  # zlib's level: of film grain a seventh more bytes than at 6, in a third of the time


@dataclass(frozen=True, slots=True)
class Raster:
    """8-bit grey pixels as files: `png` is the archive, `thumbnail` a WebP within 320 px."""

    png: bytes
    thumbnail: bytes
    pixel_hash: str
    columns: int
    rows: int


def encode(image: Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


def raster(image: Image.Image) -> Raster:
    """Luminance of any Pillow image, encoded afresh, without metadata."""
    grey = Image.fromarray(np.asarray(image.convert("L")))
    small = grey.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Raster(
        png=encode(grey, "PNG", compress_level=QUICK),
        thumbnail=encode(small, "WEBP", quality=85),
        pixel_hash=pixel_hash(np.asarray(grey)),
        columns=grey.width,
        rows=grey.height,
    )


def grey_within(archived: bytes, size: tuple[int, int]) -> Image.Image:
    """An archived 8- or 16-bit grey PNG as mode L of width × height px."""
    grey = _eight_bit(Image.open(io.BytesIO(archived), formats=["PNG"])).convert("L")
    return grey if grey.size == size else grey.resize(size, Image.Resampling.LANCZOS)


def _eight_bit(grey: Image.Image) -> Image.Image:
    if not grey.mode.startswith("I"):
        return grey
    return Image.fromarray((np.asarray(grey).astype(np.uint32) // 257).astype(np.uint8))


def for_browser(archived: bytes, *, side: int | None = None) -> bytes:
    """8-bit grey PNG of an archived 8- or 16-bit grey PNG, at most `side` px wide and high."""
    opened = Image.open(io.BytesIO(archived), formats=["PNG"])
    grey = _eight_bit(opened)
    if grey is opened and side is None:
        return archived
    if side is not None:
        grey.thumbnail((side, side), Image.Resampling.LANCZOS)
    return encode(grey, "PNG")
