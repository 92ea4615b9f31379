"""An erased area filled: candidates by method, each accepted by its fit, and n answers of them."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from generation.backends.exemplar import exemplars as leaders
from generation.backends.exemplar.candidates import (
    INPAINT_THRESHOLDS,
    Candidate,
    from_placed,
    placed,
)
from generation.backends.exemplar.exemplars import Exemplar
from generation.backends.exemplar.fit import held_out
from generation.backends.exemplar.loft import direction, loft
from generation.backends.exemplar.patchmatch import patched
from generation.backends.exemplar.pixels import (
    Floats,
    Mask,
    depth,
    resized,
    scaled,
    scaled_mask,
    sealed,
)
from generation.backends.exemplar.tones import grain
from generation.backends.exemplar.variety import deformed

WORKING_SIDE = 1024
SMALL_SHARE, SMALL_DEPTH = 0.02, 0.065  # holes that patches fill: area, and half-width as a share
NEAR = 0.15  # share around the hole whose greys count
LEAD = 0.05  # by which a film must fit better than a loft that is accepted
PATCH_RIM = 0.006  # share; width of the rim that is hidden to test patches
FADE = 0.02  # share over which one fill gives way to another
COHERENT = 0.5  # of the edges around a hole through which a shaft may run


@dataclass
class Hole:
    """One source with an erased area: `source` and `known` in full size, what leads in order."""

    source: Floats
    known: Mask
    exemplars: Sequence[Exemplar]
    between: Callable[[float], None] = lambda _fraction: None
    candidates: list[Candidate] = field(default_factory=list)

    @cached_property
    def factor(self) -> float:
        return min(1.0, WORKING_SIDE / max(self.source.shape))

    @cached_property
    def small(self) -> tuple[Floats, Mask]:
        """Source and mask at working size, with the hole blanked."""
        known = scaled_mask(self.known, self.factor, 0.99)
        source = scaled(self.source, self.factor)
        return np.where(known, source, 0).astype(np.float32), known

    @property
    def is_small(self) -> bool:
        _source, known = self.small
        narrow = depth(~known).max() < SMALL_DEPTH * max(known.shape)
        return bool((~known).mean() < SMALL_SHARE and narrow)

    def weigh(self) -> list[Candidate]:
        """Every candidate with its score; phantoms are weighed when a seed asks for one."""
        if self.is_small:
            self.candidates.append(self._patches())
            return self.candidates
        self.candidates.append(self._loft())
        for number, exemplar in enumerate(self.exemplars):
            self._weigh_exemplar(exemplar)
            self.between((number + 1) / len(self.exemplars))
        return self.candidates

    def _weigh_exemplar(self, exemplar: Exemplar) -> Candidate | None:
        """Along a shaft a film fits in many places: there it must fit better than the loft."""
        source, known = self.small
        where = placed(source, known, exemplar, near=NEAR)
        if where is None:
            return None
        found = from_placed(where, source, known, INPAINT_THRESHOLDS)
        (shaft, *_others) = self.candidates
        if shaft.accepted:
            found = replace(found, threshold=max(found.threshold, shaft.score + LEAD))
        self.candidates.append(found)
        return found

    def phantom(self, key: tuple[str, str], seed: int, spacing: float | None) -> Candidate | None:
        exemplar = leaders.of_phantom(key, seed)
        return self._weigh_exemplar(leaders.at_scale(exemplar, spacing))

    def _loft(self) -> Candidate:
        source, known = self.small
        course = direction(source, known)
        score = held_out(source, known, loft) if course.coherence > COHERENT else 0.0
        return Candidate(
            "loft",
            score,
            INPAINT_THRESHOLDS["loft"],
            loft(source, known) if score else None,
            np.ones_like(known),
            smooth=True,
            measures={
                "holdout": round(score, 3),
                "coherence": round(course.coherence, 3),
                "degrees": round(course.degrees, 1),
            },
        )

    def _patches(self) -> Candidate:
        source, known = self.small
        rng = np.random.default_rng(0)
        score = held_out(source, known, lambda image, mask: patched(image, mask, rng), PATCH_RIM)
        measures = {"holdout": round(score, 3)}
        return Candidate("patchmatch", score, INPAINT_THRESHOLDS["patchmatch"], measures=measures)

    def answer(self, candidate: Candidate, variant: int, seed: int) -> Floats:
        """One image in full size. Variant 0 is the fill as it is, others are bent by the seed,
        but for shafts, whose repetitions differ in grain alone."""
        rng = np.random.default_rng([seed, variant, zlib.crc32(candidate.name.encode())])
        source, known = self.small
        if candidate.fill is None:
            return self._enlarged(patched(source, known, rng), rng, smooth=False)
        fill = self._completed(candidate.fill, candidate.covered)
        if variant and not candidate.may_repeat:
            fill = deformed(fill, known, rng)
        return self._enlarged(fill, rng, smooth=candidate.smooth)

    def _completed(self, fill: Floats, covered: Mask) -> Floats:
        """The fill, with the next best or the loft where it says nothing."""
        _source, known = self.small
        if not (~covered & ~known).any():
            return fill
        rest = self._rest(covered)
        share = np.clip(depth(covered) / (FADE * max(known.shape)), 0, 1)
        return (share * fill + (1 - share) * rest).astype(np.float32)

    def _rest(self, covered: Mask) -> Floats:
        source, known = self.small
        for other in sorted(self.candidates, key=lambda one: -one.score):
            whole = other.covered is not None and (other.covered | covered)[~known].all()
            if other.accepted and whole:
                return sealed(source, known, other.fill)
        return loft(source, known)

    def _enlarged(self, fill: Floats, rng: np.random.Generator, *, smooth: bool) -> Floats:
        """In full size, sealed and with grain; only around the hole is anything computed."""
        whole = resized(fill, self.source.shape)
        box = _around(~self.known)
        source, known = self.source[box], self.known[box]
        filled = sealed(np.where(known, source, 0).astype(np.float32), known, whole[box])
        lost = 1.0 if smooth else max(0.0, 1 - 1.2 * self.factor)
        if lost:
            filled = filled + lost * grain(source, known, rng)
        answer = self.source.copy()
        answer[box] = np.where(known, source, filled)
        return answer


def _around(hole: Mask, share: float = 0.12) -> tuple[slice, slice]:
    """The box of the hole and `share` of the image's longest side around it."""
    border = round(share * max(hole.shape))
    spans = [np.flatnonzero(hole.any(axis)) for axis in (1, 0)]
    rows, columns = (
        slice(max(span[0] - border, 0), min(span[-1] + 1 + border, side))
        for span, side in zip(spans, hole.shape, strict=True)
    )
    return rows, columns
