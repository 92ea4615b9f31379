"""From a plan (region, view, side, defect, seed) to the pixels of one radiograph."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from generation.backends.phantom import film, place
from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.defects import Injection, Site, injection
from generation.backends.phantom.film import Marker
from generation.backends.phantom.parts import Part, View
from generation.backends.phantom.place import Bits, Place
from generation.backends.phantom.projection import Floats, Frame, project
from generation.backends.phantom.variation import Pose, Variation

COARSE_SIDE = 128  # pixels of the projection on which exposure and window are metered
PLACE_SIDE = 512  # pixels of the projection on which a defect is located


@dataclass(frozen=True, slots=True)
class Plan:
    """What to render. `side` is L, R or empty; `marker` the lead letter; sizes in pixels.

    `defect` names what is injected, a defect or a finding, or is empty; `strength` is up to 1.
    """

    region: str
    view: str
    side: str
    marker: str
    defect: str
    seed: int
    width: int
    height: int
    strength: float = 1.0
    age_group: str = "adult"


@dataclass(frozen=True, slots=True)
class Rendering:
    """An 8-bit grey image, mm per pixel, the letter on it, and where the defect is."""

    image: Image.Image
    spacing: float
    marker: str
    place: Place | None


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
    injected: Injection | None
    site: Site | None


def compose(plan: Plan, vary: Variation) -> Composition:
    """Lay out the anatomy of a plan and its collimation. Parts in mm, shutters in pixels."""
    view = ATLAS[plan.region, plan.view](vary)
    injected = injection(plan.defect, plan.region, plan.view) if plan.defect else None
    field = view.technique.field
    site = injected and injected.site(plan.region, plan.view, field, plan.strength, vary)
    change = injected and injected.family.parts
    shown = change(view.parts, site) if change and site else view.parts
    pose = Pose.of(vary, max(view.field))
    placed = {id(part): part.scaled(view.scale).placed(pose) for part in (*view.parts, *shown)}
    frame = _frame(view.field, plan.width, plan.height)
    shutter = _shutter(view, frame, vary)
    clip = injected and injected.family.shutter
    return Composition(
        view=view,
        intact=tuple(placed[id(part)] for part in view.parts),
        shown=tuple(placed[id(part)] for part in shown),
        frame=frame,
        shutter=shutter,
        opening=clip(shutter, site) if clip and site else shutter,
        injected=injected,
        site=site,
    )


def render(plan: Plan) -> Rendering:
    """The radiograph of a plan. The same plan gives the same bytes in every process."""
    vary = Variation(plan.seed, plan.age_group)
    scene = compose(plan, vary)
    frame, technique = scene.frame, scene.view.technique
    projection = project(scene.shown, frame, vary, technique.texture)
    grey = film.develop(projection, frame, technique, _metered(scene, vary), vary)
    grey = _hung(grey, plan)
    lettered, marker = _lettered(grey, plan, scene, vary)
    shown = lettered * _hung(scene.opening.mask(frame.shape), plan)
    if scene.injected and scene.injected.family.film and scene.site:
        shown = scene.injected.family.film(shown, scene.site)
    image = Image.fromarray(film.to_bytes(shown))
    return Rendering(image, frame.spacing, marker.text, _place(plan, scene, vary))


def _hung(values: Floats, plan: Plan) -> Floats:
    """A left side is the mirror image of a right one, but for what is stamped upon it."""
    return values[:, ::-1] if plan.side == "L" else values


def _lettered(
    grey: Floats, plan: Plan, scene: Composition, vary: Variation
) -> tuple[Floats, Marker]:
    """The film with its lead letter, right or wrong."""
    marker = Marker(plan.marker)
    if scene.injected and scene.injected.family.marker and scene.site:
        marker = scene.injected.family.marker(marker, scene.site)
    at, height = _marker_place(plan, scene.shutter, scene.frame, vary)
    return film.stamped(grey, marker, at, height), marker


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


def _place(plan: Plan, scene: Composition, vary: Variation) -> Place | None:
    """Where the film shown differs from the intact one because of what was injected."""
    if scene.injected is None:
        return None
    family, shape = scene.injected.family, scene.frame.shape
    bones = place.names(scene.intact, scene.shown)
    if family.film:
        mask = np.ones(shape, bool)
    elif family.marker:
        empty = np.zeros(shape, "f4")
        intact = replace(scene, injected=None)
        mask = place.of_marker(*(_lettered(empty, plan, one, vary)[0] for one in (intact, scene)))
    else:
        mask = _hung(_changed(scene, vary), plan)
    return Place(scene.injected.kind, bones, mask)


def _changed(scene: Composition, vary: Variation) -> Bits:
    """Where anatomy or shutter differ, before the film is hung; shape as the film's."""
    small, factor = _reduced(scene.frame, PLACE_SIDE)
    shutters = (scene.shutter.scaled(factor), scene.opening.scaled(factor))
    texture = scene.view.technique.texture
    differs = place.of_anatomy(scene.intact, scene.shown, small, vary, texture)
    seen = differs & (shutters[1].mask(small.shape) > 0.5)
    mask = seen | place.of_shutter(*shutters, small.shape)
    return place.enlarged(mask, scene.frame.shape)


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
