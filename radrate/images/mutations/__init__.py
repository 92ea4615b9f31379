"""Plain damage to a reference, for catch trials whose answer is known. Pure: arrays in, arrays out.

Each is meant to be seen at once by whoever looks, and by nobody who does not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radrate.images.mutations.bones import Unsuited
from radrate.images.mutations.grey import Bits, Floats, blur, from_floats, to_floats
from radrate.images.mutations.removing import removed
from radrate.images.mutations.scrambling import scrambled

__all__ = ["MUTATIONS", "VERSION", "Mutated", "Unsuited", "mutate"]

VERSION = 1
BLUR = 1 / 80  # sigma of the Gaussian, of the longest side


@dataclass(frozen=True, slots=True)
class Mutated:
    """The damaged image, of its source's depth and size, and where it differs from it."""

    pixels: NDArray
    region: Bits
    provenance: Mapping[str, Any]


def mutate(name: str, pixels: NDArray, seed: int) -> Mutated:
    """One of `MUTATIONS` made to an 8- or 16-bit grey image (rows, columns).

    The same seed gives the same image. Raises Unsuited for a film on which it would not be plain,
    KeyError for a name that is none, ValueError for an image of another kind.
    """
    values = to_floats(pixels)
    changed, region = MUTATIONS[name](values, np.random.default_rng(seed))
    if not region.any() or np.abs(changed - values)[region].mean() < PLAIN[name]:
        raise Unsuited(f"{name} would not be plain")
    made = {"operation": "mutate", "mutation": name, "version": VERSION, "seed": seed}
    return Mutated(from_floats(changed, pixels), region, made)


def blurred(values: Floats, _draw: np.random.Generator) -> tuple[Floats, Bits]:
    """The low anchor: no structure finer than about a thirtieth of the film is left."""
    return blur(values, max(values.shape) * BLUR), np.ones(values.shape, bool)


MUTATIONS: Mapping[str, Callable[[Floats, np.random.Generator], tuple[Floats, Bits]]] = {
    "blurred": blurred,
    "trabeculae_scrambled": scrambled,
    "bone_removed": removed,
}
PLAIN: Mapping[str, float] = {
    "blurred": 0.004,
    "trabeculae_scrambled": 0.012,
    "bone_removed": 0.045,
}
"""Mean change within the region, of the whole range of greys, below which one could miss it."""
