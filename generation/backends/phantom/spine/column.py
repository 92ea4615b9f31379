"""Where the vertebrae lie: from the front in one frame for the trunk, from the side by their tilt.

The trunk's frame has its origin in the midline between T8 and T9, x to the patient's left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from generation.backends.phantom.parts import Part
from generation.backends.phantom.shapes import moved

CERVICAL = tuple(f"C{k}" for k in range(1, 8))
THORACIC = tuple(f"T{k}" for k in range(1, 13))
LUMBAR = tuple(f"L{k}" for k in range(1, 6))
PELVIS = 366.0  # y of the pelvis's origin in the trunk's frame
NAMES = CERVICAL + THORACIC + LUMBAR

# fmt: off
# By level: y of the centre in the trunk's frame; width, height and depth of the body; disc below.
_Y = (
    -301, -286, -266, -247.5, -229, -210.5, -192,
    *(-172 + 20.5 * k + 0.36 * k * k for k in range(12)),
    127, 160, 195, 231, 267,
)
_WIDTH = (
    24, 24, 24, 24.5, 25, 26, 27.5,
    28, 28, 27, 26.5, 27, 28, 29, 30.5, 32, 34, 36.5, 39, 42, 44, 46.5, 49, 52,
)
_HEIGHT = (
    10, 16, 13, 12.5, 12.5, 12.8, 14,
    16, 16.5, 17, 17.3, 17.6, 18, 18.4, 18.9, 19.5, 20.5, 22, 23.5, 25, 26, 26.5, 26.5, 26,
)
_DEPTH = (
    12, 15.5, 16, 16, 16.3, 16.8, 17.2,
    18, 19, 20.5, 22, 23.5, 25, 26.5, 28, 29, 30, 30.5, 31, 32, 33, 34, 35, 35,
)
_DISC = (
    4, 5.5, 5.5, 5.5, 5.8, 6, 5.5,
    4.5, 4, 4, 4, 4.2, 4.5, 4.8, 5, 5.4, 6, 6.8, 7.5, 8.5, 9.5, 10.5, 11.5, 11,
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Level:
    """A vertebra's place: centre of the body, half its width (or depth) and height, its `tilt`
    (degrees, clockwise)."""

    name: str
    at: tuple[float, float]
    half: tuple[float, float]
    tilt: float = 0.0


def frontal(names: Sequence[str], origin: float = 0.0) -> tuple[Level, ...]:
    """Levels from the front, for a view whose origin lies at the height `origin` of the trunk."""
    chosen = (NAMES.index(name) for name in names)
    return tuple(
        Level(NAMES[k], (0.0, _Y[k] - origin), (_WIDTH[k] / 2, _HEIGHT[k] / 2)) for k in chosen
    )


def stacked(
    names: Sequence[str],
    tilts: Sequence[float],
    anchor: str,
    at: tuple[float, float],
    size: float = 1.0,
) -> tuple[Level, ...]:
    """Levels from the side, from above downwards, `tilts` degrees each; `anchor` lies `at`."""
    index = [NAMES.index(name) for name in names]
    places = [np.zeros(2)]
    for upper, lower, a, b in zip(index, index[1:], tilts, tilts[1:], strict=False):
        places.append(
            places[-1]
            + size * (_HEIGHT[upper] / 2 + _DISC[upper] / 2) * _down(a)
            + size * (_HEIGHT[lower] / 2 + _DISC[upper] / 2) * _down(b)
        )
    shift = np.asarray(at) - places[list(names).index(anchor)]
    return tuple(
        Level(
            NAMES[k],
            (float(place[0] + shift[0]), float(place[1] + shift[1])),
            (size * _DEPTH[k] / 2, size * _HEIGHT[k] / 2),
            tilt,
        )
        for k, place, tilt in zip(index, places, tilts, strict=True)
    )


def shifted(parts: Iterable[Part], dy: float, dx: float = 0.0) -> tuple[Part, ...]:
    return tuple(part.placed(lambda p: moved(p, dx, dy)) for part in parts)


def _down(tilt: float) -> np.ndarray:
    a = np.deg2rad(tilt)
    return np.array([-np.sin(a), np.cos(a)])


def named(level: str, parts: Mapping[str, Part]) -> tuple[Part, ...]:
    """The parts of a vertebra: the first is its body, `L3`, the others `L3 spinous process`, …"""
    names = (f"{level} {what}".strip() for what in parts)
    return tuple(replace(part, name=name) for name, part in zip(names, parts.values(), strict=True))
