"""The one protocol behind which every generator stands: all that the author of a backend imports.

A backend is named in `settings.IMAGE_BACKENDS` by dotted path. It takes a frozen request and gives
a frozen result; it knows nothing of campaigns, jobs or the database.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generation.backends import editing, tiler
from generation.backends.protocol import (
    Anatomy,
    BackendError,
    Cancelled,
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    Guide,
    InvalidRequest,
    Misconfigured,
    Operation,
    PermanentError,
    Refusal,
    Refused,
    RunContext,
    Step,
    TransientError,
    Unsupported,
)

__all__ = [
    "SHARED_OPTIONS",
    "Anatomy",
    "BackendError",
    "Cancelled",
    "Capabilities",
    "GeneratedImage",
    "GenerationRequest",
    "GenerationResult",
    "Guide",
    "ImageBackend",
    "InvalidRequest",
    "Misconfigured",
    "Operation",
    "PermanentError",
    "Refusal",
    "Refused",
    "RunContext",
    "Step",
    "TransientError",
    "Unsupported",
]

SHARED_OPTIONS = frozenset(  # read for every backend, by whoever runs it
    {
        "CONCURRENCY",
        "COST_PER_IMAGE",
        "LEASE_SECONDS",
        "QUEUE",
        "RATE_PER_MINUTE",
        "TIME_LIMIT",
    }
)


class ImageBackend(ABC):
    """A named, versioned generator. Construction is cheap: no weights loaded, no network."""

    version: str
    model: str

    def __init__(self, alias: str, options: Mapping[str, Any]) -> None:
        self.alias = alias
        self.options = options

    @abstractmethod
    def capabilities(self) -> Capabilities: ...

    def check(self) -> list[str]:
        """Problems that would stop this backend, in words; empty when it is ready. No network."""
        return []

    def health(self) -> list[str]:
        """The same, asked when somebody looks at the backends page: may reach out, for seconds."""
        return self.check()

    def run(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """Validate, dispatch by operation, and return one image or refusal per index.

        An edit reaches the backend in a size that it takes and comes back composed: outside of the
        mask every pixel is the source's. Raises a `BackendError`: Refused, TransientError,
        PermanentError or Cancelled.
        """
        self.validate(request)
        handler = {
            Operation.TEXT_TO_IMAGE: self.text_to_image,
            Operation.INPAINT: self._inpainted,
            Operation.OUTPAINT: self._outpainted,
        }[request.operation]
        result = handler(request, context)
        if sorted(image.index for image in result.images) != list(range(request.n)):
            raise PermanentError("the backend did not answer with one image or refusal per index")
        return result

    def _inpainted(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """Inpaint in a size that the backend takes, and compose the answers over the source."""
        fitted = editing.fit(request, self.capabilities())
        result = self.inpaint(fitted.request, context)
        restored = (
            image if image.image is None else replace(image, image=fitted.restore(image.image))
            for image in result.images
        )
        return replace(result, images=tuple(editing.finished(image, request) for image in restored))

    def _outpainted(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        result = self.outpaint(request, context)
        return replace(
            result, images=tuple(editing.finished(image, request) for image in result.images)
        )

    def text_to_image(
        self,
        request: GenerationRequest,  # noqa: ARG002
        context: RunContext,  # noqa: ARG002
    ) -> GenerationResult:
        raise Unsupported(f"{self.alias} cannot make images from text")

    def inpaint(
        self,
        request: GenerationRequest,  # noqa: ARG002
        context: RunContext,  # noqa: ARG002
    ) -> GenerationResult:
        raise Unsupported(f"{self.alias} cannot inpaint")

    def outpaint(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """Window by window through `inpaint`; a backend that can do better overrides this."""
        can = self.capabilities()
        window = min(tiler.WINDOW, can.max_side)
        return tiler.outpaint(
            self._inpainted, request, context, window=window, most=can.max_outputs
        )

    def images_for(self, request: GenerationRequest) -> int:
        """How many images the request asks for in all, windows and candidates included."""
        native = type(self).outpaint is not ImageBackend.outpaint
        if request.operation is not Operation.OUTPAINT or native:
            return request.n
        can = self.capabilities()
        windows = tiler.calls(request, window=min(tiler.WINDOW, can.max_side))
        return request.n * windows * tiler.candidates_of(request, most=can.max_outputs)

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Free what the backend holds."""

    def validate(self, request: GenerationRequest) -> None:
        """Raise `Unsupported` or `InvalidRequest` for what the capabilities do not cover."""
        can = self.capabilities()
        if not can.offers(request.operation):
            words = request.operation.replace("_", " ")
            raise Unsupported(f"{self.alias} does not offer {words}")
        if not 1 <= request.n <= can.max_outputs:
            raise InvalidRequest(f"n must be 1 to {can.max_outputs}, not {request.n}")
        if request.seeds and len(request.seeds) != request.n:
            raise InvalidRequest(f"{len(request.seeds)} seeds for {request.n} images")
        if request.operation is not Operation.TEXT_TO_IMAGE:
            editing.check_edit(request)
            return
        if can.sizes is not None and (request.width, request.height) not in can.sizes:
            raise InvalidRequest(f"size {request.width} x {request.height} is not offered")
        for side in (request.width, request.height):
            if not can.min_side <= side <= can.max_side or side % can.size_multiple:
                raise InvalidRequest(f"a side of {side} px is not supported")
