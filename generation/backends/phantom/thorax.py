"""What both chest views share: the cage of twelve rib pairs in space, and the branching vessels."""

import numpy as np

from generation.backends.phantom.parts import Part, Points
from generation.backends.phantom.shapes import sided, tube
from generation.backends.phantom.spine.column import THORACIC, frontal
from generation.backends.phantom.variation import Variation

# By rib 1 to 12: half width and half depth of the cage, fall per half turn (mm), end (degrees).
WIDTH = (46, 72, 93, 108, 119, 127, 133, 137, 139, 137, 124, 96)
DEPTH = (40, 58, 72, 82, 89, 94, 97, 98, 97, 94, 88, 80)
FALL = (16, 25, 33, 40, 46, 51, 55, 60, 63, 68, 96, 104)
END = (140, 142, 142, 140, 137, 133, 128, 122, 114, 106, 72, 48)
LEVELS = tuple(level.at[1] for level in frontal(THORACIC))  # y of T1 to T12


def rib_in_space(number: int, vary: Variation) -> Points:
    """The centre line of rib `number` (1 to 12): x lateral, y down, z forward; shape (n, 3), mm."""
    k = number - 1
    width = WIDTH[k] * (1 + vary.normal("thorax.width", 0.025))
    fall = FALL[k] * (1 + vary.normal("thorax.fall", 0.08)) * (1 + vary.normal(f"rib.{k}", 0.02))
    begin = np.rad2deg(np.arcsin(17 / width))
    turn = np.deg2rad(np.linspace(begin, END[k], 26))
    rise = 5.0 * np.sin(np.clip(turn * 2.2, 0, np.pi))  # the neck of the rib climbs first
    x = width * np.sin(turn) ** 0.92
    drop = (1 - np.cos(turn)) ** (1.0 if number < 9 else 0.62)  # the lower ribs are straighter
    y = LEVELS[k] - 7 + fall * drop - rise
    return np.stack([x, y, -DEPTH[k] * np.cos(turn)], 1)


def rib_ap(number: int, side: int, vary: Variation) -> Part:
    """A rib from the front. Its anterior end is open, since the cartilage casts no shadow."""
    line = sided(rib_in_space(number, vary)[:, :2], side)
    radii = np.asarray(rib_radii(len(line)))
    beyond = np.vstack([line, line[-1] + (line[-1] - line[-3]) * 1.5])
    marrow = tube(beyond, [*(radii - 1.0), radii[-1] - 1.0], steps=3)
    name = f"rib {number} {'left' if side > 0 else 'right'}"
    return Part(name, (tube(line, radii, steps=3),), 7.2, 3.6, cortex=0.9, marrow=(marrow,))


def rib_lateral(number: int, side: int, vary: Variation) -> Part:
    """A rib from the side, the front to the left. The left ribs are farther from the film."""
    space = rib_in_space(number, vary)
    line = np.stack([-space[:, 2], space[:, 1]], 1)
    line = line * 1.03 if side > 0 else line * 0.98 + (-3, 3)
    radii = np.asarray(rib_radii(len(line)))
    beyond = np.vstack([line, line[-1] + (line[-1] - line[-3]) * 1.5])
    marrow = tube(beyond, [*(radii - 0.9), radii[-1] - 0.9], steps=3)
    name = f"rib {number} {'left' if side > 0 else 'right'}"
    return Part(name, (tube(line, radii, steps=3),), 6.5, 3.2, cortex=0.8, marrow=(marrow,))


def clavicle(side: int, vary: Variation) -> Part:
    """Seen from the front, in the frame of the trunk."""
    lift = vary.normal("chest.clavicle", 4)
    path = [
        (13, -128),
        (20, -131),
        (34, -135),
        (58, -138 - lift / 2),
        (88, -146 - lift),
        (118, -156 - lift),
        (142, -160 - lift),
        (156, -159 - lift),
    ]
    radii = [7.5, 9.8, 7.4, 5.8, 5.2, 5.6, 6.6, 6.0]
    outline = tube(sided(path, side), radii)
    name = f"clavicle {'left' if side > 0 else 'right'}"
    return Part(name, (outline,), 12, 5.0, cortex=1.5)


def rib_radii(count: int) -> list[float]:
    """Half the apparent height of a rib along its course: flaring to its anterior end."""
    return list(
        np.interp(np.linspace(0, 1, count), [0, 0.1, 0.3, 0.75, 1], [3.8, 4.6, 5.3, 5.0, 6.3])
    )


def vessels(
    vary: Variation, name: str, root: tuple[float, float], angles: list[float], radius: float
) -> tuple[Points, ...]:
    """A tree of tapering branches from a hilum, as quadrilaterals; `angles` in degrees."""
    stream = vary.stream(name)
    out: list[Points] = []
    tips = [(np.asarray(root, float), np.deg2rad(angle), radius, 0) for angle in angles]
    while tips:
        at, angle, r, order = tips.pop()
        length = stream.uniform(12, 22) * (r / radius) ** 0.2
        end_radius = r * stream.uniform(0.74, 0.86)
        end = at + length * np.array([np.cos(angle), np.sin(angle)])
        across = np.array([-np.sin(angle), np.cos(angle)])
        out.append(
            np.stack(
                [
                    at + r * across,
                    end + end_radius * across,
                    end - end_radius * across,
                    at - r * across,
                ]
            )
        )
        if order < 8 and end_radius > 0.36:
            fork = stream.uniform(0.06, 0.36, 2) * stream.permutation([0.8, 1.8])
            share = stream.permutation([stream.uniform(0.86, 1.0), stream.uniform(0.66, 0.9)])
            tips.append((end, angle + fork[0], end_radius * share[0], order + 1))
            tips.append((end, angle - fork[1], end_radius * share[1], order + 1))
    return tuple(out)
