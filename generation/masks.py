"""Masks from recipes: shapes drawn by hand, regions of a body part, or chance. Pure.

Lengths are fractions: x of the width, y of the height, a radius of the longest side. A recipe is
    {"shapes": [{"type": "rectangle" | "ellipse", "box": [left, top, right, bottom]},
                {"type": "polygon", "points": [[x, y], …]},
                {"type": "brush", "points": [[x, y], …], "radius": r}, …]}
where a shape with "erase" takes away what earlier ones added, or
    {"region": name}, or {"random": {"seed": whole number, "area": share of the image}}.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from radrate.errors import DomainError

Size = tuple[int, int]
Point = tuple[float, float]

MOST_SHAPES = 500
MOST_POINTS = 20_000
RANDOM_AREA = (0.005, 0.6)
WIDEST = 0.95  # share of a side that a random mask may take
FINER = (
    4  # times as fine as the mask is what it is drawn on, since Pillow widens each shape by 1 px
)

Ellipse = tuple[float, float, float, float]  # left, top, right, bottom

CENTRE: Ellipse = (0.34, 0.36, 0.66, 0.64)
REGIONS: Mapping[str, Mapping[str, Ellipse]] = {
    "ABDOMEN": {"left flank": (0.62, 0.3, 0.9, 0.62), "lumbar spine": (0.4, 0.28, 0.6, 0.72)},
    "ANKLE": {"ankle joint": (0.28, 0.54, 0.72, 0.86)},
    "CHEST": {
        "right lung": (0.16, 0.3, 0.42, 0.66),
        "left lung": (0.58, 0.3, 0.84, 0.66),
        "heart": (0.44, 0.46, 0.74, 0.76),
    },
    "CSPINE": {"middle vertebrae": (0.34, 0.38, 0.66, 0.62)},
    "ELBOW": {"elbow joint": (0.28, 0.34, 0.72, 0.66)},
    "FOOT": {"metatarsals": (0.3, 0.34, 0.7, 0.62)},
    "HAND": {"carpus": (0.32, 0.62, 0.68, 0.86), "metacarpals": (0.3, 0.42, 0.72, 0.66)},
    "HIP": {"hip joint": (0.3, 0.28, 0.7, 0.62)},
    "KNEE": {"knee joint": (0.24, 0.36, 0.76, 0.64)},
    "LSPINE": {"middle vertebrae": (0.32, 0.36, 0.68, 0.62)},
    "PELVIS": {
        "right hip": (0.08, 0.44, 0.36, 0.78),
        "left hip": (0.64, 0.44, 0.92, 0.78),
        "sacrum": (0.36, 0.22, 0.64, 0.52),
    },
    "SHOULDER": {"shoulder joint": (0.28, 0.12, 0.66, 0.42)},
    "SKULL": {"vault": (0.3, 0.14, 0.66, 0.42), "face": (0.34, 0.5, 0.66, 0.84)},
    "TSPINE": {"middle vertebrae": (0.34, 0.38, 0.66, 0.62)},
    "WRIST": {"carpus": (0.26, 0.34, 0.74, 0.62)},
}


def regions_of(body_part_examined: str) -> dict[str, Ellipse]:
    """Regions by name, the most telling first; every image has a centre."""
    return {**REGIONS.get(body_part_examined, {}), "centre": CENTRE}


def drawn(recipe: Mapping[str, Any], size: Size, *, body_part_examined: str = "") -> Image.Image:
    """The mask of a recipe, mode L of width × height px, 255 = generate. Raises DomainError."""
    mask = Image.new("L", (size[0] * FINER, size[1] * FINER))
    if "region" in recipe:
        regions, name = regions_of(body_part_examined), str(recipe["region"])
        if name not in regions:
            raise DomainError(
                _("There is no region “%(name)s” here; there are: %(names)s.")
                % {"name": name, "names": ", ".join(regions)}
            )
        _draw(mask, {"type": "ellipse", "box": regions[name]})
    elif "random" in recipe:
        _draw(mask, {"type": "polygon", "points": blob(recipe["random"], size)})
    else:
        for shape in _shapes(recipe):
            _draw(mask, shape)
    mask = mask.reduce(FINER).point(lambda value: 255 if value > 127 else 0)
    area = share(mask)
    if not 0 < area < 1:
        raise DomainError(_("A mask must cover a part of the image, not nothing and not all."))
    return mask


def share(mask: Image.Image) -> float:
    """The share of the image that is to be generated."""
    return float((np.asarray(mask) > 127).mean())


def _shapes(recipe: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    shapes = recipe.get("shapes")
    if not isinstance(shapes, list) or not shapes:
        raise DomainError(_("Draw at least one shape."))
    if not all(isinstance(shape, Mapping) for shape in shapes):
        raise DomainError(_("A shape of this mask cannot be read."))
    drawn_by = [points for shape in shapes if isinstance(points := shape.get("points"), list)]
    if len(shapes) > MOST_SHAPES or sum(map(len, drawn_by)) > MOST_POINTS:
        raise DomainError(_("This drawing has too many shapes or points."))
    return shapes


def _draw(mask: Image.Image, shape: Mapping[str, Any]) -> None:
    """Add one shape to a mask, or take it away. Raises DomainError."""
    ink = 0 if shape.get("erase") else 255
    try:
        SHAPES[shape["type"]](ImageDraw.Draw(mask), shape, mask.size, ink)
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise DomainError(_("A shape of this mask cannot be read.")) from error


def _box(draw: ImageDraw.ImageDraw, shape: Mapping[str, Any], size: Size, ink: int) -> None:
    x0, y0, x1, y1 = map(_number, shape["box"])
    box = [(min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))]
    _inked(draw, shape["type"], _pixels(box, size), ink)


def _inked(draw: ImageDraw.ImageDraw, kind: str, box: Sequence[Point], ink: int) -> None:
    """The pixels whose centres lie in a box, without Pillow's one beyond its right and bottom."""
    (x0, y0), (x1, y1) = ((math.ceil(x), math.ceil(y)) for x, y in box)
    if x1 > x0 and y1 > y0:
        getattr(draw, kind)([x0, y0, x1 - 1, y1 - 1], fill=ink)


