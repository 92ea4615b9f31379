"""Fresh files from decoded pixels. What the original carried beside its pixels is not in them."""

import hashlib
import io

import numpy as np
from PIL import Image

from radrate.images.decoding import limits

Pixels = np.ndarray
"""Shape (rows, columns), dtype uint8 or uint16, MONOCHROME2."""


def pixel_hash(pixels: Pixels) -> str:
    """SHA-256 (hex) over shape, dtype and bytes."""
    digest = hashlib.sha256(f"{pixels.shape} {pixels.dtype.str}".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def grey_png(pixels: Pixels) -> bytes:
    return _png(Image.fromarray(pixels))


def thumbnail(pixels: Pixels) -> bytes:
    """A grey PNG of 8 bits in a square of THUMBNAIL_SIDE; 16 bits are cut to their upper 8."""
    eight_bit = pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)
    image = Image.fromarray(eight_bit)
    side = limits.THUMBNAIL_SIDE
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
