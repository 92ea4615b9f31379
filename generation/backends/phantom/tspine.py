"""The thoracic spine: AP through the mediastinum, lateral between the lungs."""

from dataclasses import replace

from generation.backends.phantom import chest, chest_lateral
from generation.backends.phantom.parts import Technique, View
from generation.backends.phantom.spine.column import shifted
from generation.backends.phantom.variation import Variation

TECHNIQUE = Technique(
    field=(186, 356),
    beam=1.15,
    scatter=0.3,
    slope=3.8,
    gamma=1.6,
    window=(0.6, 99.8),
    detail=(0.9, 0.7, 0.35),
    texture=0.5,
)
SIDE = replace(TECHNIQUE, field=(176, 356), beam=1.4, gamma=1.4)


def ap(vary: Variation) -> View:
    parts = chest.thorax(vary, heart=1.0, scapula=0.0, spine_density=1.0)
    return View(shifted(parts, 40), TECHNIQUE, (0.03, 0.03, 0.03, 0.03))


def lateral(vary: Variation) -> View:
    """Breathing during the exposure has blurred the ribs away in part."""
    ribs = (replace(rib, density=0.5) for rib in chest_lateral.ribs(vary))
    parts = (*chest_lateral.soft(vary), *ribs, *chest_lateral.spine(vary))
    return View(shifted(parts, 34, -80), SIDE, (0.03, 0.03, 0.03, 0.03))
