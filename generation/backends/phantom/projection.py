"""Parts to attenuation: how much of each ray every structure takes away."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from generation.backends.phantom.grain import GrainBank
from generation.backends.phantom.parts import Material, Part, Points
from generation.backends.phantom.variation import Variation

# Linear attenuation in 1/mm at about 60 keV (NIST XCOM, rounded), as the part's own or, for what
# lies within the body, as the difference from the tissue it replaces.
FAT, SOFT, LUNG, TRABECULAR, CORTICAL, ENAMEL = 0.0182, 0.0206, 0.0062, 0.030, 0.058, 0.080
METAL = 0.94  # steel; alloys of copper attenuate hardly more
OVER = {
    Material.BODY: FAT,
    Material.SOFT: SOFT - FAT,
    Material.GAS: -SOFT,
    Material.ENAMEL: ENAMEL - SOFT,
    Material.METAL: METAL - SOFT,
}
FINE, COARSE = 30_000, 300_000  # pixels of what is drawn at double and at half resolution

Floats = NDArray[np.float32]
Window = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Frame:
    """The film's pixels: `shape` (rows, columns) at `spacing` mm, centred on the view's origin."""

    shape: tuple[int, int]
    spacing: float

    @property
    def origin(self) -> tuple[float, float]:
        rows, columns = self.shape
        return ((0.5 - columns / 2) * self.spacing, (0.5 - rows / 2) * self.spacing)

    def pixels(self, points: Points) -> Points:
        rows, columns = self.shape
        return points / self.spacing + (columns / 2, rows / 2)


@dataclass(frozen=True, slots=True)
class Projection:
    """`attenuation` (no unit) and the patient's thickness `body` (mm), both (rows, columns)."""

    attenuation: Floats
    body: Floats


def project(parts: Iterable[Part], frame: Frame, vary: Variation, texture: float) -> Projection:
    """Sum what the parts attenuate. `texture` scales the trabecular contrast; 0 leaves it out."""
    bone, body = np.zeros(frame.shape, "f4"), np.zeros(frame.shape, "f4")
    tissue, lung, water = (np.zeros(frame.shape, "f4") for _ in range(3))
    bank = GrainBank(vary, frame.shape, frame.spacing, texture)
    for part in parts:
        window = _window(part, frame)
        if window is None:
            continue
        inside = _inside(part, part.outlines, frame, window)
        if part.material is Material.BONE:
            bone[window] += _bone(part, inside, frame, window, bank)
            continue
        length = _length(part, inside, part.depth, 0.0)
        if part.material is Material.LUNG:
            lung[window] += length
        elif part.material is Material.WATER:
            water[window] += np.float32(part.density) * length
        else:
            tissue[window] += np.float32(OVER[part.material] * part.density) * length
        if part.material is Material.BODY:
            np.maximum(body[window], length, out=body[window])
    tissue -= np.float32(SOFT - LUNG) * np.maximum(lung - water, 0.04 * lung)
    fibres = _fibres(frame, vary)
    return Projection(tissue * (1 + fibres) + bone * (1 + np.float32(7) * fibres), body)


def _bone(part: Part, inside: Floats, frame: Frame, window: Window, bank: GrainBank) -> Floats:
    """Compact shell and trabecular core, less the soft tissue in whose place they stand."""
    length = _length(part, inside, part.depth, 0.0)
    depth, rim = max(part.depth - 2 * part.cortex, 0.0), part.cortex
    if part.marrow:
        inside, rim = _inside(part, part.marrow, frame, window), 0.0
    core = np.minimum(_length(part, inside, depth, rim), length)
    trabecular = np.float32(TRABECULAR - SOFT) * core
    if bank.contrast:
        grain = bank.texture(part.grain, window, frame.origin)
        trabecular += np.float32(0.0042 * bank.contrast) * grain * core ** np.float32(0.75)
    return part.density * ((CORTICAL - SOFT) * (length - core) + trabecular)


