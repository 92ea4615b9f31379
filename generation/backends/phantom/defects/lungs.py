"""Findings of the chest: a nodule, a pneumothorax, a pleural effusion."""

from dataclasses import replace

import numpy as np

from generation.backends.phantom.defects.bones import Parts
from generation.backends.phantom.defects.family import Family, Names, Site
from generation.backends.phantom.defects.geometry import Outlines, inside
from generation.backends.phantom.parts import Material, Part, Points
from generation.backends.phantom.shapes import closed, inset, sided, tube

ZONES = ("upper", "middle", "lower")
SIDES = {"right": -1, "left": 1}  # of the patient, by the sign of x as a frontal film hangs
HILUM = (32.0, 0.0)  # mm, of the left lung


def _nodule_places(region: str, view: str) -> Names:
    """Side and zone, as a frontal film tells them; from the side neither is told."""
    if region != "CHEST":
        return ()
    return ("",) if view == "LATERAL" else tuple(f"{s} {zone}" for s in SIDES for zone in ZONES)


def _pleura(region: str, view: str) -> Names:
    return tuple(SIDES) if region == "CHEST" and view != "LATERAL" else ()


def _fluid(region: str, view: str) -> Names:
    return ("",) if (region, view) == ("CHEST", "LATERAL") else _pleura(region, view)


def _lungs(parts: Parts) -> Outlines:
    lungs = (p for p in parts if p.material is Material.LUNG and "lung" in p.name)
    return tuple(outline for part in lungs for outline in part.outlines)


def _with_nodule(parts: Parts, site: Site) -> Parts:
    """A round shadow of 1 to 3 cm in the lung, clear of the heart and the hila."""
    stream = site.vary.stream("nodule")
    radius = stream.uniform(7.5, 12.5) * (0.5 + 0.5 * site.strength)
    x, y = _clear_place(parts, site, radius, stream)
    phi = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    r = radius * stream.uniform(0.93, 1.07, len(phi))
    outline = closed(np.stack([x + r * np.cos(phi), y + r * np.sin(phi)], 1))
    return (
        *parts,
        Part("nodule", (outline,), 2 * radius, 0.8 * radius, Material.WATER, density=1.6),
    )


def _clear_place(
    parts: Parts, site: Site, radius: float, stream: np.random.Generator
) -> tuple[float, float]:
    lungs = _lungs(parts)
    low, high = np.vstack(lungs).min(0), np.vstack(lungs).max(0)
    tried = low + stream.uniform(0, 1, (600, 2)) * (high - low)
    side, _, zone = site.name.partition(" ")
    if side:
        top = low[1] + ZONES.index(zone) * (high[1] - low[1]) / 3
        tried = tried[(tried[:, 0] * SIDES[side] > 0)]
        tried = tried[(tried[:, 1] >= top) & (tried[:, 1] < top + (high[1] - low[1]) / 3)]
    within = inside(tried, tuple(inset(lung, radius + 5) for lung in lungs))
    solid = [p for p in parts if p.material is Material.WATER and p.name != "vessels"]
    clear = within & ~inside(tried, tuple(o for part in solid for o in part.outlines))
    x, y = tried[clear if clear.any() else within][0]
    return float(x), float(y)


def _with_pneumothorax(parts: Parts, site: Site) -> Parts:
    """The lung drawn away from the chest wall: a pleural line, and beyond it no vessels."""
    side = SIDES[site.name]
    share = 1 - site.strength * site.vary.uniform("pneumothorax.size", 0.2, 0.32)

    def drawn_in(points: Points) -> Points:
        x, y = points[:, 0] * side, points[:, 1]
        x = np.where(x > HILUM[0], HILUM[0] + (x - HILUM[0]) * share, x)
        y = np.where(y < HILUM[1], HILUM[1] + (y - HILUM[1]) * (share + 0.08), y)
        return np.stack([x * side, y], 1)

    lung = next(o for o in _lungs(parts) if o[:, 0].mean() * side > 0)
    small = drawn_in(lung)
    free = small[:, 0] * side > HILUM[0]
    line = tuple(tube(piece, 0.55, steps=2) for piece in _runs(small, free & (small[:, 1] < 70)))
    vessels = next(part for part in parts if part.name == "vessels")
    centres = np.array([outline.mean(0) for outline in vessels.outlines])
    beyond = inside(centres, (lung,)) & ~inside(centres, (small,))
    kept = tuple(o for o, gone in zip(vessels.outlines, beyond, strict=True) if not gone)
    air = Part("pneumothorax", (lung,), 120, 12, Material.GAS, holes=(small,), density=0.24)
    pleura = Part("pleural line", line, 0, None, Material.WATER, density=14)
    inner = replace(vessels, outlines=kept)
    return (*(inner if part is vessels else part for part in parts), air, pleura)


def _runs(points: Points, chosen: np.ndarray) -> list[Points]:
    """The unbroken runs of chosen points of a closed polygon."""
    start = int(np.argmin(chosen))
    points, chosen = np.roll(points, -start, 0), np.roll(chosen, -start)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(int), [0]])))
    return [points[a:b] for a, b in edges.reshape(-1, 2) if b - a > 2]


def _with_pleural_effusion(parts: Parts, site: Site) -> Parts:
    """Fluid in the costophrenic angle, its upper border rising to the chest wall."""
    level = site.vary.uniform("effusion.level", 50, 70) * site.strength
    lungs = _lungs(parts)
    if site.view == "LATERAL":
        return (*parts, _pool(BEHIND, level, lungs[0], 1, 110))
    side = SIDES[site.name]
    lung = next(outline for outline in lungs if outline[:, 0].mean() * side > 0)
    return (*parts, _pool(BESIDE, level, lung, side, 180))


# Fluid from the side and from the front, a left one: x, and above the base in levels of it.
BEHIND = ((10, -0.3), (16, 0.5), (56, 0.9), (92, 1.3), (124, 2.0), (135, -0.5))
BESIDE = ((18, -0.5), (40, 0.5), (80, 0.62), (112, 1.0), (134, 1.9), (150, 1.6), (150, -0.6))


def _pool(
    shape: tuple[tuple[float, float], ...], level: float, lung: Points, side: int, depth: float
) -> Part:
    base = float(lung[:, 1].max())
    outline = closed(sided([(x, base - share * level) for x, share in shape], side))
    return Part("pleural effusion", (outline,), depth, 18, Material.WATER, density=1.2)


LUNGS = {
    "nodule": Family("Pulmonary nodule", _nodule_places, graded=True, parts=_with_nodule),
    "pneumothorax": Family("Pneumothorax", _pleura, graded=True, parts=_with_pneumothorax),
    "pleural_effusion": Family(
        "Pleural effusion", _fluid, graded=True, parts=_with_pleural_effusion
    ),
}
