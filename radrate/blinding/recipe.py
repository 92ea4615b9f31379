"""One code path from archived pixels to what a reader is sent. Pure: bytes in, bytes out."""

import io
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from radrate.blinding.framing import framing

RECIPE: Mapping[str, Any] = {
    "version": 1,
    "side": 1024,  # px; canvas and longest side of the image
    "crop": 16 / 1024,  # of each side, taken off every image alike
    "resampling": "lanczos",
    "encoder": "png-8-bit-grey",
}
CHUNK_OVERHEAD = 12  # length, type and CRC of a PNG chunk, bytes
END_CHUNK = 12


def render(archived: bytes, recipe: Mapping[str, Any] = RECIPE) -> bytes:
    """8-bit grey PNG of `side` × `side` px from an archived 8- or 16-bit grey PNG.

    The same margin is cropped from every image, the rest is fitted to the canvas and centred on
    black. What readers judge (collimation, noise, sharpness) is not touched.
    """
    grey = _eight_bit(Image.open(io.BytesIO(archived), formats=["PNG"]))
    frame = framing(grey.size, recipe)
    fitted = grey.crop(frame.crop).resize(frame.size, Image.Resampling.LANCZOS)
    canvas = Image.new("L", (frame.side, frame.side), 0)
    canvas.paste(fitted, frame.box[:2])
    stream = io.BytesIO()
    canvas.save(stream, "PNG", compress_level=6)
    return stream.getvalue()


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image).astype(np.uint32) // 257).astype(np.uint8))
    return image.convert("L")


def padded(png: bytes, length: int) -> bytes:
    """The same image in a valid PNG of exactly `length` bytes; a private chunk fills it."""
    filler = length - len(png) - CHUNK_OVERHEAD
    if filler < 0:
        raise ValueError(f"{len(png)} bytes do not fit into {length}")
    kind = b"paDd"
    body = bytes(filler)
    chunk = struct.pack(">I", filler) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return png[:-END_CHUNK] + chunk + png[-END_CHUNK:]


def common_length(lengths: list[int]) -> int:
    """The smallest length into which every file can be padded."""
    return max(lengths) + CHUNK_OVERHEAD
