"""The four sides of a film, and turning each of them down so that one code grows them all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDES = ("left", "top", "right", "bottom")  # as in a request's margins
_TURNS = {"bottom": 0, "right": 3, "top": 2, "left": 1}  # quarter turns that bring the side down


def down(values: NDArray, side: str) -> NDArray:
    """The image turned so that `side` is at the bottom."""
    return np.rot90(values, _TURNS[side]).copy()


def up(values: NDArray, side: str) -> NDArray:
    """The inverse of `down`."""
    return np.rot90(values, -_TURNS[side]).copy()


@dataclass(frozen=True, slots=True)
class Margins:
    """Pixels added at each side."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    def of(self, side: str) -> int:
        return int(getattr(self, side))

    @classmethod
    def at(cls, side: str, pixels: int) -> "Margins":
        return cls(**{side: pixels})

    @property
    def sides(self) -> tuple[str, ...]:
        """Those that grow, the widest first."""
        grown = [side for side in SIDES if self.of(side)]
        return tuple(sorted(grown, key=lambda side: -self.of(side)))

    def scaled(self, factor: float) -> "Margins":
        """Never 0 where something grows."""
        sides = [self.of(side) for side in SIDES]
        return Margins(*(max(round(added * factor), 1) if added else 0 for added in sides))

    def canvas(self, shape: tuple[int, int]) -> tuple[int, int]:
        return shape[0] + self.top + self.bottom, shape[1] + self.left + self.right

    def box(self, shape: tuple[int, int]) -> tuple[slice, slice]:
        """Where the source lies on the canvas."""
        return (
            slice(self.top, self.top + shape[0]),
            slice(self.left, self.left + shape[1]),
        )
