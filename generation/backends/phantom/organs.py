"""What lies in the abdomen before the spine, from the front, in the frame of the trunk."""

import numpy as np

from generation.backends.phantom.parts import Material, Part, Points
from generation.backends.phantom.shapes import closed, moved, points, sided, symmetric, tube
from generation.backends.phantom.spine.column import PELVIS
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off

SIDES = (-1, 1)


def trunk(vary: Variation) -> tuple[Part, ...]:
    """The skin from the arms to the thighs, and the muscles of the belly, loins and hips."""
    fat = 1 + vary.normal("trunk.fat", 0.045)
    waist = 1 + vary.normal("trunk.waist", 0.03)
    right = [
        (0, -60), (150, -60), (158, 0), (157, 60), (150 * waist, 130), (146 * waist, 190),
        (154 * waist, 240), (168, 290), (180, 350), (190, 410), (190, 470), (182, 660), (5, 660),
        (4, 600), (3, 560), (0, 540),
    ]
    skin = symmetric([(x * fat, y) for x, y in right])
    wall = symmetric([
        (0, -60), (136, -60), (143, 0), (141, 60), (134 * waist, 130), (130 * waist, 190),
        (134 * waist, 240), (128, 280), (0, 300),
    ])
    psoas = tuple(
        tube(sided([
            (15, 112), (24, 150), (34, 196), (44, 240), (58, 288), (76, 340), (96, 396), (110, 450),
        ], s), [6, 12, 17, 20, 21, 19, 15, 9])
        for s in SIDES
    )
    glutei = tuple(
        closed(sided([
            (56, 268), (110, 250), (148, 300), (172, 380), (176, 440), (140, 436), (96, 400),
            (62, 330),
        ], s))
        for s in SIDES
    )
    thighs = tuple(
        closed(sided([
            (20, 496), (50, 450), (104, 410), (150, 412), (172, 470), (170, 660), (30, 660),
        ], s))
        for s in SIDES
    )
    return (
        Part("skin", (skin,), 205, 150, Material.BODY),
        Part("abdominal wall", (wall,), 60, 16, Material.SOFT),
        Part("psoas", psoas, 62, 12, Material.SOFT),
        Part("gluteal muscles", glutei, 60, 24, Material.SOFT),
        Part("thigh muscles", thighs, 110, 36, Material.SOFT),
    )


def viscera(vary: Variation) -> tuple[Part, ...]:
    """Liver, spleen, kidneys and bladder: outlined by the fat about them."""
    dx, dy = vary.normal("organs.kidney", 3), vary.normal("organs.low", 5)
    kidney = [
        (40, 94), (50, 88), (60, 92), (68, 106), (71, 126), (69, 148), (62, 160), (52, 162),
        (45, 152), (43, 138), (46, 126), (42, 112), (37, 104),
    ]
    kidneys = (
        moved(closed(kidney), dx + 2, -6),
        moved(closed(sided(kidney, -1)), -dx - 2, 10),
    )
    liver = closed([
        (20, 20), (0, 50), (-30, 84), (-64, 120 + dy), (-96, 158 + dy), (-122, 176 + dy),
        (-131, 160), (-134, 100), (-130, 30), (-80, -20),
    ])
    spleen = closed([(84, 26), (112, 24), (130, 50), (130, 92), (116, 110 + dy), (98, 84)])
    bladder = symmetric([
        (0, PELVIS - 2), (26, PELVIS + 4), (42, PELVIS + 26), (36, PELVIS + 52), (0, PELVIS + 60),
    ])
    return (
        Part("liver", (liver,), 82, 26, Material.SOFT),
        Part("spleen", (spleen,), 60, 20, Material.SOFT),
        Part("kidneys", kidneys, 48, 15, Material.SOFT),
        Part("bladder", (bladder,), 55, 24, Material.SOFT),
    )


def gas(vary: Variation) -> tuple[Part, ...]:
    """Gas in stomach, colon and rectum, with stool in the right colon; none in the small bowel."""
    stream = vary.stream("organs.gas")
    amount = vary.uniform("organs.amount", 0.75, 1.15)
    stomach = closed([
        (34, 34), (52, 22), (82, 24), (104, 42), (106, 66), (88, 82), (60, 84), (38, 70),
    ])
    hepatic, splenic = (-104, 150), (108, 92)
    paths = {
        "ascending colon": [(-112, 292), (-116, 262), (-116, 226), (-112, 190), hepatic],
        "transverse colon": [
            hepatic, (-76, 150), (-40, 166), (0, 172), (40, 158), (76, 130), splenic,
        ],
        "descending colon": [splenic, (120, 130), (122, 180), (122, 230), (116, 280)],
        "sigmoid colon": [(104, 312), (76, 344), (40, 352), (14, 336), (-6, 356)],
        "rectum": [(-4, 350), (6, 372), (2, 396), (-4, 420)],
    }
    full = {"ascending colon": 12, "transverse colon": 14, "descending colon": 7,
            "sigmoid colon": 9, "rectum": 13}
    parts = [Part("gas in the stomach", (stomach,), 34 * amount, 22, Material.GAS)]
    for name, path in paths.items():
        pockets = _haustra(path, full[name] * amount, stream)
        if pockets:
            parts.append(Part(f"gas in the {name}", pockets, full[name] * 1.5, 14, Material.GAS))
    stool = (_stool(paths[name], name, stream) for name in ("ascending colon", "sigmoid colon"))
    return (*parts, *stool)


def _haustra(path: list[tuple[float, float]], radius: float, stream: np.random.Generator
             ) -> tuple[Points, ...]:
    """Pockets along the bowel, some missing where it is collapsed."""
    line = points(path)
    at = np.r_[0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))]
    out = []
    for s in np.arange(0, at[-1], radius * 1.25):
        x, y = (np.interp(s, at, column) for column in line.T)
        if stream.uniform() < 0.62:
            r = radius * stream.uniform(0.65, 1.1)
            out.append(blob(x + stream.normal(0, 3), y + stream.normal(0, 3), r, stream))
    return tuple(out)


def _stool(path: list[tuple[float, float]], name: str, stream: np.random.Generator) -> Part:
    line = points(path)
    bubbles = []
    for _ in range(46):
        x, y = line[stream.integers(len(line))] + stream.normal(0, (9, 13))
        bubbles.append(blob(x, y, stream.uniform(1.2, 3.6), stream))
    return Part(f"stool in the {name}", tuple(bubbles), 9, 3, Material.GAS)


def blob(x: float, y: float, radius: float, stream: np.random.Generator) -> Points:
    phi = np.linspace(0, 2 * np.pi, 9, endpoint=False) + stream.uniform(0, 1)
    r = radius * stream.uniform(0.78, 1.2, 9)
    return closed(np.stack([x + 1.15 * r * np.cos(phi), y + 0.92 * r * np.sin(phi)], 1))
