"""The one protocol behind which every generator stands, and the errors it may raise.

A backend is named in `settings.IMAGE_BACKENDS` by dotted path. It takes a frozen request and gives
a frozen result; it knows nothing of campaigns, jobs or the database.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from PIL import Image


class Operation(StrEnum):
    TEXT_TO_IMAGE = "text_to_image"
    INPAINT = "inpaint"
    OUTPAINT = "outpaint"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do. Sides are in pixels; `sizes` None means any size within the limits."""

    operations: frozenset[Operation]
    max_outputs: int
    min_side: int
    max_side: int
    size_multiple: int = 1
    sizes: tuple[tuple[int, int], ...] | None = None
    seed: bool = False
    negative_prompt: bool = False
    exact_mask: bool = False
    progress: bool = False
    network: bool = False
    simulates: bool = (
        False  # no model: what it makes has origin `simulated` unless a defect is asked
    )


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What an image shows, in DICOM's terms, as far as the backend knows; empty means unknown."""

    body_part_examined: str = ""
    view_position: str = ""
    image_laterality: str = ""
    age_group: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """A radiograph of the user's own that may lead an edit.

    `image` is mode L, at most 1024 px on its longest side; `pixel_spacing` is in mm per pixel of
    that image, None where unknown. Whoever uses a guide names its `id` in the generated image, so
    that its licence and attribution go with the result.
    """

    id: str
    image: Image.Image
    anatomy: Anatomy
    pixel_spacing: float | None = None


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One request for n images of width × height px.

    An edit has an `image` (mode L). To inpaint, `image` and `mask` have the size that is asked for;
    the mask is mode L with 255 = generate, 0 = keep. To outpaint, `margins` (left, top, right,
    bottom, px) are what is added, so width and height are those of the source plus its margins, and
    there is no mask. `anatomy` and `pixel_spacing` (mm per pixel) say what an edit's source shows,
    empty where unknown. `request_id` is the same for a redelivered request: send it as idempotency
    key where the provider takes one. `params` are the backend's own, from the preset.
    """

    request_id: str
    operation: Operation
    prompt: str
    n: int
    width: int
    height: int
    seeds: tuple[int, ...] = ()
    negative_prompt: str = ""
    image: Image.Image | None = None
    mask: Image.Image | None = None
    margins: tuple[int, int, int, int] = (0, 0, 0, 0)
    anatomy: Anatomy = field(default_factory=Anatomy)
    pixel_spacing: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The content filter's no. `stage` is prompt, input or output."""

    code: str
    message: str
    stage: str = "prompt"
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One window of a stepwise outpainting: its box (left, top, right, bottom) on the final canvas,
    every candidate that was made for it (each of the window's size), and the one that was taken."""

    box: tuple[int, int, int, int]
    candidates: tuple[Image.Image, ...]
    scores: tuple[float, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class GeneratedImage:
    """Output `index` of a request: an image, a refusal of this one, or why it is unsupported.

    `raw` is the file as a provider sent it, kept beside what was composed from it.
    """

    index: int
    image: Image.Image | None = None
    raw: bytes | None = None
    media_type: str = "image/png"
    seed: int | None = None
    revised_prompt: str = ""
    refusal: Refusal | None = None
    unsupported: str = ""
    simulated: bool = False  # the phantom with nothing wrong: a stand-in for a real radiograph
    anatomy: Anatomy = field(default_factory=Anatomy)
    guides: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GenerationResult:
    images: tuple[GeneratedImage, ...]
    model: str
    backend_version: str
    seconds: float
    usage: Mapping[str, Any] = field(default_factory=dict)
    provider_request_id: str = ""


class BackendError(Exception):
    """Base of what a backend may raise. `public_message` is shown to the manager."""

    code: ClassVar[str] = "backend_error"

    def __init__(self, public_message: str, *, code: str | None = None) -> None:
        super().__init__(public_message)
        self.public_message = public_message
        self.reason_code = code or self.code


class Refused(BackendError):
    """The whole request was refused by a filter: an outcome that is counted, never retried."""

    code = "refused"

    def __init__(
        self, public_message: str, *, stage: str = "prompt", categories: tuple[str, ...] = ()
    ) -> None:
        super().__init__(public_message)
        self.refusal = Refusal(self.code, public_message, stage, categories)


class TransientError(BackendError):
    """May succeed later: timeout, connection, 408, 409, 429, 5xx. `retry_after` in seconds."""

    code = "transient"

    def __init__(self, public_message: str, *, retry_after: float | None = None) -> None:
        super().__init__(public_message)
        self.retry_after = retry_after


class PermanentError(BackendError):
    """Will not succeed however often it is tried."""

    code = "permanent"


class InvalidRequest(PermanentError):
    code = "invalid_request"


class Unsupported(PermanentError):
    """The backend cannot show this; recorded as the outcome, never answered by a wrong picture."""

    code = "unsupported"


class Misconfigured(PermanentError):
    code = "misconfigured"


class Cancelled(BackendError):
    code = "cancelled"

    def __init__(self, public_message: str = "cancelled") -> None:
        super().__init__(public_message)


class RunContext(Protocol):
    """What the runner lends to a backend while it works."""

    def progress(self, fraction: float, note: str = "") -> None:
        """Report progress, 0 to 1."""

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` when the job was cancelled; call it between steps."""

    def guides(self, anatomy: Anatomy, most: int) -> Sequence[Guide]:
        """The user's own accepted real radiographs of this body part (and view, side, finding where
        given), fixed order, at most `most`; never the source itself, its kin or its subject."""


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
        """Problems that would stop this backend, in words; empty when it is ready."""
        return []

    def run(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """Validate, dispatch by operation, and return one image or refusal per index.

        Raises a `BackendError`: Refused, TransientError, PermanentError or Cancelled.
        """
        self.validate(request)
        handler = {
            Operation.TEXT_TO_IMAGE: self.text_to_image,
            Operation.INPAINT: self.inpaint,
            Operation.OUTPAINT: self.outpaint,
        }[request.operation]
        result = handler(request, context)
        if sorted(image.index for image in result.images) != list(range(request.n)):
            raise PermanentError("the backend did not answer with one image or refusal per index")
        return result

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

    def outpaint(
        self,
        request: GenerationRequest,  # noqa: ARG002
        context: RunContext,  # noqa: ARG002
    ) -> GenerationResult:
        raise Unsupported(f"{self.alias} cannot outpaint")

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Free what the backend holds."""

    def validate(self, request: GenerationRequest) -> None:
        """Raise `Unsupported` or `InvalidRequest` for what the capabilities do not cover."""
        can = self.capabilities()
        if request.operation not in can.operations:
            raise Unsupported(f"{self.alias} does not support {request.operation}")
        if not 1 <= request.n <= can.max_outputs:
            raise InvalidRequest(f"n must be 1 to {can.max_outputs}, not {request.n}")
        if can.sizes is not None and (request.width, request.height) not in can.sizes:
            raise InvalidRequest(f"size {request.width} x {request.height} is not offered")
        for side in (request.width, request.height):
            if not can.min_side <= side <= can.max_side or side % can.size_multiple:
                raise InvalidRequest(f"a side of {side} px is not supported")
        if request.seeds and len(request.seeds) != request.n:
            raise InvalidRequest(f"{len(request.seeds)} seeds for {request.n} images")
