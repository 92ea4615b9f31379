"""From a plan (region, view, side, defect, seed) to the pixels of one radiograph."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from generation.backends.phantom import film
from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.defects import DEFECTS
from generation.backends.phantom.parts import Part, View
from generation.backends.phantom.projection import Frame, project
from generation.backends.phantom.variation import Pose, Variation

COARSE_SIDE = 128  # pixels of the projection on which exposure and window are metered
BOX_SIDE = 512  # pixels of the projection on which a defect is located

Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Plan:
    """What to render. `side` is L, R or empty; `marker` the lead letter; sizes in pixels."""

    region: str
    view: str
    side: str
    marker: str
    defect: str
    seed: int
    width: int
    height: int
    age_group: str = "adult"


@dataclass(frozen=True, slots=True)
class Rendering:
    """An 8-bit grey image, mm per pixel, and where the defect is (left, top, right, bottom)."""

    image: Image.Image
    spacing: float
    defect_box: Box | None


@dataclass(frozen=True, slots=True)
class Composition:
    """A view posed for one person, intact and as shown, on its film.

    `shutter` is the collimation of the intact film, `opening` that of the one shown.
    """

    view: View
    intact: tuple[Part, ...]
    shown: tuple[Part, ...]
    frame: Frame
    shutter: film.Shutter
    opening: film.Shutter

    def changed(self) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """The parts that only the intact, and that only the shown anatomy has."""
        intact, shown = {id(p) for p in self.intact}, {id(p) for p in self.shown}
        return (
            tuple(part for part in self.intact if id(part) not in shown),
            tuple(part for part in self.shown if id(part) not in intact),
        )


def compose(plan: Plan, vary: Variation) -> Composition:
    """Lay out the anatomy of a plan and its collimation. Parts in mm, shutters in pixels."""
    view = ATLAS[plan.region, plan.view](vary)
    change = DEFECTS[plan.defect].change if plan.defect else None
    shown = change(view.parts, vary) if change else view.parts
    place = Pose.of(vary, max(view.field))
    placed = {id(part): part.scaled(view.scale).placed(place) for part in (*view.parts, *shown)}
    frame = _frame(view.field, plan.width, plan.height)
    shutter = _shutter(view, frame, vary)
    return Composition(
        view=view,
        intact=tuple(placed[id(part)] for part in view.parts),
        shown=tuple(placed[id(part)] for part in shown),
        frame=frame,
        shutter=shutter,
        opening=_clipped(shutter, plan.defect, vary),
    )


def render(plan: Plan) -> Rendering:
    """The radiograph of a plan. The same plan gives the same bytes in every process."""
    vary = Variation(plan.seed, plan.age_group)
    scene = compose(plan, vary)
    frame, technique = scene.frame, scene.view.technique
    projection = project(scene.shown, frame, vary, technique.texture)
    grey = film.develop(projection, frame, technique, _metered(scene, vary), vary)
    open_part = scene.opening.mask(frame.shape)
    box = _defect_box(scene, vary) if plan.defect else None
    if plan.side == "L":
        grey, open_part, box = grey[:, ::-1], open_part[:, ::-1], _mirrored(box, plan.width)
    grey = film.stamped(grey, plan.marker, *_marker_place(plan, scene.shutter, frame, vary))
    return Rendering(Image.fromarray(film.to_bytes(grey * open_part)), frame.spacing, box)


def _frame(field: tuple[float, float], width: int, height: int) -> Frame:
    """The whole field on the film, with as much beside it as the film's shape leaves."""
    return Frame((height, width), max(field[0] / width, field[1] / height))


