"""Where a guide lies on a source: exhaustive masked correlation, then an affine refinement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from scipy import fft

from generation.backends.exemplar.affine import refined
from generation.backends.exemplar.pixels import (
    Floats,
    Mask,
    Matrix,
    correlation,
    covered,
    depth,
    masked_blur,
    membrane,
    scaled,
    scaled_mask,
    warped,
)

COARSE_SIDE, FINE_SIDE = 64, 200  # longest side of the source in the two searches
SCALES = (0.6, 0.72, 0.85, 1.0, 1.18, 1.4, 1.65)
KNOWN_SCALES = (0.88, 1.0, 1.14)  # where both pixel spacings are known
ROTATIONS = (-20, -10, 0, 10, 20)  # degrees
REFINED = 4  # places of the coarse search that are refined
MISSING_COST = 0.15  # of the score, where the guide covers none of what is weighed


@dataclass(frozen=True, slots=True)
class Search:
    """How a guide is looked for.

    `near` (share) is how fast the weight of a known pixel falls with its distance from the hole;
    `overlap` the part of the weight that the guide must cover; `ratio` its known size in pixels
    relative to the source's, None where unknown: then its longest side is taken for about `field`
    pixels of the source, 0 for the source's own longest side; `quick` looks upright and coarsely.
    """

    flips: tuple[bool, ...] = (False, True)
    near: float = 0.25
    overlap: float = 0.6
    ratio: float | None = None
    field: int = 0
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """`matrix` takes a pixel of the source to one of the guide; `score` is their correlation."""

    score: float
    matrix: Matrix
    flipped: bool
    scale: float
    rotation: float

    def resembles(self, other: "Registration") -> bool:
        return (
            self.flipped == other.flipped
            and abs(np.log(self.scale / other.scale)) <= 0.2
            and abs(self.rotation - other.rotation) <= 12
        )


def features(values: Floats, known: Mask) -> Floats:
    """Grey, local contrast and edges in one image, so that exposure matters little."""
    pixel = max(values.shape) / 128
    smooth = masked_blur(values, known, pixel)
    local = smooth - masked_blur(values, known, 10 * pixel)
    edges = pixel * np.hypot(
        cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    )
    parts = zip((0.5, 1.0, 0.3), (smooth, local, edges), strict=True)
    mixed = sum(weight * part / (part[known].std() + 1e-6) for weight, part in parts)
    return np.where(known, mixed - mixed[known].mean(), 0).astype(np.float32)


def register(
    source: Floats, known: Mask, guide: Floats, valid: Mask, search: Search
) -> Registration | None:
    """The best place of the guide on what is known of the source; None where none overlaps."""
    poses = sorted(_coarse(source, known, guide, valid, search), key=lambda pose: -pose.score)
    if search.quick:
        return poses[0] if poses else None
    distinct: list[Registration] = []
    for pose in poses:
        if len(distinct) == REFINED:
            break
        if not any(pose.resembles(other) for other in distinct):
            distinct.append(pose)
    return _refined(source, known, guide, valid, poses=distinct, search=search)


def _weights(known: Mask, near: float) -> Floats:
    fall = np.exp(-depth(known) / (near * max(known.shape))) if not known.all() else 1.0
    return ((fall + 0.05) * known).astype(np.float32)


def _coarse(
    source: Floats, known: Mask, guide: Floats, valid: Mask, search: Search
) -> Iterator[Registration]:
    factor = COARSE_SIDE / max(source.shape)
    small, small_known = scaled(source, factor), scaled_mask(known, factor)
    correlator = Correlator(features(small, small_known), _weights(small_known, search.near))
    base = search.ratio or (search.field or max(source.shape)) / max(guide.shape)
    scales: Sequence[float] = KNOWN_SCALES if search.ratio else SCALES
    rotations: Sequence[int] = (0,) if search.quick else ROTATIONS
    scales = scales[1::2] if search.quick else scales
    for flipped in search.flips:
        image, mask = (guide[:, ::-1], valid[:, ::-1]) if flipped else (guide, valid)
        for scale in scales:
            reduced = factor * base * scale
            shown = scaled(np.ascontiguousarray(image), reduced)
            open_part = scaled_mask(np.ascontiguousarray(mask), reduced, 0.9)
            for rotation in rotations:
                turn, turned, turned_mask = _turned(shown, open_part, rotation)
                if turned_mask.sum() < 50:
                    continue
                score, shift = correlator.best_shift(
                    features(turned, turned_mask), turned_mask, search.overlap
                )
                matrix = _composed(
                    turn,
                    shift,
                    factor=factor,
                    reduced=reduced,
                    flipped=flipped,
                    guide_width=guide.shape[1],
                )
                cost = 0.04 * abs(np.log(scale)) + 0.0015 * abs(rotation)
                yield Registration(score - cost, matrix, flipped, scale, rotation)


def _turned(image: Floats, mask: Mask, degrees: float) -> tuple[Matrix, Floats, Mask]:
    """Image and mask rotated into a frame that holds all of them, and the matrix that did it."""
    rows, columns = image.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    width, height = int(rows * sine + columns * cosine), int(rows * cosine + columns * sine)
    matrix[0, 2] += (width - columns) / 2
    matrix[1, 2] += (height - rows) / 2
    size = (max(width, 1), max(height, 1))
    turned = cv2.warpAffine(mask.astype(np.float32), matrix, size) > 0.9
    return matrix, cv2.warpAffine(image, matrix, size), turned


def _square(matrix: Matrix) -> Matrix:
    return np.vstack([matrix, [0, 0, 1]])


def _composed(
    turn: Matrix,
    shift: tuple[int, int],
    *,
    factor: float,
    reduced: float,
    flipped: bool,
    guide_width: int,
) -> Matrix:
    """Source pixel → small source → shifted → turned back → guide's own pixel."""
    moved = np.array([[1.0, 0, -shift[0]], [0, 1, -shift[1]], [0, 0, 1]])
    matrix = _square(cv2.invertAffineTransform(turn)) @ moved @ np.diag([factor, factor, 1])
    matrix = np.diag([1 / reduced, 1 / reduced, 1]) @ matrix
    if flipped:
        matrix = np.array([[-1.0, 0, guide_width - 1], [0, 1, 0], [0, 0, 1]]) @ matrix
    return matrix[:2]


