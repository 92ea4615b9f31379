"""Where there is room: a coarse map of flesh and bone on which a free place is looked for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from generation.backends.phantom.defects.bones import Bone, Parts
from generation.backends.phantom.defects.geometry import Outlines, dense
from generation.backends.phantom.parts import Material, Points

CELL = 2.0  # mm
SMALLEST = 0.4  # of a bone that counts as an obstacle, density


@dataclass(frozen=True, slots=True)
class Room:
    """Whether each cell holds flesh, and bone other than the one to be placed; (rows, columns)."""

    flesh: NDArray[np.bool_]
    bone: NDArray[np.bool_]

    @classmethod
    def of(cls, parts: Parts, without: Bone, field: tuple[float, float]) -> "Room":
        own = {id(part) for part in without.parts}
        flesh = [p for p in parts if p.material is Material.BODY]
        bone = [
            p
            for p in parts
            if p.material is Material.BONE and p.density >= SMALLEST and id(p) not in own
        ]
        return cls(_map(tuple(flesh), field), _map(tuple(bone), field))

    def cost(self, outlines: Outlines, step: Points) -> float:
        """How much of a bone that was shifted by `step` (mm) would lie outside of the flesh, beside
        the film or over other bones; the least is best."""
        points = np.vstack([dense(outline, 3.0) for outline in outlines])
        middle = points.mean(0)
        points = np.vstack([points, middle + 0.5 * (points - middle)])
        before, after = self._seen(points), self._seen(points + step)
        bare = np.mean(~after[0]) - np.mean(~before[0])
        lost = np.mean(self._beside(points + step)) - np.mean(self._beside(points))
        return float(3 * (bare + lost) + np.mean(after[1]) + 0.01 * np.hypot(*step))

    def _beside(self, points: Points) -> NDArray[np.bool_]:
        """Which points the film does not show, or only at its very border."""
        rows, columns = self.flesh.shape
        half = 0.46 * CELL * np.array([columns, rows])
        return np.any(np.abs(points) > half, axis=1)

    def _seen(self, points: Points) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Flesh and bone at the points; those beside the map count as their nearest cell."""
        rows, columns = self.flesh.shape
        column = np.clip(points[:, 0] / CELL + columns / 2, 0, columns - 1).astype(int)
        row = np.clip(points[:, 1] / CELL + rows / 2, 0, rows - 1).astype(int)
        return self.flesh[row, column], self.bone[row, column]


def _map(parts: Parts, field: tuple[float, float]) -> NDArray[np.bool_]:
    size = (int(field[0] / CELL), int(field[1] / CELL))
    image = Image.new("1", size)
    draw = ImageDraw.Draw(image)
    for part in parts:
        for outline in part.outlines:
            draw.polygon((outline / CELL + np.array(size) / 2).ravel().tolist(), fill=1)
    return np.asarray(image)
