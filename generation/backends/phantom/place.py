"""Where an injected defect reaches the film: the known answer of a catch trial."""

import base64
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from generation.backends.phantom.defects.bones import owner_of
from generation.backends.phantom.film import Shutter
from generation.backends.phantom.parts import Material, Part, Points
from generation.backends.phantom.projection import Floats, Frame, project
from generation.backends.phantom.variation import Variation

SEEN, SHARP = 0.02, 0.5  # difference of attenuation that a film shows, averaged over so many mm
AIRY = frozenset({Material.LUNG, Material.WATER})  # which attenuate by what of each lies on a ray
CLOSING = 3.0  # mm between specks of a difference that are one place
MOST = 0.9  # share of an outline's points that are new where the outline is
AROUND = 8.0  # mm from a changed outline within which a bone's thickness changes with it
BORDER = 1.0  # mm by which sharpness, and the detector's detail, carry a difference on

Bits = NDArray[np.bool_]
Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Place:
    """The pixels that show a defect (rows, columns), its kind and the bones it is about."""

    kind: str
    bones: tuple[str, ...]
    mask: Bits

    @property
    def box(self) -> Box:
        """The smallest that holds the mask; empty at 0, 0 where no pixel shows the defect."""
        rows, columns = np.flatnonzero(self.mask.any(1)), np.flatnonzero(self.mask.any(0))
        if not len(rows):
            return (0, 0, 0, 0)
        return (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)

    def png(self) -> str:
        """The mask as a PNG of one bit a pixel, white where the defect is, in base64."""
        file = io.BytesIO()
        Image.fromarray(self.mask).save(file, "PNG", optimize=True)
        return base64.b64encode(file.getvalue()).decode("ascii")


def changed(intact: tuple[Part, ...], shown: tuple[Part, ...]) -> tuple[list[Part], list[Part]]:
    """The parts that only the intact, and that only the shown anatomy has."""
    before, after = {id(part) for part in intact}, {id(part) for part in shown}
    gone = [part for part in intact if id(part) not in after]
    return gone, [part for part in shown if id(part) not in before]


def names(intact: tuple[Part, ...], shown: tuple[Part, ...]) -> tuple[str, ...]:
    """The bones that a change of the parts is about, or else what it brought: an object, air."""
    gone, come = changed(intact, shown)
    known = {part.name for part in (*intact, *shown)}
    bones = [part.name for part in (*gone, *come) if part.material is Material.BONE]
    left = {part.name for part in gone}
    told = bones or [part.name for part in come if part.name not in left]
    return tuple(dict.fromkeys(owner_of(name, known) for name in told))


def of_anatomy(
    intact: tuple[Part, ...], shown: tuple[Part, ...], frame: Frame, vary: Variation, texture: float
) -> Bits:
    """Where a change of the anatomy changes what reaches the film."""
    gone, come = changed(intact, shown)
    if not gone and not come:
        return np.zeros(frame.shape, bool)
    own_gone, own_come = gone, come
    if any(part.material in (*AIRY, Material.GAS) for part in (*gone, *come)):
        apart = {id(part) for part in gone}
        both = [part for part in intact if part.material in AIRY and id(part) not in apart]
        gone, come = [*both, *gone], [*both, *come]
    before, after = (project(parts, frame, vary, texture).attenuation for parts in (gone, come))
    differs = np.abs(ndimage.gaussian_filter(before - after, SHARP / frame.spacing)) > SEEN
    moved = _drawn(_moved(own_gone, own_come), frame)
    if not moved.any():  # the same outlines, filled otherwise
        return _drawn([(outline, True) for part in own_come for outline in part.outlines], frame)
    differs &= ~_farther(moved, AROUND, frame)
    one = _farther(_farther(differs, CLOSING, frame), CLOSING, frame)
    return ~_farther(ndimage.binary_fill_holes(one | differs), BORDER, frame)


def _moved(gone: list[Part], come: list[Part]) -> Iterator[tuple[Points, bool]]:
    """The points of outlines that the other side has not, and whether they are most of an outline.

    A bone that grew together with another, or that broke, differs only there.
    """
    for one, other in ((gone, come), (come, gone)):
        known = {corner for drawn in _polygons(other) for corner in _corners(*drawn)}
        for polygon, part in _polygons(one):
            new = np.array([corner not in known for corner in _corners(polygon, part)])
            yield (polygon, True) if new.mean() > MOST else (polygon[new], False)


def _polygons(parts: list[Part]) -> Iterator[tuple[Points, Part]]:
    """Every outline and hole, and the part that it belongs to."""
    return ((drawn, part) for part in parts for drawn in (*part.outlines, *part.holes))


def _corners(polygon: Points, part: Part) -> Iterator[tuple[float | None, ...]]:
    """Each point, with what says how thick the bone is drawn there."""
    drawn = (part.depth, part.edge, part.cortex)
    return ((x, y, *drawn) for x, y in np.round(polygon, 4).tolist())


def _drawn(shapes: Iterable[tuple[Points, bool]], frame: Frame) -> Bits:
    """Outlines filled, and single points."""
    image = Image.new("1", (frame.shape[1], frame.shape[0]))
    draw = ImageDraw.Draw(image)
    for points, whole in shapes:
        pixels = frame.pixels(points).ravel().tolist()
        if whole:
            draw.polygon(pixels, fill=1)
        elif pixels:
            draw.point(pixels, fill=1)
    return np.asarray(image)


def of_shutter(before: Shutter, after: Shutter, shape: tuple[int, int]) -> Bits:
    """What the shutter of the film shown hides and that of the intact one does not."""
    return np.abs(before.mask(shape) - after.mask(shape)) > 0.5


def of_marker(before: Floats, after: Floats) -> Bits:
    """The box about both letters."""
    rows, columns = np.nonzero(np.abs(before - after) > 0.05)
    mask = np.zeros(before.shape, bool)
    if len(rows):
        mask[rows.min() - 1 : rows.max() + 2, columns.min() - 1 : columns.max() + 2] = True
    return mask


def enlarged(mask: Bits, shape: tuple[int, int]) -> Bits:
    image = Image.fromarray(mask).resize((shape[1], shape[0]), Image.Resampling.NEAREST)
    return np.asarray(image)


def _farther(mask: Bits, than: float, frame: Frame) -> Bits:
    """What lies farther than so many mm from the mask."""
    if not mask.any():
        return np.ones(mask.shape, bool)
    return ndimage.distance_transform_edt(~mask) > max(than / frame.spacing, 1.0)
