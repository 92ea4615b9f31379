"""Attenuation to a film: spectrum, scatter, exposure, noise, sharpness, contrast and shutter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from generation.backends.phantom.parts import Technique
from generation.backends.phantom.projection import Floats, Frame, Projection
from generation.backends.phantom.variation import Variation

SPECTRUM = ((0.55, 1.25), (0.45, 0.80))  # weight and relative attenuation of two energies
SCATTER_REACH = 24.0  # mm
DETAIL_SCALES = (28.0, 7.0, 1.6)  # mm, amplified as the processing of digital detectors does


@dataclass(frozen=True, slots=True)
class Shutter:
    """The open part of the film in pixels (left, top, right, bottom), with a soft border."""

    box: tuple[float, float, float, float]
    tilt: float  # degrees

    def scaled(self, factor: float) -> "Shutter":
        left, top, right, bottom = (edge * factor for edge in self.box)
        return Shutter((left, top, right, bottom), self.tilt)

    def mask(self, shape: tuple[int, int]) -> Floats:
        rows, columns = shape
        left, top, right, bottom = self.box
        x, y = np.arange(columns, dtype="f4")[None, :], np.arange(rows, dtype="f4")[:, None]
        slope = np.float32(np.tan(np.deg2rad(self.tilt)))
        u, v = x - slope * (y - rows / 2), y + slope * (x - columns / 2)
        inside = np.minimum(np.minimum(u - left, right - u), np.minimum(v - top, bottom - v))
        return np.clip(inside / np.float32(max(rows, columns) / 512) + 0.5, 0, 1)


@dataclass(frozen=True, slots=True)
class Marker:
    """A lead letter, as it reads on the film; without text there is none."""

    text: str
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the automatic exposure control and the automatic window settled on."""

    level: float  # intensity behind the body, relative to the open beam
    black: float
    white: float


def meter(coarse: Projection, frame: Frame, technique: Technique, open_part: Floats) -> Exposure:
    """Measure exposure and window on a coarse projection, within the body and the shutter."""
    chosen = (coarse.body > 4) & (open_part > 0.5)
    intensity = _intensity(coarse, frame, technique)
    level = float(np.percentile(intensity[chosen], 30))
    density = _density(intensity / level, frame, technique)
    black, white = np.percentile(density[chosen], technique.window)
    return Exposure(level, float(black), float(white))


def develop(
    projection: Projection,
    frame: Frame,
    technique: Technique,
    exposure: Exposure,
    vary: Variation,
) -> Floats:
    """The film's grey values from 0 (black) to 1 (white), before the shutter; (rows, columns)."""
    intensity = _intensity(projection, frame, technique) / np.float32(exposure.level)
    quanta = np.float32(22_000 * frame.spacing**2 * vary.uniform("dose", 0.75, 1.5))
    noise = vary.stream("quanta").standard_normal(frame.shape, dtype=np.float32)
    intensity += noise * np.sqrt(intensity / quanta)
    intensity = ndimage.gaussian_filter(intensity, 0.11 / frame.spacing + 0.35)
    density = _density(intensity, frame, technique)
    grey = (density - exposure.black) / (exposure.white - exposure.black)
    shown = _sigmoid(grey, technique.slope * vary.uniform("contrast", 0.93, 1.07))
    return shown ** np.float32(technique.gamma * vary.uniform("brightness", 0.88, 1.14))


def stamped(grey: Floats, marker: Marker, centre: tuple[float, float], height: float) -> Floats:
    """The film with a lead letter; `centre` and `height` in pixels."""
    font = ImageFont.load_default(size=max(height, 10.0))
    x, y = centre
    if marker.mirrored:
        x = grey.shape[1] - x
    letter = Image.new("L", (grey.shape[1], grey.shape[0]))
    ImageDraw.Draw(letter).text((x, y), marker.text, fill=255, font=font, anchor="mm")
    solid = np.asarray(letter, "f4") / 255
    solid = solid[:, ::-1] if marker.mirrored else solid
    halo = ndimage.gaussian_filter(solid, 0.15 * height)  # which the detector's sharpening leaves
    lead = np.float32(0.97) * ndimage.gaussian_filter(solid, 0.5)
    return np.maximum(grey * (1 - np.float32(0.85) * halo), lead)


def to_bytes(grey: Floats) -> NDArray[np.uint8]:
    return np.rint(np.clip(grey, 0, 1) * 255).astype(np.uint8)


def _intensity(projection: Projection, frame: Frame, technique: Technique) -> Floats:
    through = projection.attenuation * np.float32(1 / technique.beam)
    primary = sum(np.float32(w) * np.exp(-np.float32(mu) * through) for w, mu in SPECTRUM)
    return primary + np.float32(technique.scatter) * _blurred(primary, SCATTER_REACH, frame)


def _density(intensity: Floats, frame: Frame, technique: Technique) -> Floats:
    density = -np.log(np.maximum(intensity, np.float32(1e-3)))
    for scale, gain in zip(DETAIL_SCALES, technique.detail, strict=True):
        density = density + np.float32(gain) * (density - _blurred(density, scale, frame))
    return density


def _blurred(values: Floats, scale: float, frame: Frame) -> Floats:
    """Gaussian blur of `scale` mm, computed on as coarse a grid as that allows."""
    sigma = scale / frame.spacing
    step = int(np.clip(sigma / 3, 1, 16))
    if step == 1:
        return ndimage.gaussian_filter(values, sigma)
    rows, columns = values.shape
    padded = np.pad(values, ((0, -rows % step), (0, -columns % step)), mode="edge")
    cells = padded.reshape(padded.shape[0] // step, step, padded.shape[1] // step, step)
    small = ndimage.gaussian_filter(cells.mean((1, 3)), sigma / step)
    return ndimage.zoom(small, step, order=1, grid_mode=True, mode="nearest")[:rows, :columns]


def _sigmoid(grey: Floats, slope: float) -> Floats:
    low, high = 1 / (1 + np.exp(slope * 0.5)), 1 / (1 + np.exp(-slope * 0.5))
    return np.clip((1 / (1 + np.exp(-slope * (grey - 0.5))) - low) / (high - low), 0, 1)