def _shutter(view: View, frame: Frame, vary: Variation) -> film.Shutter:
    """The collimation: up to the margins of the field, a little askew, open within the film."""
    rows, columns = frame.shape
    width, height = (side / frame.spacing for side in view.field)
    drawn = vary.stream("shutter").uniform(0, 1, 4)
    left, top, right, bottom = (m * f for m, f in zip(view.margins, drawn, strict=True))
    box = (
        columns / 2 - width * (0.5 - left),
        rows / 2 - height * (0.5 - top),
        columns / 2 + width * (0.5 - right),
        rows / 2 + height * (0.5 - bottom),
    )
    return film.Shutter(box, vary.normal("shutter.tilt", 0.35))


def _clipped(shutter: film.Shutter, defect: str, vary: Variation) -> film.Shutter:
    """The shutter with one side moved in as far as the defect demands."""
    clip = DEFECTS[defect].clip if defect else None
    if clip is None:
        return shutter
    box = list(shutter.box)
    side = vary.choice(f"{defect}.side", clip.sides)
    edge = ("left", "top", "right", "bottom").index(side)
    extent = box[edge % 2 + 2] - box[edge % 2]
    amount = vary.uniform(f"{defect}.amount", *clip.share) * extent
    box[edge] += amount if edge < 2 else -amount
    return film.Shutter((box[0], box[1], box[2], box[3]), shutter.tilt)


def _metered(scene: Composition, vary: Variation) -> film.Exposure:
    """Exposure and window of the intact anatomy, so that a defect does not shift every grey."""
    coarse, factor = _reduced(scene.frame, COARSE_SIDE)
    projection = project(scene.intact, coarse, vary, 0.0)
    open_part = scene.shutter.scaled(factor).mask(coarse.shape)
    return film.meter(projection, coarse, scene.view.technique, open_part)


def _reduced(frame: Frame, side: int) -> tuple[Frame, float]:
    factor = min(1.0, side / max(frame.shape))
    rows, columns = (max(round(n * factor), 8) for n in frame.shape)
    return Frame((rows, columns), frame.spacing / factor), factor


def _defect_box(scene: Composition, vary: Variation) -> Box:
    """Where the defect changes what reaches the film, in pixels, or where the shutter hides it."""
    frame = scene.frame
    small, factor = _reduced(frame, BOX_SIDE)
    shutters = (scene.shutter, scene.opening)
    before, after = (shutter.scaled(factor).mask(small.shape) for shutter in shutters)
    intact, shown = (
        project(parts, small, vary, scene.view.technique.texture).attenuation
        for parts in scene.changed()
    )
    differs = (np.abs(intact - shown) * after > 0.015) | (np.abs(before - after) > 0.5)
    rows, columns = np.flatnonzero(differs.any(1)), np.flatnonzero(differs.any(0))
    if not len(rows):
        return (0, 0, 0, 0)
    edges = (columns[0] - 2, rows[0] - 2, columns[-1] + 3, rows[-1] + 3)
    limits = (frame.shape[1], frame.shape[0]) * 2
    left, top, right, bottom = (
        int(np.clip(round(edge / factor), 0, limit))
        for edge, limit in zip(edges, limits, strict=True)
    )
    return (left, top, right, bottom)


def _mirrored(box: Box | None, width: int) -> Box | None:
    return box and (width - box[2], box[1], width - box[0], box[3])


def _marker_place(
    plan: Plan, shutter: film.Shutter, frame: Frame, vary: Variation
) -> tuple[tuple[float, float], float]:
    """Centre and height in pixels. A frontal R lies at the reader's left, an L at the right."""
    left, top, right, bottom = shutter.box
    height = 0.042 * max(right - left, bottom - top)
    on_left = plan.marker == "R"
    if plan.view == "LATERAL" and not plan.side:
        on_left = vary.choice("marker.edge", ("left", "right")) == "left"
    inwards = height * vary.uniform("marker.x", 0.9, 1.5)
    x = left + inwards if on_left != (plan.side == "L") else right - inwards
    if plan.side == "L":  # the film was mirrored under it
        x = frame.shape[1] - x
    share = vary.uniform("marker.y", 0.06, 0.2)
    return (x, top + share * (bottom - top)), height
