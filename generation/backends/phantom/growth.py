"""A child's skeleton: open growth plates, and bones not yet ossified to their full size."""

from dataclasses import replace

import numpy as np

from generation.backends.phantom.parts import Part, Points
from generation.backends.phantom.shapes import Pairs, curve

SIZE = 0.72  # of a child's limb beside an adult's
GAP = 3.0  # mm of cartilage, before the whole is made smaller
OSSIFIED = 0.93  # share of an epiphysis that is bone yet


def grown(part: Part, child: bool, **plates: Pairs) -> tuple[Part, ...]:
    """An adult's bone whole; a child's cut at each of `plates`, paths across the bone.

    The plates are named by their end of the bone. The smaller piece is the epiphysis.
    """
    if not child:
        return (part,)
    epiphyses: list[Part] = []
    for end, path in plates.items():
        line = curve(path)
        sides = [_side(part, line, way) for way in (1, -1)]
        epiphysis, part = sorted(sides, key=_area)
        epiphyses.append(shrunk(replace(epiphysis, name=f"{part.name} {end} epiphysis"), OSSIFIED))
    return (part, *epiphyses)


def ossified(part: Part, child: bool, share: float) -> Part:
    """A short bone, in a child only `share` of its size."""
    return shrunk(part, share) if child else part


def _side(part: Part, line: Points, way: int) -> Part:
    outlines = (_cut(outline, line, way, GAP / 2) for outline in part.outlines)
    marrow = (_cut(core, line, way, GAP / 2 + 0.8) for core in part.marrow)
    return replace(
        part,
        outlines=tuple(piece for piece in outlines if piece is not None),
        marrow=tuple(piece for piece in marrow if piece is not None),
    )


def _cut(outline: Points, line: Points, way: int, away: float) -> Points | None:
    """What of the outline lies more than `away` mm beside the line; `way` chooses the side."""
    start, along = line[0], (line[-1] - line[0]) / np.hypot(*(line[-1] - line[0]))
    axes = np.stack([along, np.array([-along[1], along[0]])], 1)
    x, y = ((_dense(outline) - start) @ axes).T
    at = (line - start) @ axes
    steep = np.hypot(1, np.gradient(at[:, 1], at[:, 0])).clip(max=2.5)
    border = at[:, 1] + way * away * steep
    plate = np.interp(x, at[:, 0], border)
    kept = way * (y - plate) > 0
    if not kept.any():
        return None
    crossing = x[kept & ~(np.roll(kept, 1) & np.roll(kept, -1))]
    if len(crossing):  # what is cut off folds onto the plate, within the bone
        x = np.where(kept, x, np.clip(x, crossing.min(), crossing.max()))
        y = np.where(kept, y, np.interp(x, at[:, 0], border))
    return start + np.stack([x, y], 1) @ axes.T


def _dense(outline: Points, spacing: float = 0.7) -> Points:
    """The same closed outline with a vertex at least every `spacing` mm."""
    ends = np.vstack([outline, outline[:1]])
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(ends, axis=0).T))])
    at = np.union1d(length, np.arange(0, length[-1], spacing))[:-1]
    return np.stack([np.interp(at, length, column) for column in ends.T], 1)


def _area(part: Part) -> float:
    return sum(
        abs(float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)))
        for x, y in (outline.T for outline in part.outlines)
    )


def shrunk(part: Part, share: float) -> Part:
    """The part smaller about its own middle, as thick as before."""
    every = np.vstack(part.outlines)
    centre = (every.min(0) + every.max(0)) / 2
    return part.placed(lambda points: centre + share * (points - centre))
