"""How well a fill agrees with what is known: the measures by which candidates are accepted."""

from collections.abc import Callable

import numpy as np

from generation.backends.exemplar.pixels import Floats, Mask, band, depth, unit

SEAM_WIDTH = 0.04  # share
FINE, BROAD = 2.0, 24.0  # sigmas of the compared band, pixels at the reference side
VISIBLE = 0.01  # deviation of the band below which nobody sees a difference
ENOUGH = 200  # pixels

Fill = Callable[[Floats, Mask], Floats]


def seam_of(known: Mask, width: float = SEAM_WIDTH) -> Mask:
    """The known pixels within `width` (share) of the hole."""
    return known & (depth(known) < width * max(known.shape))


def agreement(
    source: Floats, known: Mask, fill: Floats, covered: Mask, where: Mask | None = None
) -> float:
    """Concordance of the grey structure of fill and source along the hole (or in `where`), ≤ 1.

    1 - mse / (both variances), with a floor: where neither shows anything, they agree. What the
    fill does not cover costs by the root of its share. 0 where too little is seen.
    """
    looked_at = seam_of(known) if where is None else where
    seen = looked_at & covered
    if seen.sum() < ENOUGH * unit(source.shape):
        return 0.0
    ours = band(np.where(known, source, fill).astype(np.float32), FINE, BROAD)[seen]
    theirs = band(fill, FINE, BROAD)[seen]
    ours, theirs = ours - ours.mean(), theirs - theirs.mean()
    power = float(ours.var() + theirs.var()) + 2 * VISIBLE**2
    concordance = 1 - float(np.mean((ours - theirs) ** 2)) / power
    return concordance * float(np.sqrt(seen.sum() / looked_at.sum()))


def held_out(source: Floats, known: Mask, fill: Fill, width: float = SEAM_WIDTH) -> float:
    """Hide the hole's rim too, fill both, and tell how well the rim was foreseen."""
    rim = seam_of(known, width)
    foreseen = fill(source, known & ~rim)
    return agreement(source, known, foreseen, np.ones_like(known), rim)
