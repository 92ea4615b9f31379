"""One film grown step by step: every step continues the last, led by what adjoins it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from generation.backends.base import Step
from generation.backends.exemplar import regions
from generation.backends.exemplar.answer import Answer
from generation.backends.exemplar.candidates import STEP_THRESHOLDS, Candidate, shortfall
from generation.backends.exemplar.growth import Growth
from generation.backends.exemplar.pixels import Floats, Mask
from generation.backends.exemplar.sides import Margins, down, up

if TYPE_CHECKING:
    from generation.backends.exemplar.extending import Extension

SHAFT = 0.5  # of the source's extent that a shaft goes on at least before the next joint
LEAST_FILLED = 0.5  # of a margin without which the rest is not collimated but unsupported
CANDIDATES_KEPT = 4  # of a step, stored with the image


class Walk:
    """One image grown step by step, side after side. What adjoins is looked for at every step."""

    def __init__(self, extension: "Extension", seed: int) -> None:
        self.extension, self.seed = extension, seed
        margins, shape = extension.small_margins, extension.small.shape
        self.canvas = np.zeros(margins.canvas(shape), np.float32)
        self.known: Mask = np.zeros(self.canvas.shape, bool)
        box = margins.box(shape)
        self.canvas[box], self.known[box] = extension.small, True
        self.steps: list[Step] = []
        self.told: list[dict[str, Any]] = []
        self.guides: list[str] = []
        self.collimated: dict[str, int] = {}
        self.may_repeat = True

    def along(self, side: str) -> str:
        """Grow one side to its end; the reason where that cannot be done.

        Where what is left does not fit any more, the film is collimated there.
        """
        extension = self.extension
        count = extension.steps_of(side)
        ends = np.linspace(0, extension.small_margins.of(side), count + 1).round().astype(int)
        part, without_guide = extension.part, 0
        for number in range(count):
            added = int(ends[number + 1] - ends[number])
            growth, window = self._window(side, added, part, without_guide)
            candidates = growth.weigh()[side]
            accepted = [one for one in candidates if one.accepted]
            if not accepted:
                if ends[number] < LEAST_FILLED * ends[-1]:
                    return f"{side}, step {number + 1} of {count}: {shortfall(candidates)}"
                self._collimate(side, int(ends[-1] - ends[number]))
                return ""
            chosen = self._chosen(accepted, number)
            self._take(side, growth, window, chosen)
            part = chosen.part or part
            without_guide = 0 if chosen.guide else without_guide + added
            extension.between((number + 1) / count)
        return ""

    def _collimate(self, side: str, left: int) -> None:
        """The rest of a side stays black, as behind a shutter."""
        mask = down(self.known, side)
        columns = np.flatnonzero(mask.any(0))
        mask[-left:, columns[0] : columns[-1] + 1] = True
        self.known = up(mask, side)
        self.collimated[side] = round(left / self.extension.factor)

    def _window(
        self, side: str, added: int, part: str, without_guide: int
    ) -> tuple[Growth, tuple[slice, slice]]:
        """The outer part of what is known so far, as large as the source was."""
        extension = self.extension
        turned = down(self.known, side)
        rows, columns = np.flatnonzero(turned.any(1)), np.flatnonzero(turned.any(0))
        last = int(rows[-1]) + 1
        extent = extension.small.shape[0 if side in ("top", "bottom") else 1]
        first = max(int(rows[0]), last - extent)
        span = slice(int(columns[0]), int(columns[-1]) + 1)
        source = up(down(self.canvas, side)[first:last, span], side)
        parts = regions.BEYOND.get((part, side), ())
        if part != extension.part:
            parts = (part, *parts)
        if without_guide >= SHAFT * extent:
            parts += regions.BEYOND_A_SHAFT.get((part, side), ())
        shafts = regions.shafts(part, extension.anatomy.view_position)
        if without_guide + added > extent:
            shafts = frozenset()
        growth = Growth(
            source,
            Margins.at(side, added),
            [] if not parts else list(extension.gather(side, parts)),
            shafts,
            thresholds=STEP_THRESHOLDS,
        )
        return growth, (slice(last - len(down(source, side)), last + added), span)

    def _chosen(self, accepted: Sequence[Candidate], number: int) -> Candidate:
        order = np.random.default_rng([self.seed, number]).permutation(len(accepted))
        guided = [accepted[int(place)] for place in order if accepted[int(place)].guide]
        return guided[0] if guided else accepted[0]

    def _take(
        self, side: str, growth: Growth, window: tuple[slice, slice], chosen: Candidate
    ) -> None:
        """Paste the step, and keep what else was weighed for it."""
        seed = self.seed + len(self.steps)
        others = [one for one in growth.candidates[side] if one.fill is not None]
        others = sorted((one for one in others if one is not chosen), key=lambda one: -one.score)
        shown = [chosen, *others][:CANDIDATES_KEPT]
        images = [growth.answer({side: (one, int(one is chosen))}, seed) for one in shown]
        turned, mask = down(self.canvas, side), down(self.known, side)
        turned[window] = down(images[0], side)
        mask[window] = True
        self.canvas, self.known = up(turned, side), up(mask, side)
        self.steps.append(self._step(side, window, images, shown))
        self.told.append({"side": side, **chosen.told()})
        self.guides += [chosen.guide] if chosen.guide else []
        self.may_repeat = self.may_repeat and chosen.may_repeat

    def _step(
        self,
        side: str,
        window: tuple[slice, slice],
        images: Sequence[Floats],
        shown: Sequence[Candidate],
    ) -> Step:
        """For the record, in pixels of the final canvas."""
        place = np.zeros(down(self.known, side).shape, bool)
        place[window] = True
        upright = up(place, side)
        rows, columns = np.flatnonzero(upright.any(1)), np.flatnonzero(upright.any(0))
        edges = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        limits = (self.extension.known.shape[1], self.extension.known.shape[0]) * 2
        factor = self.extension.factor
        left, top, right, bottom = (
            min(round(edge / factor), limit) for edge, limit in zip(edges, limits, strict=True)
        )
        size = (right - left, bottom - top)
        pictures = [Image.fromarray(to_bytes(image)).resize(size) for image in images]
        scores = tuple(round(one.score, 3) for one in shown)
        return Step((left, top, right, bottom), tuple(pictures), scores, 0)

    def answer(self) -> Answer:
        """Without the image. `collimated` tells the pixels of each side that were left black."""
        method = "+".join(dict.fromkeys(str(step["method"]) for step in self.told))
        told: dict[str, Any] = {"method": method, "score": min(step["score"] for step in self.told)}
        guides = tuple(dict.fromkeys(self.guides))
        told |= {"steps": self.told, "collimated": self.collimated}
        return Answer(guides=guides, steps=tuple(self.steps), told=told)


def to_bytes(image: Floats) -> np.ndarray:
    return np.clip(np.rint(image * 255), 0, 255).astype(np.uint8)