class Correlator:
    """Weighted masked normalised cross-correlation over all shifts (Padfield 2012)."""

    def __init__(self, image: Floats, weight: Floats) -> None:
        self.image, self.weight = image, weight
        self._spectra: dict[tuple[int, int], tuple[np.ndarray, ...]] = {}

    def best_shift(
        self, guide: Floats, valid: Mask, overlap: float
    ) -> tuple[float, tuple[int, int]]:
        """The best correlation, and by how much (x, y) the guide must be moved for it."""
        sides = zip(self.image.shape, guide.shape, strict=True)
        rows, columns = (_padded(a + b) for a, b in sides)
        spectra = self._source_spectra((rows, columns))
        mask = valid.astype(np.float32)
        others = [
            np.conj(fft.rfft2(part, (rows, columns)))
            for part in (mask, guide * mask, guide**2 * mask)
        ]

        def over_shifts(first: int, second: int) -> Floats:
            return fft.irfft2(spectra[first] * others[second], (rows, columns))

        weight = np.maximum(over_shifts(0, 0), 1e-3)
        ours, theirs = over_shifts(1, 0), over_shifts(0, 1)
        product = over_shifts(1, 1) - ours * theirs / weight
        power = (over_shifts(2, 0) - ours**2 / weight) * (over_shifts(0, 2) - theirs**2 / weight)
        enough = weight > overlap * self.weight.sum()
        scores = np.where(enough, product / np.sqrt(np.maximum(power, 1e-3)), -1)
        y, x = divmod(int(scores.argmax()), columns)
        best = float(scores[y, x])
        y -= rows if y > self.image.shape[0] else 0
        x -= columns if x > self.image.shape[1] else 0
        return best, (x, y)

    def _source_spectra(self, shape: tuple[int, int]) -> tuple[np.ndarray, ...]:
        if shape not in self._spectra:
            parts = (self.weight, self.image * self.weight, self.image**2 * self.weight)
            self._spectra[shape] = tuple(fft.rfft2(part, shape) for part in parts)
        return self._spectra[shape]


def _padded(side: int) -> int:
    """A size that the transform is fast at and that many guides share."""
    return -(-side // 32) * 32


def _refined(
    source: Floats,
    known: Mask,
    guide: Floats,
    valid: Mask,
    *,
    poses: Sequence[Registration],
    search: Search,
) -> Registration | None:
    factor = min(1.0, FINE_SIDE / max(source.shape))
    small_known = scaled_mask(known, factor)
    ours = features(scaled(source, factor), small_known)
    weight = _weights(small_known, search.near)
    whole = membrane(guide, valid)
    best: Registration | None = None
    for pose in poses:
        reduced = min(factor / np.sqrt(abs(np.linalg.det(pose.matrix[:, :2]))), 1.0)
        small_guide, small_valid = scaled(whole, reduced), scaled_mask(valid, reduced)
        theirs = features(small_guide, np.ones_like(small_valid))
        into, back = np.diag([reduced, reduced, 1]), np.diag([1 / factor, 1 / factor, 1])
        start = (into @ _square(pose.matrix) @ back)[:2]
        for matrix in (start, refined(ours, theirs, small_valid, weight, start)):
            if matrix is None or not _sane(start, matrix):
                continue
            seen = weight * covered(small_valid, matrix, ours.shape)
            missing = 1 - seen.sum() / weight.sum()
            if missing > 1 - 0.8 * search.overlap:
                continue
            score = correlation(ours, warped(theirs, matrix, ours.shape), seen)
            score -= MISSING_COST * missing
            if best is None or score > best.score:
                outer = np.diag([1 / reduced, 1 / reduced, 1]) @ _square(matrix)
                full = (outer @ np.diag([factor, factor, 1]))[:2]
                best = Registration(float(score), full, pose.flipped, pose.scale, pose.rotation)
    return best


def _sane(start: Matrix, matrix: Matrix) -> bool:
    """Whether the refinement stretched the guide by no more than a person differs from another."""
    stretch = np.linalg.svd(np.linalg.solve(start[:, :2], matrix[:, :2]))[1]
    return bool(stretch[0] < 1.5 and stretch[1] > 0.66 and stretch[0] < 1.3 * stretch[1])
