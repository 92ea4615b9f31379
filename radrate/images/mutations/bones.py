"""Where the bones of a radiograph are, found without knowing what it shows.

A bone is brighter than the soft tissue around it; collimation, letters and the film's white edges
are brighter still but flat, thin or small. The answer is right often enough for a catch trial, not
for anatomy.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from radrate.images.mutations.grey import Bits, Floats, blur, coarse, disc

AROUND = 1 / 10  # of the longest side: the surroundings that a bone stands out from
SMOOTH = 1 / 170
LEAST_AREA = 1 / 400  # of the film
FLAT = 0.004  # local deviation of what is no anatomy: collimation, a painted margin


class Unsuited(ValueError):
    """The film shows no bone, or none whose change would be plain."""


def bones(values: Floats) -> Bits:
    """Bright structure of a film, of the coarse copy's shape; the brightest half of the anatomy
    where nothing stands out."""
    small = coarse(values)
    side = max(small.shape)
    anatomy = _anatomy(small, side)
    smooth = blur(small, side * SMOOTH)
    over = np.where(anatomy, smooth - _mean_within(smooth, anatomy, side * AROUND), 0)
    if not anatomy.any():
        return np.zeros(small.shape, bool)
    bright = anatomy & (over > _otsu(over[anatomy]))
    bright &= smooth > np.quantile(smooth[anatomy], 0.4)
    found = _large(_opened(bright, side / 128), LEAST_AREA)
    if not found.any():
        found = anatomy & (smooth >= np.median(smooth[anatomy]))
    return found


def _anatomy(small: Floats, side: int) -> Bits:
    """What is exposed and not flat."""
    deviation = np.sqrt(np.maximum(blur(small**2, side / 100) - blur(small, side / 100) ** 2, 0))
    lit = (small > 0.06) & (small < 0.985)
    return _large(_opened(lit & (deviation > FLAT), side / 128), 0.02)


def _mean_within(values: Floats, mask: Bits, sigma: float) -> Floats:
    """A Gaussian mean of the pixels of the mask alone."""
    weight = mask.astype(np.float32)
    return blur(values * weight, sigma) / np.maximum(blur(weight, sigma), 1e-3)


def _otsu(values: NDArray[np.float32]) -> float:
    """The threshold that best parts the values in two."""
    low, high = np.quantile(values, (0.005, 0.995))
    levels = np.clip((values - low) / max(high - low, 1e-6) * 255, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(low + level / 255 * (high - low))


def _opened(mask: Bits, radius: float) -> Bits:
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc(radius)).astype(bool)


def _large(mask: Bits, share: float) -> Bits:
    """Its connected parts of at least this share of the film."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA]
    kept = [label for label in range(1, count) if areas[label] >= share * mask.size]
    return np.isin(labels, kept)
