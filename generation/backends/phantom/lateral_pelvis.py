"""Sacrum, hip bones and hips from the side, in the frame of a body of L5 at the origin."""

from generation.backends.phantom.parts import Grain, Part
from generation.backends.phantom.shapes import closed, ellipse, moved, rotated, tube
from generation.backends.phantom.variation import Variation

# The coordinates of an outline are read together, so they stand together.
# fmt: off


def pelvis(vary: Variation, turn: float) -> tuple[Part, ...]:
    """The pelvis turned clockwise by `turn` degrees with the last lumbar vertebra."""
    parts = (*_sacrum(vary), *_hip_bones())
    return tuple(part.placed(lambda p: rotated(p, turn)) for part in parts)


def _sacrum(vary: Variation) -> tuple[Part, ...]:
    bend = vary.normal("sacrum.bend", 3)
    outline = closed([
        (-5, 32), (2, 24), (22, 14), (28, 12), (34, 22), (46, 36), (58, 58), (66, 84),
        (68, 104 + bend), (58, 122 + bend), (50, 120 + bend), (54, 104), (48, 86), (36, 68),
        (20, 52), (4, 42),
    ])
    crest = tube([(34, 20), (50, 34), (64, 56), (72, 84)], [3, 5, 4.4, 2.4])
    canal = tube([(30, 26), (42, 44), (54, 70), (58, 92)], [4, 3.4, 2.4, 1.4])
    discs = tuple(
        tube([a, b], 0.8)
        for a, b in (((16, 47), (38, 30)), ((33, 63), (50, 49)), ((46, 82), (60, 72)),
                     ((53, 102), (67, 98)))
    )
    base = tube([(-6, 32), (10, 22), (28, 12)], 0.9)
    tail = tuple(
        ellipse(x, y + bend, 5.4, 3.6, turn)
        for x, y, turn in ((50, 127, -55), (42, 134, -40), (34, 139, -25))
    )
    return (
        Part("sacrum", (outline,), 40, 14, cortex=0.8, grain=(Grain(120, 0.5),)),
        Part("sacrum crest", (crest,), 12, 4, cortex=0.8, density=0.8),
        Part("sacrum canal", (canal,), 10, 4, cortex=0.1, density=-0.7),
        Part("sacrum segments", discs, 12, 1.0, cortex=0.8, density=0.8),
        Part("sacrum endplate", (base,), 20, 1.1, cortex=1.0, density=0.8),
        Part("coccyx", tail, 8, 3, cortex=0.8),
    )


def _hip_bones() -> tuple[Part, ...]:
    """Both hip bones, one a little larger: it lies farther from the film."""
    wing = [
        (36, 22), (48, 4), (44, -18), (24, -36), (-8, -42), (-40, -34), (-62, -14), (-70, 8),
        (-64, 22), (-58, 36), (-62, 48), (-52, 62), (-38, 76), (-30, 98), (0, 104), (16, 84),
        (18, 66), (30, 58), (44, 60), (48, 46), (38, 36),
    ]
    ischium = [(-30, 88), (0, 96), (14, 118), (20, 140), (8, 158), (-8, 150), (-14, 132),
    (-40, 130),
               (-62, 146), (-74, 140), (-66, 122), (-46, 108)]
    brim = [(30, 30), (4, 50), (-20, 76), (-46, 108), (-66, 126)]
    notch = [(46, 58), (30, 58), (18, 68), (16, 86), (14, 110)]
    parts: list[Part] = []
    for side, shift, size in (("left", (0, 0), 1.0), ("right", (-5, -4), 1.05)):
        outline = moved(closed(wing) * size, *shift)
        low = moved(closed(ischium) * size, *shift)
        lines = tuple(moved(tube(line, 1.0) * size, *shift) for line in (brim, notch))
        head = moved(ellipse(-20, 102, 25, 25) * size, *shift)
        parts += [
            Part(f"hip bone {side}", (outline,), 7, 6, cortex=0.8, grain=(Grain(60, 0.4),)),
            Part(f"hip bone {side} ischium", (low,), 15, 9, cortex=0.9),
            Part(f"hip bone {side} lines", lines, 8, 1.1, cortex=0.9, density=0.7),
            Part(f"femur {side}", (head,), 34, 22, cortex=0.8),
        ]
    return tuple(parts)
