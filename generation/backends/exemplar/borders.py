"""What at a film's border is no anatomy: frame lines and lead markers."""

import cv2
import numpy as np
from scipy import ndimage

from generation.backends.exemplar.pixels import Floats, Mask, grown, resized, scaled

WIDEST_FRAME = 0.03  # share that frame lines and shutters may take from a side
NEVER_TRUSTED = 0.004  # share that is cut from every side of a guide anyway
JUMP = 0.12  # mean step in grey from one row to the next that is a frame, not anatomy
ZONE = 0.25  # share from the border in which markers lie
LETTER = (0.024, 0.075)  # shortest and longest side of a marker, share
BRIGHTER = 0.15  # than its surroundings
SEARCHED_SIDE = 384  # longest side at which markers are looked for
CALM = 0.04  # deviation of a marker's surroundings


def frame_widths(image: Floats) -> tuple[int, int, int, int]:
    """Pixels of frame lines at left, top, right and bottom."""
    left, right = _frame_rows(image.T), _frame_rows(image.T[::-1])
    return left, _frame_rows(image), right, _frame_rows(image[::-1])


def _frame_rows(image: Floats) -> int:
    """Rows from the top up to the last abrupt change of the row's level."""
    widest = min(max(3, round(WIDEST_FRAME * max(image.shape))), len(image) // 10)
    steps = np.abs(np.median(np.diff(image[: widest + 1], axis=0), axis=1))
    abrupt = np.flatnonzero(steps > JUMP)
    return int(abrupt[-1]) + 2 if len(abrupt) else 0


def within_frame(image: Floats, trusted: float = NEVER_TRUSTED) -> Mask:
    """All but the frame lines and a thin rim."""
    rim = round(trusted * max(image.shape))
    left, top, right, bottom = (width + rim for width in frame_widths(image))
    valid = np.zeros(image.shape, bool)
    valid[top : image.shape[0] - bottom, left : image.shape[1] - right] = True
    return valid


def markers(image: Floats) -> Mask:
    """Lead letters, dots and scale bars near the border: small, bright, on a calm ground."""
    factor = min(1.0, SEARCHED_SIDE / max(image.shape))
    found = resized(_markers(scaled(image, factor)).astype(np.float32), image.shape)
    return found > 0


def _markers(image: Floats) -> Mask:
    longest = max(image.shape)
    size = round(LETTER[1] * longest) | 1
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    ground = cv2.morphologyEx(image, cv2.MORPH_OPEN, element)
    bright = _near_border(image.shape) & (image - ground > BRIGHTER)
    labels, count = ndimage.label(ndimage.binary_dilation(bright, iterations=2))
    found = np.zeros(image.shape, bool)
    for label, box in enumerate(ndimage.find_objects(labels, count), start=1):
        sides = [part.stop - part.start for part in box]
        if not LETTER[0] * longest <= max(sides) <= 1.4 * LETTER[1] * longest:
            continue
        wide = tuple(slice(max(part.start - 6, 0), part.stop + 6) for part in box)
        letter = labels[wide] == label
        surroundings = ~grown(letter, 2)
        if surroundings.sum() > 20 and image[wide][surroundings].std() < CALM:
            found[wide] |= grown(letter, 2)
    return found


def _near_border(shape: tuple[int, int]) -> Mask:
    rows, columns = shape
    zone = round(ZONE * min(shape))
    near = np.ones(shape, bool)
    near[zone : rows - zone, zone : columns - zone] = False
    return near


def anatomy_of(image: Floats) -> Mask:
    """Where a film can be trusted to show the patient."""
    return within_frame(image) & ~markers(image)
