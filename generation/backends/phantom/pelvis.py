"""The pelvis, AP, with the lower lumbar spine and both hips."""

from generation.backends.phantom import organs
from generation.backends.phantom.bony_pelvis import CHILD, SIDES, femur, hip_bone, sacrum
from generation.backends.phantom.parts import Technique, View
from generation.backends.phantom.spine import column, frontal
from generation.backends.phantom.spine.column import PELVIS, shifted
from generation.backends.phantom.variation import Variation

TECHNIQUE = Technique(
    field=(372, 316),
    beam=1.05,
    scatter=0.3,
    slope=4.4,
    gamma=1.9,
    window=(0.6, 99.8),
    detail=(0.35, 0.5, 0.3),
    texture=0.6,
)


def ap(vary: Variation) -> View:
    levels = column.frontal(("L3", "L4", "L5"))
    spine = (part for level in levels for part in frontal.vertebra(level, vary))
    parts = (
        *shifted((*organs.trunk(vary), *organs.viscera(vary), *spine), -PELVIS),
        *sacrum(vary),
        *(part for side in SIDES for part in (*hip_bone(side, vary), *femur(side, vary))),
        *shifted(organs.gas(vary), -PELVIS),
    )
    return View(parts, TECHNIQUE, (0.03, 0.03, 0.03, 0.03), CHILD if vary.child else 1.0)
