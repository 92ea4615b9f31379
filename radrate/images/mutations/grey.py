"""Grey images as floats and back, and what they look like coarsely. Pure: arrays in, arrays out."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bits = NDArray[np.bool_]

COARSE_SIDE = 512  # px of the longest side on which bones are found


def to_floats(pixels: NDArray) -> Floats:
    """0 to 1, of an 8- or 16-bit image (rows, columns). Raises ValueError for anything else."""
    if pixels.ndim != 2 or pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"not an 8- or 16-bit grey image: {pixels.dtype}, {pixels.ndim} axes")
    return pixels.astype(np.float32) / np.iinfo(pixels.dtype).max


def from_floats(values: Floats, like: NDArray) -> NDArray:
    """Back to the depth of `like`."""
    most = np.iinfo(like.dtype).max
    return np.rint(np.clip(values, 0, 1) * most).astype(like.dtype)


def blur(values: Floats, sigma: float) -> Floats:
    """Gaussian, sigma in px."""
    return cv2.GaussianBlur(values, (0, 0), max(sigma, 0.3), borderType=cv2.BORDER_REFLECT)


def resized(values: NDArray, shape: tuple[int, int]) -> NDArray:
    """To (rows, columns): by area when it shrinks, linear when it grows."""
    shrinks = shape[0] < values.shape[0]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(values, (shape[1], shape[0]), interpolation=way)


def coarse(values: Floats) -> Floats:
    """At most `COARSE_SIDE` px wide and high."""
    scale = min(1.0, COARSE_SIDE / max(values.shape))
    rows, columns = (max(8, round(side * scale)) for side in values.shape)
    return resized(values, (rows, columns))


def disc(radius: float) -> NDArray[np.uint8]:
    """A structuring element of about `radius` px."""
    side = 2 * max(1, round(radius)) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