def _polygon(draw: ImageDraw.ImageDraw, shape: Mapping[str, Any], size: Size, ink: int) -> None:
    draw.polygon(_pixels(_points(shape, 3), size), fill=ink)


def _brush(draw: ImageDraw.ImageDraw, shape: Mapping[str, Any], size: Size, ink: int) -> None:
    radius = min(1.0, max(0.0, _number(shape["radius"]))) * max(size)
    points = _pixels(_points(shape, 1), size)
    draw.line(points, fill=ink, width=max(1, round(2 * radius)))
    for x, y in points:
        _inked(draw, "ellipse", [(x - radius, y - radius), (x + radius, y + radius)], ink)


SHAPES: Mapping[str, Callable[[ImageDraw.ImageDraw, Mapping[str, Any], Size, int], None]] = {
    "rectangle": _box,
    "ellipse": _box,
    "polygon": _polygon,
    "brush": _brush,
}


def _points(shape: Mapping[str, Any], least: int) -> list[Point]:
    points = [(_number(x), _number(y)) for x, y in shape["points"]]
    if len(points) < least:
        raise ValueError("too few points")
    return points


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return min(2.0, max(-1.0, number))


def _pixels(points: Sequence[Point], size: Size) -> list[Point]:
    return [(x * size[0] - 0.5, y * size[1] - 0.5) for x, y in points]


def blob(chance: Any, size: Size) -> list[Point]:
    """An uneven ellipse of about the area asked for, somewhere within the image. Raises
    DomainError."""
    if not isinstance(chance, Mapping):
        raise DomainError(_("A random mask needs a seed and an area."))
    area, seed = chance.get("area"), chance.get("seed")
    if not isinstance(area, int | float) or not RANDOM_AREA[0] <= area <= RANDOM_AREA[1]:
        raise DomainError(_("The area of a random mask is a share from 0.005 to 0.6."))
    if not isinstance(seed, int) or seed < 0:
        raise DomainError(_("The seed of a random mask is a whole number."))
    draw = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    radius = 1 + sum(
        draw.normal(0, 0.09) * np.cos(k * angle + draw.uniform(0, 2 * np.pi)) for k in (2, 3, 4)
    )
    aspect = float(np.exp(draw.normal(0, 0.2)))
    x, y = radius * np.cos(angle) * aspect, radius * np.sin(angle) / aspect * size[0] / size[1]
    covered = 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))
    x, y = x * math.sqrt(area / covered), y * math.sqrt(area / covered)
    narrower, lower = max(1.0, np.ptp(x) / WIDEST), max(1.0, np.ptp(y) / WIDEST)
    x, y = x / narrower * lower, y / lower * narrower
    x, y = x / max(1.0, np.ptp(x) / WIDEST), y / max(1.0, np.ptp(y) / WIDEST)
    x += draw.uniform(0.01 - x.min(), 0.99 - x.max())
    y += draw.uniform(0.01 - y.min(), 0.99 - y.max())
    return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
