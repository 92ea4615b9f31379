"""Finds what may lead one request's edit, within the number that its time allows."""

from dataclasses import dataclass, replace

from generation.backends.base import GenerationRequest, RunContext
from generation.backends.exemplar import regions
from generation.backends.exemplar.exemplars import (
    TRIED,
    Exemplar,
    at_scale,
    most_alike,
    of_mirror,
    own_radiographs,
)
from generation.backends.exemplar.pixels import Floats, Mask


@dataclass(frozen=True, slots=True)
class Leading:
    """`source` is blank where it is not `known`."""

    request: GenerationRequest
    context: RunContext
    source: Floats
    known: Mask

    def for_hole(self) -> list[Exemplar]:
        mirror = of_mirror(self.request.anatomy, self.source, self.known)
        return mirror + self._films(self._own_parts(), TRIED - len(mirror))

    def for_side(self, side: str, parts: tuple[str, ...]) -> list[Exemplar]:
        """Films of the source's own region where no side is given, else those of `parts`."""
        if not side:
            return self._films(self._own_parts(), TRIED - 1)
        return [replace(one, beyond=side) for one in self._films(parts, TRIED - 2)]

    def _own_parts(self) -> tuple[str, ...]:
        part = self.request.anatomy.body_part_examined
        return (part, *regions.SAME_AREA.get(part, ()))

    def _films(self, parts: tuple[str, ...], most: int) -> list[Exemplar]:
        pathological = bool(self.request.params.get("pathological_guides", False))
        found = own_radiographs(
            self.request.anatomy, parts, self.context, pathological=pathological
        )
        sized = [at_scale(one, self.request.pixel_spacing) for one in found]
        return most_alike(self.source, self.known, sized, most)
