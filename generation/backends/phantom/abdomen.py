"""The abdomen, AP and supine, from the diaphragm to the symphysis."""

from generation.backends.phantom import organs
from generation.backends.phantom.bony_pelvis import SIDES, femur, hip_bone, sacrum
from generation.backends.phantom.parts import Technique, View
from generation.backends.phantom.spine import column, frontal
from generation.backends.phantom.spine.column import PELVIS, shifted
from generation.backends.phantom.thorax import rib_ap
from generation.backends.phantom.variation import Variation

ORIGIN = 258.0  # of the view's middle, in the trunk's frame
TECHNIQUE = Technique(
    field=(356, 448),
    beam=1.1,
    scatter=0.32,
    slope=4.2,
    gamma=1.85,
    window=(0.6, 99.8),
    detail=(0.35, 0.5, 0.3),
    texture=0.45,
)


def ap(vary: Variation) -> View:
    levels = column.frontal(("T9", "T10", "T11", "T12", *column.LUMBAR))
    pelvis = (
        *sacrum(vary),
        *(part for side in SIDES for part in (*hip_bone(side, vary), *femur(side, vary))),
    )
    parts = (
        *organs.trunk(vary),
        *organs.viscera(vary),
        *(part for level in levels for part in frontal.vertebra(level, vary)),
        *(rib_ap(number, side, vary) for number in range(7, 13) for side in SIDES),
        *shifted(pelvis, PELVIS),
        *organs.gas(vary),
    )
    return View(shifted(parts, -ORIGIN), TECHNIQUE, (0.02, 0.02, 0.02, 0.02))
