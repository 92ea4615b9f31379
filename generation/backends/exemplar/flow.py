"""A registered guide bent to the source: optical flow where both are seen, harmonic in the hole."""

from dataclasses import dataclass

import cv2
import numpy as np

from generation.backends.exemplar.pixels import (
    Floats,
    Mask,
    Matrix,
    blurred,
    covered,
    depth,
    membrane,
    resized,
    scaled,
    scaled_mask,
    warped,
)
from generation.backends.exemplar.tones import octave_matched, tone_mapped

FLOW_SIDE = 512  # longest side on which the flow is measured
LONGEST = 0.05  # share that the flow may move a pixel; more tears the anatomy
ENOUGH = 500  # pixels seen in both, without which greys cannot be compared
REFINEMENT = 40.0  # of the variational smoothing of the flow


@dataclass(frozen=True, slots=True)
class Pass:
    """One measurement of the flow: its finest pyramid level, smoothing and border in pixels."""

    finest: int
    smoothing: float
    border: float


PASSES = (Pass(1, 14, 6), Pass(0, 8, 4))  # a third or a finer one tears the anatomy


@dataclass(frozen=True, slots=True)
class Aligned:
    """A guide in the frame of the source, in its greys, and where it says something."""

    image: Floats
    covered: Mask


def aligned(
    source: Floats, known: Mask, guide: Floats, valid: Mask, *, matrix: Matrix, near: float
) -> Aligned | None:
    """The guide moved, bent and toned; greys are those known within `near` (share) of the hole.

    None where source and guide share too little.
    """
    bending = Bending(source, known, guide, valid, matrix=matrix, near=near)
    for measurement in PASSES:
        if not bending.measure(measurement):
            return None
    return bending.result()


class Bending:
    """The guide as far as it has been bent. `flow` is in pixels of the source."""

    def __init__(
        self,
        source: Floats,
        known: Mask,
        guide: Floats,
        valid: Mask,
        *,
        matrix: Matrix,
        near: float,
    ) -> None:
        self.source, self.known, self.valid, self.matrix = source, known, valid, matrix
        self.whole = membrane(guide, valid)
        self.close = known & (depth(known) < near * max(source.shape)) if not known.all() else known
        self.flow: Floats | None = None
        self._show()

    def _show(self) -> None:
        shape = self.source.shape
        self.covered = covered(self.valid, self.matrix, shape, self.flow)
        self.image = warped(self.whole, self.matrix, shape, self.flow)
        chosen = self.close & self.covered
        if chosen.sum() <= ENOUGH:
            chosen = self.known & self.covered
        self.chosen = chosen
        if chosen.sum() > ENOUGH:
            self.image = tone_mapped(self.image, self.source, chosen)

    def measure(self, measurement: Pass) -> bool:
        """Bend by one more pass; False where source and guide share too little."""
        if self.chosen.sum() <= ENOUGH:
            return False
        step = self._step(measurement)
        if self.flow is not None:
            still = np.eye(3)[:2]
            step = step + warped(self.flow, still, self.source.shape, step)
        self.flow = step.astype(np.float32)
        self._show()
        return bool(self.chosen.sum() > ENOUGH)

    def _step(self, measurement: Pass) -> Floats:
        factor = min(1.0, FLOW_SIDE / max(self.source.shape))
        both = self.known & self.covered
        mixed = np.where(both, self.source, self.image).astype(np.float32)
        wanted, shown = (_equalised(part, factor) for part in (mixed, self.image))
        method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        method.setFinestScale(measurement.finest)
        method.setVariationalRefinementAlpha(REFINEMENT)
        flow = method.calc(wanted, shown, np.zeros((*wanted.shape, 2), np.float32))
        seen = scaled_mask(both, factor, 0.9)
        trusted = seen & (depth(seen) > measurement.border) if not seen.all() else seen
        smooth = _weighed(flow, _edge_strength(wanted) * trusted, measurement.smoothing)
        length = np.linalg.norm(smooth, axis=2, keepdims=True)
        limit = LONGEST * max(wanted.shape)
        smooth = smooth * np.minimum(1, limit / np.maximum(length, 1e-3))
        spread = membrane(smooth.astype(np.float32), trusted)
        return resized(spread, self.source.shape) / np.float32(factor)

    def result(self) -> Aligned:
        mixed = np.where(self.known, self.source, self.image).astype(np.float32)
        toned = octave_matched(self.image, mixed, self.chosen)
        return Aligned(toned, self.covered)


def _equalised(values: Floats, factor: float) -> np.ndarray:
    small = scaled(blurred(values, 0.6 / factor), factor)
    eight = np.clip(small * 255, 0, 255).astype(np.uint8)
    return cv2.createCLAHE(3, (6, 6)).apply(eight)


def _edge_strength(image: np.ndarray) -> Floats:
    smooth = blurred(image.astype(np.float32), 1)
    power = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) ** 2 + cv2.Sobel(smooth, cv2.CV_32F, 0, 1) ** 2
    return np.clip(power / (np.percentile(power, 80) + 1), 0.01, 1)


def _weighed(flow: Floats, weight: Floats, smoothing: float) -> Floats:
    total = blurred(flow * weight[..., None], smoothing)
    return total / np.maximum(blurred(weight.astype(np.float32), smoothing), 1e-4)[..., None]