def _fibres(frame: Frame, vary: Variation) -> Floats:
    """Planes of muscle and fat make soft tissue a little uneven, about 0; bone is more so."""
    broad = vary.noise("tissue.broad", frame.shape, frame.spacing, 22.0)
    fine = vary.noise("tissue.fine", frame.shape, frame.spacing, 7.0)
    return np.float32(0.012) * broad + np.float32(0.006) * fine


def _window(part: Part, frame: Frame) -> Window | None:
    """The pixels that the part may touch; None when it lies beside the film."""
    every = frame.pixels(np.vstack(part.outlines))
    low, high = np.floor(every.min(0)).astype(int) - 2, np.ceil(every.max(0)).astype(int) + 3
    rows, columns = frame.shape
    left, right = max(low[0], 0), min(high[0], columns)
    top, bottom = max(low[1], 0), min(high[1], rows)
    if left >= right or top >= bottom:
        return None
    return slice(top, bottom), slice(left, right)


def _length(part: Part, inside: Floats, depth: float, rim: float) -> Floats:
    """Path length in mm of the ray through what lies more than `rim` mm inside of the edge."""
    inside = np.maximum(inside - np.float32(rim), 0)
    if part.edge is None:
        return inside * np.float32(2.2)
    u = np.minimum(inside / np.float32(max(part.edge - rim, 0.3)), 1)
    return np.float32(depth) * np.sqrt(u * (2 - u))


def _inside(part: Part, outlines: tuple[Points, ...], frame: Frame, window: Window) -> Floats:
    """Distance in mm from the nearest edge, inside the outlines; 0 outside."""
    rows, columns = (edge.stop - edge.start for edge in window)
    scale = _scale(part, frame, rows * columns)
    border = int(np.ceil((part.edge or 4.0) / frame.spacing * scale)) + 2
    size = (int(np.ceil(columns * scale)) + 2 * border, int(np.ceil(rows * scale)) + 2 * border)
    offset = np.array([window[1].start, window[0].start], float)
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for fill, polygons in ((1, outlines), (0, part.holes)):
        for polygon in polygons:
            at = (frame.pixels(polygon) - offset) * scale + border - 0.5
            draw.polygon(at.ravel().tolist(), fill=fill)
    pixels = np.asarray(mask)
    if pixels.all():
        return np.full((rows, columns), np.float32(1e3))
    distance = ndimage.distance_transform_edt(pixels).astype("f4")
    distance = np.maximum(distance - np.float32(0.5), 0) * np.float32(frame.spacing / scale)
    inside = _rescaled(distance[border:-border, border:-border], scale, (rows, columns))
    if part.material is Material.BONE or part.edge is None:
        return inside
    blur = 0.06 * part.edge
    weight = np.clip(inside / np.float32(2 * blur), 0, 1)  # none at the rim, which stays sharp
    smooth = ndimage.gaussian_filter(inside, blur / frame.spacing)
    return inside + weight * (smooth - inside)


def _scale(part: Part, frame: Frame, pixels: int) -> float:
    """How much finer than the film the part is drawn. On films of up to about 512 px bones are all
    drawn alike, so that one which breaks, or grows together with another, is drawn as before
    everywhere else."""
    if pixels < FINE or (part.material is Material.BONE and np.prod(frame.shape) <= COARSE):
        return 2.0
    return 0.5 if pixels > COARSE and part.material is not Material.BONE else 1.0


def _rescaled(distance: Floats, scale: float, shape: tuple[int, int]) -> Floats:
    rows, columns = shape
    if scale == 2.0:
        return distance.reshape(rows, 2, columns, 2).mean((1, 3))
    if scale == 0.5:
        wide = ndimage.zoom(distance, 2, order=1, grid_mode=True, mode="nearest")
        return ndimage.gaussian_filter(wide[:rows, :columns], 2.0)
    return ndimage.gaussian_filter(distance, 0.6)
