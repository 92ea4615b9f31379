"""The wrist, PA, a right one: the hand's middle, with more of the forearm."""

from generation.backends.phantom import hand
from generation.backends.phantom.limb import centred, view
from generation.backends.phantom.parts import Technique, View
from generation.backends.phantom.variation import Variation

TECHNIQUE = Technique(
    field=(112, 158),
    beam=0.52,
    scatter=0.12,
    slope=4.0,
    gamma=1.4,
    window=(0.4, 99.8),
    texture=0.75,
)


def pa(vary: Variation) -> View:
    parts = centred(hand.parts(vary), -4, 82)
    return view(parts, TECHNIQUE, (0.02, 0.02, 0.02, 0.02), vary)
