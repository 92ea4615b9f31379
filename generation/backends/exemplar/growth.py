"""A film grown beyond its borders: candidates for every side, and images composed of them."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from generation.backends.exemplar.borders import frame_widths, markers
from generation.backends.exemplar.candidates import (
    OUTPAINT_THRESHOLDS,
    Candidate,
    measures_of,
    shifted,
)
from generation.backends.exemplar.exemplars import Exemplar
from generation.backends.exemplar.extrude import evenness, extruded
from generation.backends.exemplar.fit import agreement
from generation.backends.exemplar.flow import aligned
from generation.backends.exemplar.growing import Growing
from generation.backends.exemplar.pixels import (
    Floats,
    Mask,
    covered,
    membrane,
)
from generation.backends.exemplar.registration import Registration, register
from generation.backends.exemplar.sides import Margins, down, up
from generation.backends.exemplar.tones import grain

NEAR = 0.3  # share around the source's edge whose greys count
HELD_OUT = 20  # one part in so many is hidden to test an extrusion, or compared with a guide
COVER = 0.75  # of a side's strip that a guide must show
OVERLAP = 0.7  # of the source that another film of its region must show
BEYOND_PART, BEYOND_OVERLAP = 0.5, 0.5  # of the source, on which an adjoining film is registered
LONGEST = 1.0  # of the source's own extent that an edge may be continued without a guide


@dataclass
class Growth:
    """One source at working size with margins. `shafts` are the sides that may be extruded."""

    source: Floats
    margins: Margins
    exemplars: Sequence[Exemplar]
    shafts: frozenset[str]
    thresholds: Mapping[str, float] = field(default_factory=lambda: OUTPAINT_THRESHOLDS)
    between: Callable[[float], None] = lambda _fraction: None
    candidates: dict[str, list[Candidate]] = field(default_factory=dict)

    @cached_property
    def frame(self) -> Margins:
        return Margins(*frame_widths(self.source))

    @cached_property
    def clean(self) -> Floats:
        """The source without lead letters, so that none is continued."""
        return membrane(self.source, ~markers(self.source))

    @cached_property
    def trusted(self) -> Mask:
        """The source but for its frame lines."""
        inside = np.zeros(self.source.shape, bool)
        rows, columns = self.source.shape
        frame = self.frame
        inside[frame.top : rows - frame.bottom, frame.left : columns - frame.right] = True
        return inside

    @cached_property
    def canvas(self) -> tuple[Floats, Mask]:
        """Empty but for the trusted source."""
        shape = self.margins.canvas(self.source.shape)
        image, known = np.zeros(shape, np.float32), np.zeros(shape, bool)
        box = self.margins.box(self.source.shape)
        image[box], known[box] = np.where(self.trusted, self.clean, 0), self.trusted
        return image, known

    def weigh(self) -> dict[str, list[Candidate]]:
        """Candidates for every side. Where there is only air, nothing is to be continued."""
        for side in self.margins.sides:
            self.candidates[side] = [self._extrusion(side)]
        wanted = [
            one for one in self.exemplars if any(self._leads(one, side) for side in self.candidates)
        ]
        for number, exemplar in enumerate(wanted):
            self.add(exemplar)
            self.between((number + 1) / len(wanted))
        return self.candidates

    def add(self, exemplar: Exemplar) -> None:
        """Weigh one exemplar for every side that it may lead."""
        where = self._registered(exemplar)
        for side, candidates in self.candidates.items():
            if where and self._leads(exemplar, side):
                candidates.append(self._guided(side, exemplar, where))

    @property
    def lacking(self) -> list[str]:
        """The sides for which nothing is accepted."""
        return [
            side
            for side, candidates in self.candidates.items()
            if not any(one.accepted for one in candidates)
        ]

    def _leads(self, exemplar: Exemplar, side: str) -> bool:
        """Whether it may lead this side. In air none is needed, and where a shaft goes on another
        film of the same region would only show the same joint again."""
        if self.candidates[side][0].method == "air":
            return False
        return exemplar.beyond == side or (not exemplar.beyond and side not in self.shafts)

    def _registered(self, exemplar: Exemplar) -> Registration | None:
        """On the whole source, or on the part near the side that it lies beyond; canvas pixels."""
        rows, columns = self._window(exemplar.beyond)
        overlap = BEYOND_OVERLAP if exemplar.beyond else OVERLAP
        field = max(self.source.shape if exemplar.beyond else self.canvas[1].shape)
        found = register(
            self.clean[rows, columns],
            self.trusted[rows, columns],
            exemplar.image,
            exemplar.valid,
            replace(exemplar.search, near=1.0, overlap=overlap, field=field),
        )
        if found is None:
            return None
        offset = (self.margins.left + columns.start, self.margins.top + rows.start)
        return replace(found, matrix=shifted(found.matrix, offset))

    def _window(self, side: str) -> tuple[slice, slice]:
        rows, columns = self.source.shape
        high, wide = round(rows * BEYOND_PART), round(columns * BEYOND_PART)
        return {
            "left": (slice(0, rows), slice(0, wide)),
            "top": (slice(0, high), slice(0, columns)),
            "right": (slice(0, rows), slice(columns - wide, columns)),
            "bottom": (slice(rows - high, rows), slice(0, columns)),
        }.get(side, (slice(0, rows), slice(0, columns)))

    def _edge(self, side: str) -> tuple[Floats, int]:
        """The source turned so that `side` is down, without its frame; and the frame's width."""
        turned, frame = down(self.clean, side), self.frame.of(side)
        return turned[: len(turned) - frame], frame

    def _extrusion(self, side: str) -> Candidate:
        """Air where the edge is dark and even; else a shaft, tested on a hidden edge band."""
        source, _frame = self._edge(side)
        even = evenness(source)
        if even >= self.thresholds["air"]:
            measures = {"evenness": round(even, 3)}
            return Candidate("air", even, self.thresholds["air"], name="air", measures=measures)
        holdout = self._holdout(source)
        short = self.margins.of(side) <= LONGEST * len(source)
        allowed = side in self.shafts and short
        return Candidate(
            "extrude",
            holdout if allowed else 0.0,
            self.thresholds["extrude"],
            name="continued edge",
            measures={"holdout": round(holdout, 3), "shaft": side in self.shafts},
        )

    @staticmethod
    def _holdout(source: Floats) -> float:
        """Hide the edge band, extrude what is above, compare."""
        hidden = max(16, len(source) // HELD_OUT)
        seen, band = source[:-hidden], np.zeros(source.shape, bool)
        band[-hidden:] = True
        below = extruded(seen, hidden, np.random.default_rng(0))
        foreseen = np.vstack([seen, below]).astype(np.float32)
        whole = np.ones_like(band)
        return agreement(source, whole, foreseen, whole, band)

    def _guided(self, side: str, exemplar: Exemplar, where: Registration) -> Candidate:
        """Mean of the correlation and the agreement along this side alone.

        One that shows too little of what is asked for is not bent, and so agrees with nothing.
        """
        image, known = self.canvas
        seen = covered(exemplar.valid, where.matrix, known.shape)
        strip = down(seen, side)[-self.margins.of(side) :]
        cover = float(strip[:, self._span(side)].mean())
        bent = None
        if cover >= COVER:
            guide = (exemplar.image, exemplar.valid)
            bent = aligned(image, known, *guide, matrix=where.matrix, near=NEAR)
        edge = self._edge_on_canvas(side)
        seam = agreement(image, known, bent.image, bent.covered, edge) if bent else 0.0
        return Candidate(
            exemplar.method,
            (where.score + seam) / 2,
            self.thresholds[exemplar.method],
            self._with_grain(bent.image, exemplar) if bent else None,
            bent.covered if bent else None,
            name=exemplar.name,
            guide=exemplar.identity,
            part=exemplar.part,
            measures=measures_of(where, seam, cover),
        )

    def _with_grain(self, fill: Floats, exemplar: Exemplar) -> Floats:
        rng = np.random.default_rng(zlib.crc32(exemplar.name.encode()))
        return fill + grain(*self.canvas, rng) if exemplar.smooth else fill

    def _edge_on_canvas(self, side: str) -> Mask:
        """The outermost trusted pixels of the source at a side."""
        band = np.zeros(down(self.source, side).shape, bool)
        band[-max(16, len(band) // HELD_OUT) - self.frame.of(side) :] = True
        edge = np.zeros(self.canvas[1].shape, bool)
        edge[self.margins.box(self.source.shape)] = up(band, side) & self.trusted
        return edge

    def _span(self, side: str) -> slice:
        """Columns of the source on the canvas that is turned so that `side` is down."""
        known = down(self.canvas[1], side).any(0)
        inside = np.flatnonzero(known)
        return slice(int(inside[0]), int(inside[-1]) + 1)

    def answer(self, chosen: Mapping[str, tuple[Candidate, int]], seed: int) -> Floats:
        """The canvas with every side grown by its candidate in its variant."""
        growing = Growing(*self.canvas)
        for side in self.margins.sides:
            candidate, variant = chosen[side]
            rng = np.random.default_rng([seed, variant, zlib.crc32(side.encode())])
            shaft = self.candidates[side][0].accepted
            growing = growing.grown(side, candidate, variant, rng, shaft=shaft)
        image = growing.image.copy()
        image[self.margins.box(self.source.shape)] = self.source
        return image
