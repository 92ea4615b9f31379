"""Editing real radiographs without learned weights, from the user's own references."""

import time
import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from generation.backends.base import (
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    ImageBackend,
    InvalidRequest,
    Operation,
    RunContext,
    Unsupported,
)

if TYPE_CHECKING:  # OpenCV is loaded at the first request, not with the settings
    from generation.backends.exemplar.answer import Answer

NARROWEST = 12  # length over width of a source; narrower ones leave nothing to register on


class ExemplarBackend(ImageBackend):
    """Mirror image, the user's own radiographs, phantoms, lofts, extrusions and patches.

    `params`: `pathological_guides` (default false) also takes guides with a finding; `steps`
    divides every margin of an outpainting into so many steps, 0 as many as it needs.
    """

    version = "1"
    model = "radrate-exemplar"

    def capabilities(self) -> Capabilities:
        return Capabilities(
            operations=frozenset({Operation.INPAINT, Operation.OUTPAINT}),
            max_outputs=8,
            batch=8,  # what leads is registered once a request, and answers are told apart in it
            min_side=64,
            max_side=4096,
            seed=False,  # a request repeats, but which film leads a sample depends on the others
            exact_mask=True,
            progress=True,
        )

    def inpaint(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """Raises InvalidRequest, Unsupported where nothing fits, Cancelled between stages."""
        from generation.backends.exemplar.exemplars import as_floats, phantom_key
        from generation.backends.exemplar.filling import Filling
        from generation.backends.exemplar.inpainting import Hole
        from generation.backends.exemplar.leading import Leading

        source, known = _erased(request)
        between = _between(context, request.n)
        started = time.monotonic()
        blank = np.where(known, as_floats(source), 0).astype(np.float32)
        leading = Leading(request, context, blank, known)
        hole = Hole(as_floats(source), known, leading.for_hole(), between)
        filling = Filling(hole, phantom_key(request.anatomy), request.pixel_spacing)
        answers = filling.answers(_seeds(request))
        context.progress(1.0)
        return self._result(request, answers, source, known, started)

    def outpaint(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """Raises InvalidRequest, Unsupported where nothing fits, Cancelled between stages."""
        from generation.backends.exemplar.exemplars import as_floats
        from generation.backends.exemplar.extending import Extension
        from generation.backends.exemplar.leading import Leading
        from generation.backends.exemplar.sides import Margins

        source = _source(request)
        margins = Margins(*request.margins)
        if margins.canvas((source.height, source.width)) != (request.height, request.width):
            raise InvalidRequest("The size must be that of the source and its margins.")
        if not margins.sides:
            raise InvalidRequest("No margin is to be added.")
        started = time.monotonic()
        image = as_floats(source)
        leading = Leading(request, context, image, np.ones(image.shape, bool))
        extension = Extension(
            image,
            margins,
            request.anatomy,
            leading.for_side,
            _steps(request.params),
            _between(context, request.n),
        )
        answers = extension.answers(_seeds(request))
        context.progress(1.0)
        canvas = Image.new("L", (request.width, request.height))
        canvas.paste(source, (margins.left, margins.top))
        return self._result(request, answers, canvas, extension.known, started)

    def _result(
        self,
        request: GenerationRequest,
        answers: Sequence["Answer"],
        source: Image.Image,
        known: np.ndarray,
        started: float,
    ) -> GenerationResult:
        """One image or reason an index. Known pixels are copied from the source, bit by bit."""
        if all(answer.image is None for answer in answers):
            raise Unsupported(f"{self.alias}: {answers[0].unsupported}")
        original = np.asarray(source)
        images = tuple(
            _generated(index, seed, answer, request=request, original=original, known=known)
            for index, (seed, answer) in enumerate(zip(_seeds(request), answers, strict=True))
        )
        seconds = time.monotonic() - started
        return GenerationResult(images, self.model, self.version, seconds)


def _generated(
    index: int,
    seed: int,
    answer: "Answer",
    *,
    request: GenerationRequest,
    original: np.ndarray,
    known: np.ndarray,
) -> GeneratedImage:
    if answer.image is None:
        return GeneratedImage(index, seed=seed, unsupported=answer.unsupported)
    grey = np.clip(np.rint(answer.image * 255), 0, 255).astype(np.uint8)
    return GeneratedImage(
        index,
        Image.fromarray(np.where(known, original, grey)),
        seed=seed,
        anatomy=request.anatomy,
        guides=answer.guides,
        steps=answer.steps,
        metadata=dict(answer.told),
    )


def _between(context: RunContext, count: int) -> Callable[[float], None]:
    """Progress and cancellation between stages; the fraction never goes back."""
    state = {"done": 0.0}
    stages = 4 + count

    def report(_fraction: float) -> None:
        context.raise_if_cancelled()
        state["done"] = min(0.98, state["done"] + (1 - state["done"]) / stages)
        context.progress(state["done"])

    return report


def _source(request: GenerationRequest) -> Image.Image:
    if request.image is None:
        raise InvalidRequest("An edit needs a source image.")
    if max(request.image.size) > NARROWEST * min(request.image.size):
        raise Unsupported(f"The source is more than {NARROWEST} times as long as it is wide.")
    return request.image if request.image.mode == "L" else request.image.convert("L")


def _erased(request: GenerationRequest) -> tuple[Image.Image, np.ndarray]:
    """Source and known pixels. Raises InvalidRequest for sizes or masks that make no sense."""
    source = _source(request)
    if request.mask is None:
        raise InvalidRequest("Inpainting needs a mask.")
    if not source.size == request.mask.size == (request.width, request.height):
        raise InvalidRequest("Source, mask and size must agree.")
    known = np.asarray(request.mask.convert("L")) < 128
    if known.all():
        raise InvalidRequest("The mask erases nothing.")
    if known.mean() < 0.3:
        raise Unsupported("Too much is erased: less than a third of the source is left.")
    return source, known


def _steps(params: Any) -> int:
    steps = params.get("steps", 0)
    if not isinstance(steps, int) or isinstance(steps, bool) or not 0 <= steps <= 12:
        raise InvalidRequest("The parameter “steps” must be a number from 0 to 12.")
    return steps


def _seeds(request: GenerationRequest) -> tuple[int, ...]:
    """The same for a redelivered request, so that it is the same picture."""
    return request.seeds or tuple(
        zlib.crc32(f"{request.request_id}/{index}".encode()) for index in range(request.n)
    )
