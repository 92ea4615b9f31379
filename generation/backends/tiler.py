"""Outpainting by any backend that can inpaint: windows around the source, one after the other.

A window holds as much that is known as is new, so that the backend has something to go on. The new
pixels of a window are blended into what earlier windows made; the source itself stays bit for bit.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from generation.backends.editing import Box, canvas_of, source_box
from generation.backends.protocol import (
    Anatomy,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    Guide,
    InvalidRequest,
    Operation,
    PermanentError,
    RunContext,
    Step,
)

WINDOW = 1024  # px
OVERLAP = 12  # px of the source that a window makes anew, so that its seam can be judged
FEATHER = 24  # px over which a window is blended into what earlier windows made
MOST_CANDIDATES = 8

Inpaint = Callable[[GenerationRequest, RunContext], GenerationResult]
Floats = NDArray[np.float32]


def windows(size: tuple[int, int], known: Box, window: int) -> list[Box]:
    """The boxes that grow `known` to the whole canvas, in order. Pure.

    Each lies within the canvas and is at least half known by the time it comes (of a source that is
    narrower than half a window, as far as that goes).
    """
    found: list[Box] = []
    left, top, right, bottom = known
    while (left, top, right, bottom) != (0, 0, *size):
        rest = {"left": left, "right": size[0] - right, "top": top, "bottom": size[1] - bottom}
        side = max(rest, key=lambda name: rest[name])
        across = right - left if side in ("left", "right") else bottom - top
        step = min(rest[side], window // 2, across)
        back = min(across, max(window - step, step))
        if side == "left":
            strip = (left - step, top, left + back, bottom)
            left -= step
        elif side == "right":
            strip = (right - back, top, right + step, bottom)
            right += step
        elif side == "top":
            strip = (left, top - step, right, top + back)
            top -= step
        else:
            strip = (left, bottom - back, right, bottom + step)
            bottom += step
        found += _along(strip, window, vertical=side in ("left", "right"))
    return found


def _along(strip: Box, window: int, *, vertical: bool) -> list[Box]:
    """A strip cut into windows that overlap by half, lengthwise."""
    left, top, right, bottom = strip
    first, last = (top, bottom) if vertical else (left, right)
    length = min(window, last - first)
    starts = [*range(first, last - length, max(1, window // 2)), last - length]
    if vertical:
        return [(left, start, right, start + length) for start in starts]
    return [(start, top, start + length, bottom) for start in starts]


@dataclass
class Canvas:
    """What is known so far, of one output."""

    pixels: Floats
    known: NDArray[np.bool_]
    source: NDArray[np.bool_]

    @classmethod
    def of(cls, request: GenerationRequest) -> "Canvas":
        source = np.zeros((request.height, request.width), bool)
        left, top, right, bottom = source_box(request)
        source[top:bottom, left:right] = True
        return cls(np.asarray(canvas_of(request), "f4").copy(), source.copy(), source)

    def image(self, box: Box) -> Image.Image:
        return Image.fromarray(np.rint(self.pixels[_slices(box)]).astype(np.uint8))

    def mask(self, box: Box) -> NDArray[np.bool_]:
        """What a window makes: the unknown, a rim of the source, and what is to be blended."""
        depth = ndimage.distance_transform_edt(self.known[_slices(box)])
        return depth <= np.where(self.source[_slices(box)], OVERLAP, FEATHER)

    def seam(self, candidate: Image.Image, box: Box) -> float:
        """Mean difference to what is known along the rim, in grey levels: less is better."""
        rim = self.mask(box) & self.known[_slices(box)]
        made = np.asarray(candidate.convert("L"), "f4")
        return float(np.abs(made - self.pixels[_slices(box)])[rim].mean()) if rim.any() else 0.0

    def put(self, candidate: Image.Image, box: Box) -> None:
        """Take a candidate: blended over FEATHER px into what was made before, never the source."""
        where = _slices(box)
        known, source = self.known[where], self.source[where]
        depth = (
            ndimage.distance_transform_edt(known) if not known.all() else np.full_like(known, 9e9)
        )
        weight = np.clip(1 - depth / FEATHER, 0, 1)
        weight[source] = 0
        made = np.asarray(candidate.convert("L"), "f4")
        self.pixels[where] = weight * made + (1 - weight) * self.pixels[where]
        self.known[where] = True


def _slices(box: Box) -> tuple[slice, slice]:
    left, top, right, bottom = box
    return slice(top, bottom), slice(left, right)


def _sized(picture: Image.Image, box: Box) -> Image.Image:
    if picture.size != (box[2] - box[0], box[3] - box[1]):
        raise PermanentError(f"a window of {box} was answered by an image of {picture.size} px")
    return picture


class Share:
    """The progress of one window as a share of the whole."""

    def __init__(self, context: RunContext, done: int, total: int) -> None:
        self._context, self._done, self._total = context, done, total

    def progress(self, fraction: float, note: str = "") -> None:
        self._context.progress((self._done + fraction) / self._total, note)

    def raise_if_cancelled(self) -> None:
        self._context.raise_if_cancelled()

    def guides(self, anatomy: Anatomy, most: int) -> Sequence[Guide]:
        return self._context.guides(anatomy, most)


def outpaint(
    inpaint: Inpaint,
    request: GenerationRequest,
    context: RunContext,
    *,
    window: int = WINDOW,
    most: int = MOST_CANDIDATES,
) -> GenerationResult:
    """Each output is a chain of windows of its own. `params["candidates"]` (1) are made for each
    window, `most` at most; the one with the least seam is taken and all are kept. Raises what
    `inpaint` raises."""
    boxes = windows((request.width, request.height), source_box(request), window)
    candidates = candidates_of(request, most=most)
    images, answers = [], []
    for index in range(request.n):
        chain = _Chain(inpaint, request, index, candidates)
        for number, box in enumerate(boxes):
            context.raise_if_cancelled()
            share = Share(context, index * len(boxes) + number, request.n * len(boxes))
            chain.grow(number, box, share)
            if chain.stopped is not None:
                break
        images.append(chain.result())
        answers += chain.answers
    last = answers[-1]
    seconds = sum(answer.seconds for answer in answers)
    return replace(last, images=tuple(images), seconds=seconds)


def candidates_of(request: GenerationRequest, *, most: int = MOST_CANDIDATES) -> int:
    """How many images are made for each window. Raises InvalidRequest."""
    candidates = request.params.get("candidates", 1)
    if type(candidates) is not int or not 1 <= candidates <= min(most, MOST_CANDIDATES):
        raise InvalidRequest(f"“candidates” must be 1 to {min(most, MOST_CANDIDATES)}")
    return candidates


def calls(request: GenerationRequest, *, window: int = WINDOW) -> int:
    """How many requests one output takes."""
    return len(windows((request.width, request.height), source_box(request), window))


class _Chain:
    """The windows of one output. A refusal or an unsupported window ends the chain with it."""

    def __init__(
        self, inpaint: Inpaint, request: GenerationRequest, index: int, candidates: int
    ) -> None:
        self._inpaint = inpaint
        self._request = request
        self._index = index
        self._candidates = candidates
        self._canvas = Canvas.of(request)
        self._steps: list[Step] = []
        self._guides: dict[str, None] = {}
        self._metadata: Mapping[str, Any] = {}
        self.answers: list[GenerationResult] = []
        self.stopped: GeneratedImage | None = None

    @property
    def _seed(self) -> int | None:
        return self._request.seeds[self._index] if self._request.seeds else None

    def grow(self, number: int, box: Box, context: RunContext) -> None:
        answer = self._inpaint(self._window(number, box), context)
        self.answers.append(answer)
        made = [image for image in answer.images if image.image is not None]
        if not made:
            self.stopped = answer.images[0]
            return
        pictures = tuple(_sized(image.image, box) for image in made if image.image is not None)
        scores = tuple(self._canvas.seam(picture, box) for picture in pictures)
        chosen = int(np.argmin(scores))
        self._canvas.put(pictures[chosen], box)
        self._guides |= dict.fromkeys(made[chosen].guides)
        self._metadata = made[chosen].metadata
        self._steps.append(Step(box, pictures, scores, chosen))

    def _window(self, number: int, box: Box) -> GenerationRequest:
        mask = self._canvas.mask(box)
        return replace(
            self._request,
            request_id=f"{self._request.request_id}.{self._index}.{number}",
            operation=Operation.INPAINT,
            n=self._candidates,
            seeds=tuple(self._seeds(number)),
            image=self._canvas.image(box),
            mask=Image.fromarray(mask.astype(np.uint8) * 255),
            margins=(0, 0, 0, 0),
            width=box[2] - box[0],
            height=box[3] - box[1],
        )

    def _seeds(self, number: int) -> Iterator[int]:
        if self._seed is None:
            return
        for candidate in range(self._candidates):
            text = f"{self._seed}:{number}:{candidate}"
            yield int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) & 0x7FFFFFFF

    def result(self) -> GeneratedImage:
        if self.stopped is not None:
            return replace(
                self.stopped, index=self._index, seed=self._seed, steps=tuple(self._steps)
            )
        whole = self._canvas.image((0, 0, self._request.width, self._request.height))
        return GeneratedImage(
            index=self._index,
            image=whole,
            seed=self._seed,
            guides=tuple(self._guides),
            steps=tuple(self._steps),
            metadata={
                "windows": len(self._steps),
                "candidates": self._candidates,
                "last_window": dict(self._metadata),
            },
        )
