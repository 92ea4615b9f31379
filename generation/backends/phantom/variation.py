"""Individual variation: named streams of one seed, so that adding a draw changes no other."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generation.backends.phantom.parts import Points


@dataclass(frozen=True, slots=True)
class Variation:
    """The same seed and name give the same value in every process and for every defect.

    `age_group` is adult or child; it changes no draw.
    """

    seed: int
    age_group: str = "adult"

    @property
    def child(self) -> bool:
        return self.age_group == "child"

    def stream(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def uniform(self, name: str, low: float, high: float) -> float:
        return float(self.stream(name).uniform(low, high))

    def normal(self, name: str, deviation: float) -> float:
        """Drawn about 0 and cut at two deviations, so that nobody becomes a monster."""
        return float(np.clip(self.stream(name).normal(), -2, 2) * deviation)

    def choice(self, name: str, among: Sequence[str]) -> str:
        return among[int(self.stream(name).integers(len(among)))]

    def noise(
        self, name: str, shape: tuple[int, int], spacing: float, scale: float
    ) -> NDArray[np.float32]:
        """Smooth noise of unit deviation whose blobs are about `scale` mm wide."""
        step = max(scale / 2 / spacing, 1.0)
        size = [int(side / step) + 6 for side in shape]
        grid = self.stream(name).standard_normal(size, dtype=np.float32)
        grid = ndimage.gaussian_filter(grid, scale / 2 / spacing / step)
        zoomed = ndimage.zoom(grid / (grid.std() + 1e-6), step, order=1)
        return zoomed[: shape[0], : shape[1]]


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a person's anatomy lies on the film: size, tilt, shift and a smooth bending of all."""

    scale: tuple[float, float]
    tilt: float  # degrees
    shift: tuple[float, float]  # mm
    bend: tuple[tuple[float, float, float, float], ...]  # x and y waves, phase, amplitude in mm
    extent: float  # mm

    @classmethod
    def of(cls, vary: Variation, extent: float) -> "Pose":
        size = 1 + vary.normal("pose.size", 0.022)
        aspect = 1 + vary.normal("pose.aspect", 0.014)
        stream = vary.stream("pose.bend")
        bend = tuple(
            (
                *stream.uniform(-1.5, 1.5, 2),
                stream.uniform(0, 6.3),
                stream.normal(0, 0.0035) * extent,
            )
            for _ in range(6)
        )
        return cls(
            (size * aspect, size / aspect),
            vary.normal("pose.tilt", 1.3),
            (vary.normal("pose.dx", 0.010) * extent, vary.normal("pose.dy", 0.010) * extent),
            bend,
            extent,
        )

    def __call__(self, points: Points) -> Points:
        phase = points / self.extent * 2 * np.pi
        moved = points.astype(float).copy()
        for k, (fx, fy, start, amplitude) in enumerate(self.bend):
            moved[:, k % 2] += amplitude * np.sin(fx * phase[:, 0] + fy * phase[:, 1] + start)
        a = np.deg2rad(self.tilt)
        turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
        return (moved * self.scale) @ turn + self.shift
