"""Trabecular bone as oriented noise: struts about a millimetre apart along given directions."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from generation.backends.phantom.parts import Grain
from generation.backends.phantom.variation import Variation

DIRECTIONS = 8
PERIOD = 1.9  # mm between struts, as far as a film resolves them
UNDIRECTED = -1


class GrainBank:
    """Noise filtered along a few directions, made when first asked for and kept for one image."""

    def __init__(
        self, vary: Variation, shape: tuple[int, int], spacing: float, contrast: float
    ) -> None:
        self.vary, self.shape, self.spacing, self.contrast = vary, shape, spacing, contrast
        self._fields: dict[int, NDArray[np.float32]] = {}

    @cached_property
    def _spectrum(self) -> tuple[NDArray[np.complex64], NDArray[np.float32], NDArray[np.float32]]:
        noise = self.vary.stream("grain").standard_normal(self.shape, dtype=np.float32)
        fy = fft.fftfreq(self.shape[0], self.spacing).astype(np.float32)[:, None]
        fx = fft.rfftfreq(self.shape[1], self.spacing).astype(np.float32)[None, :]
        radius = np.hypot(fx, fy) + np.float32(1e-6)
        band = np.exp(-((np.log(radius * PERIOD) / 0.75) ** 2)).astype(np.float32)
        return fft.rfft2(noise), band, np.arctan2(fy, fx)

    def _direction(self, index: int) -> NDArray[np.float32]:
        if index not in self._fields:
            spectrum, band, direction = self._spectrum
            across = np.float32(np.deg2rad(index * 180 / DIRECTIONS + 90))
            lobe = 1.0 if index == UNDIRECTED else np.cos(direction - across) ** 12
            field = fft.irfft2(spectrum * (band * lobe), s=self.shape).astype(np.float32)
            self._fields[index] = field / (field.std() + np.float32(1e-9))
        return self._fields[index]

    def texture(
        self, grains: tuple[Grain, ...], window: tuple[slice, slice], origin: tuple[float, float]
    ) -> NDArray[np.float32]:
        """The texture within `window`, of about unit deviation; `origin` is pixel 0, 0 in mm.

        Without any grain it has no direction.
        """
        if not grains:
            return np.float32(0.6) * self._direction(UNDIRECTED)[window]
        total = np.zeros((window[0].stop - window[0].start, window[1].stop - window[1].start), "f4")
        for grain in grains:
            index = round(grain.angle % 180 / 180 * DIRECTIONS) % DIRECTIONS
            field = self._direction(index)[window]
            total += np.float32(grain.weight) * self._faded(grain, field, window, origin)
        return total

    def _faded(
        self,
        grain: Grain,
        field: NDArray[np.float32],
        window: tuple[slice, slice],
        origin: tuple[float, float],
    ) -> NDArray[np.float32]:
        if grain.centre is None:
            return field
        x = origin[0] + self.spacing * np.arange(window[1].start, window[1].stop, dtype="f4")
        y = origin[1] + self.spacing * np.arange(window[0].start, window[0].stop, dtype="f4")
        far = (x[None, :] - grain.centre[0]) ** 2 + (y[:, None] - grain.centre[1]) ** 2
        return field * np.exp(-far / np.float32(2 * grain.radius**2))
