"""Backends that edit, for tests: what they make is told by the seed alone."""

from dataclasses import replace

import numpy as np
from PIL import Image

from generation.backends.base import (
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    ImageBackend,
    Operation,
    Refusal,
)

CAN = Capabilities(
    operations=frozenset({Operation.INPAINT}),
    max_outputs=8,
    min_side=16,
    max_side=64,
    size_multiple=8,
    seed=True,
)


class Context:
    """Lent to a backend: remembers what it was told."""

    def __init__(self, guides=(), cancelled_after=None):
        self.fractions = []
        self._guides = guides
        self._cancelled_after = cancelled_after

    def progress(self, fraction, note=""):
        self.fractions.append(fraction)

    def raise_if_cancelled(self):
        from generation.backends.base import Cancelled

        if self._cancelled_after is not None and len(self.fractions) >= self._cancelled_after:
            raise Cancelled

    def guides(self, anatomy, most):
        return self._guides[:most]


class Painter(ImageBackend):
    """Paints everything, what it should keep included, in a grey that follows from the seed."""

    version = "1"
    model = "painter"

    def __init__(self, alias="painter", options=None, can=CAN):
        super().__init__(alias, options or {})
        self.can = can
        self.requests = []

    def capabilities(self):
        return self.can

    def inpaint(self, request, context):
        context.raise_if_cancelled()
        self.requests.append(request)
        images = [self._one(request, index) for index in range(request.n)]
        context.progress(1.0)
        return GenerationResult(tuple(images), self.model, self.version, 0.25)

    def _one(self, request: GenerationRequest, index: int) -> GeneratedImage:
        grey = request.seeds[index] % 200 + 20
        image = Image.new("L", (request.width, request.height), grey)
        return GeneratedImage(index=index, image=image, seed=request.seeds[index])


class Keeper(Painter):
    """Paints within the mask only."""

    def _one(self, request, index):
        painted = super()._one(request, index)
        mask = np.asarray(request.mask) > 127
        kept = np.where(mask, np.asarray(painted.image), np.asarray(request.image))
        return replace(painted, image=Image.fromarray(kept.astype(np.uint8)))


class Refuser(Painter):
    """Refuses from its third request on."""

    def _one(self, request, index):
        if len(self.requests) >= 3:
            return GeneratedImage(index=index, refusal=Refusal("flagged", "no", "output"))
        return super()._one(request, index)
