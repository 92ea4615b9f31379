"""PNG and JPEG to grey pixels."""

from typing import BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from radrate.images.decoding import limits
from radrate.images.decoding.encode import Pixels
from radrate.images.decoding.refusal import Refused

# Our own limit is lower and is checked before any pixel is loaded; Pillow's would only warn.
Image.MAX_IMAGE_PIXELS = None

_IHDR_BIT_DEPTH = 24
_WITH_ALPHA = ("LA", "PA", "RGBA")


def read_raster(stream: BinaryIO, head: bytes) -> tuple[Pixels, list[str]]:
    """Luminance (ITU-R 601) and codes of warnings. Grey PNG of 16 bits stay so."""
    try:
        image = Image.open(stream, formats=["PNG", "JPEG"])
    except UnidentifiedImageError as error:
        raise Refused("damaged") from error
    check_size(columns=image.width, rows=image.height)
    if image.format == "PNG" and getattr(image, "is_animated", False):
        raise Refused("animated")
    try:
        return _grey(image, head)
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("truncated" if "truncated" in str(error) else "damaged") from error


def check_size(*, columns: int, rows: int) -> None:
    """Raises Refused before anything of that size is allocated."""
    check_not_huge(columns=columns, rows=rows)
    if min(columns, rows) < limits.SHORTEST_SIDE:
        raise Refused("too_small", columns=columns, rows=rows, limit=limits.SHORTEST_SIDE)


def check_not_huge(*, columns: int, rows: int) -> None:
    if columns * rows > limits.PIXELS:
        limit_mp = limits.PIXELS // 1_000_000
        raise Refused("too_many_pixels", columns=columns, rows=rows, limit_mp=limit_mp)


def _grey(image: Image.Image, head: bytes) -> tuple[Pixels, list[str]]:
    image.load()
    warnings = []
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    sixteen_bit = image.mode.startswith("I")
    if image.format == "PNG" and head[_IHDR_BIT_DEPTH] == 16 and not sixteen_bit:
        warnings.append("reduced_to_8_bit")
    if image.mode in _WITH_ALPHA or (image.mode == "P" and "transparency" in image.info):
        image, see_through = _on_black(image)
        warnings += ["transparency"] if see_through else []
    if not sixteen_bit:
        image = image.convert("L")
    if orientation in range(2, 9):
        image = ImageOps.exif_transpose(image)
        warnings.append("turned")
    return np.asarray(image).astype(np.uint16 if sixteen_bit else np.uint8, copy=False), warnings


def _on_black(image: Image.Image) -> tuple[Image.Image, bool]:
    """The image over black, and whether anything showed through."""
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return image, False
    black = Image.new("L", image.size)
    return Image.composite(image.convert("L"), black, alpha), True
