"""Arithmetic on grey images as float32 from 0 to 1 with a mask of what is known.

Lengths called "share" are fractions of the longest side, so that nothing depends on resolution.
"""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]
Matrix: TypeAlias = NDArray[np.float64]  # (2, 3): pixel of the source to pixel of the guide
Shape: TypeAlias = tuple[int, int]  # rows, columns

REFERENCE_SIDE = 1024  # lengths in pixels are meant at this longest side
WIDE = 8.0  # sigma in pixels from which a blur is made on a coarser grid
SMOOTHINGS = 8  # of every level of the membrane

cv2.setNumThreads(1)  # a worker has one core, and OpenCV's threads do not survive its fork


def unit(shape: tuple[int, ...]) -> float:
    """What one pixel at the reference side is in an image of this shape."""
    return max(shape[:2]) / REFERENCE_SIDE


def blurred(values: Floats, sigma: float) -> Floats:
    """Gaussian blur; a wide one is made on as coarse a grid as it allows."""
    if sigma <= 0.3:
        return values
    if sigma > WIDE and min(values.shape[:2]) > 4 * sigma:
        factor = WIDE / 2 / sigma
        small = blurred(scaled(values, factor), sigma * factor)
        return cv2.resize(small, (values.shape[1], values.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.GaussianBlur(values, (0, 0), float(sigma), borderType=cv2.BORDER_REPLICATE)


def masked_blur(values: Floats, known: Mask, sigma: float) -> Floats:
    """Gaussian blur of the known pixels alone, also where none is near."""
    weight = known.astype(np.float32)
    return blurred(values * weight, sigma) / np.maximum(blurred(weight, sigma), 1e-4)


def band(values: Floats, fine: float, broad: float) -> Floats:
    """What is broader than `fine` and finer than `broad` (sigmas in pixels at the reference)."""
    pixel = unit(values.shape)
    return blurred(values, fine * pixel) - blurred(values, broad * pixel)


def resized(values: Floats, shape: Shape) -> Floats:
    """By area average when smaller, linear when larger."""
    smaller = shape[0] < values.shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return cv2.resize(values, (shape[1], shape[0]), interpolation=how)


def scaled(values: Floats, factor: float) -> Floats:
    rows, columns = (max(1, round(side * factor)) for side in values.shape[:2])
    return resized(values, (rows, columns))


def scaled_mask(mask: Mask, factor: float, share: float = 0.5) -> Mask:
    """True where more than `share` of a pixel's area was."""
    return scaled(mask.astype(np.float32), factor) > share


def depth(mask: Mask) -> Floats:
    """Distance in pixels of every true pixel from the nearest false one."""
    return cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)


def grown(mask: Mask, pixels: float) -> Mask:
    return depth(~mask) <= pixels if mask.any() else mask


def warped(
    values: Floats,
    matrix: Matrix,
    shape: Shape,
    flow: Floats | None = None,
    *,
    outside: int = cv2.BORDER_REPLICATE,
) -> Floats:
    """`values` seen from a frame of `shape`, whose pixel p shows matrix · (p + flow(p))."""
    x, y = np.meshgrid(np.arange(shape[1], dtype=np.float32), np.arange(shape[0], dtype=np.float32))
    if flow is not None:
        x, y = x + flow[..., 0], y + flow[..., 1]
    a, b = matrix.astype(np.float32)
    return cv2.remap(
        values,
        a[0] * x + a[1] * y + a[2],
        b[0] * x + b[1] * y + b[2],
        cv2.INTER_LINEAR,
        borderMode=outside,
    )


def covered(valid: Mask, matrix: Matrix, shape: Shape, flow: Floats | None = None) -> Mask:
    """Where a guide that is valid in `valid` says something in a frame of `shape`."""
    weight = valid.astype(np.float32)
    return warped(weight, matrix, shape, flow, outside=cv2.BORDER_CONSTANT) > 0.5


def correlation(first: Floats, second: Floats, weight: Floats) -> float:
    """Weighted Pearson correlation, 0 where nothing varies."""
    share = weight / max(float(weight.sum()), 1e-9)
    a, b = first - (first * share).sum(), second - (second * share).sum()
    power = float((a * a * share).sum()) * float((b * b * share).sum())
    return float((a * b * share).sum()) / np.sqrt(power) if power > 1e-16 else 0.0


def membrane(values: Floats, known: Mask) -> Floats:
    """Known values kept, the rest spread harmonically (Laplace) by a multigrid of area averages.

    `values` is (rows, columns) or (rows, columns, n).
    """
    rows, columns = known.shape
    lifted = known if values.ndim == 2 else known[..., None]
    if known.all():
        return values
    if min(rows, columns) <= 3 or not known.any():
        mean = values[known].mean(0) if known.any() else np.zeros(values.shape[2:], np.float32)
        return np.where(lifted, values, mean).astype(np.float32)
    half = ((columns + 1) // 2, (rows + 1) // 2)
    weight = cv2.resize(known.astype(np.float32), half, interpolation=cv2.INTER_AREA)
    total = cv2.resize(
        np.where(lifted, values, 0).astype(np.float32), half, interpolation=cv2.INTER_AREA
    )
    divisor = np.maximum(weight, 1e-6) if values.ndim == 2 else np.maximum(weight, 1e-6)[..., None]
    coarse = membrane((total / divisor).astype(np.float32), weight > 0.01)
    spread = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_LINEAR)
    spread = np.where(lifted, values, spread).astype(np.float32)
    for _ in range(SMOOTHINGS):
        smooth = cv2.blur(spread, (3, 3), borderType=cv2.BORDER_REFLECT_101)
        spread = np.where(lifted, values, smooth).astype(np.float32)
    return spread


def sealed(source: Floats, known: Mask, fill: Floats, reach: float = 0.0) -> Floats:
    """`fill` in the hole without a step at its border: the residual there is spread inwards.

    The residual dies away over `reach` (share) where that is not 0. Known pixels are untouched.
    """
    residual = masked_blur(source - fill, known, 1.5 * unit(source.shape))
    spread = membrane(np.where(known, residual, 0).astype(np.float32), known)
    if reach:
        spread = spread * np.exp(-depth(~known) / (reach * max(source.shape)))
    return np.where(known, source, fill + spread).astype(np.float32)
