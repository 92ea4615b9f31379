"""A side grown by its candidate: the edge goes on, and gives way to a guide where there is one."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from generation.backends.exemplar.candidates import Candidate
from generation.backends.exemplar.extrude import Course, air_below, extruded
from generation.backends.exemplar.pixels import Floats, Mask, depth, sealed, warped
from generation.backends.exemplar.profiles import matched
from generation.backends.exemplar.sides import down, up
from generation.backends.exemplar.variety import deformed

SEAL_REACH = 0.12  # share over which the residual at the seam dies away
RISE_SHAFT, RISE = 0.10, 0.03  # share over which an extrusion gives way to a guide
FADE = 0.04  # share from where a guide ends
SEAM_ROWS = 4
SEAM_SHIFT = 40  # a point of the seam moves by one part in so many of its width at most
DYING = 0.16  # share of the height over which that shift dies away


@dataclass(frozen=True, slots=True)
class Growing:
    """The canvas as far as it is known."""

    image: Floats
    known: Mask

    def grown(
        self,
        side: str,
        candidate: Candidate,
        variant: int,
        rng: np.random.Generator,
        *,
        shaft: bool,
    ) -> "Growing":
        """Everything from the known part to the end of `side`, as wide as what is known."""
        turned, mask = down(self.image, side), down(self.known, side)
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        top, first = int(rows[0]), int(rows[-1]) + 1
        span = slice(int(columns[0]), int(columns[-1]) + 1)
        above, missing = turned[top:first, span], len(turned) - first
        if candidate.method == "air":
            below = air_below(above, missing, rng)
        else:
            below = extruded(above, missing, rng, Course.of(rng) if variant else Course())
        turned[first:, span] = below
        if candidate.fill is not None:
            fill = deformed(candidate.fill, self.known, rng) if variant else candidate.fill
            guide = down(fill, side)[:, span], down(candidate.covered, side)[:, span]
            turned[:, span] = _led(turned[:, span], *guide, first, RISE_SHAFT if shaft else RISE)
        mask[top:, span] = True
        return Growing(up(turned, side), up(mask, side))


def _led(base: Floats, fill: Floats, covered: Mask, first: int, rise: float) -> Floats:
    """The base giving way from row `first` to the guide, whose profile is matched at the seam."""
    gap = int((covered[first:].mean(1) > 0.6).argmax())
    seam = first + gap  # where the guide begins a little outside, the extrusion bridges
    known = np.zeros(base.shape, bool)
    known[:seam] = True
    fitted = sealed(base, known, seam_matched(base, fill, seam), SEAL_REACH)
    longest = max(base.shape)
    y = np.arange(len(base))[:, None]
    share = np.clip((y - seam) / (rise * longest), 0, 1) ** 1.5
    share = share * np.clip(depth(covered) / (FADE * longest), 0, 1)
    return (share * fitted + (1 - share) * base).astype(np.float32)


def seam_matched(base: Floats, fill: Floats, seam: int) -> Floats:
    """The fill with its profile at the seam moved to the base's; the shift dies away outwards."""
    rows, columns = fill.shape
    step = max(1, columns // 400)

    def profile(image: Floats, start: int, stop: int) -> Floats:
        near = image[max(start, 0) : stop].mean(0)
        return ndimage.gaussian_filter1d(near, 1.0)[::step]

    ours = profile(base, seam - SEAM_ROWS, seam + 1)
    theirs = profile(fill, seam - SEAM_ROWS // 2, seam + SEAM_ROWS)
    shifts = step * matched(ours, theirs, max(3, columns // SEAM_SHIFT // step), 0.035)
    shifts = ndimage.gaussian_filter1d(shifts, 0.012 * columns / step)
    shifts = np.interp(np.arange(columns), np.arange(0, columns, step), shifts)
    y = np.maximum(np.arange(rows) - seam, 0)[:, None]
    flow = np.zeros((rows, columns, 2), np.float32)
    flow[..., 0] = np.exp(-((y / (DYING * rows)) ** 2)) * shifts
    return warped(fill, np.eye(3)[:2], fill.shape, flow)
