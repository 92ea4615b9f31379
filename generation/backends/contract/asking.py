"""How the contract asks a backend: what its author overrides, and the requests made of that."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from generation.backends.base import (
    Anatomy,
    BackendError,
    Cancelled,
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    Guide,
    ImageBackend,
    Operation,
)
from generation.backends.contract.judging import must

ENOUGH = 3  # outputs of a request, where the backend takes so many
SEEDS = (11, 12, 13)


class Recorder:
    """A context that keeps what it is told, and cancels once it was told `cancel_after` times."""

    def __init__(self, cancel_after: int | None = None, guides: Sequence[Guide] = ()) -> None:
        self.fractions: list[float] = []
        self._cancel_after = cancel_after
        self._guides = guides

    def progress(self, fraction: float, note: str = "") -> None:  # noqa: ARG002
        self.fractions.append(fraction)

    def raise_if_cancelled(self) -> None:
        if self._cancel_after is not None and len(self.fractions) >= self._cancel_after:
            raise Cancelled

    def guides(self, anatomy: Anatomy, most: int) -> Sequence[Guide]:  # noqa: ARG002
        return self._guides[:most]


class Asking:
    """The part of the contract that holds no test. Sizes are (width, height) in px."""

    prompt = "An X-ray of the knee"
    params: Mapping[str, Any] = {}
    anatomy = Anatomy()
    pixel_spacing: float | None = None
    seed_tolerance = 0.0  # grey levels by which the same seed may differ

    def backend(self) -> ImageBackend:
        """A new instance, and nothing but that: no server is started here, no file loaded."""
        raise NotImplementedError

    def source(self, size: tuple[int, int]) -> Image.Image:
        """The source of an edit, mode L. One that the backend can edit."""
        columns, rows = np.meshgrid(np.linspace(0, 6, size[0]), np.linspace(0, 9, size[1]))
        return Image.fromarray((127 + 60 * np.sin(columns) + 60 * np.cos(rows)).astype(np.uint8))

    def mask(self, size: tuple[int, int]) -> Image.Image:
        """What of the source is to be generated: 255, on 0."""
        mask = Image.new("L", size)
        mask.paste(255, (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
        return mask

    def guides(self) -> Sequence[Guide]:
        return ()

    # Requests made of that ----------------------------------------------------------------------

    def capabilities(self) -> Capabilities:
        return self.backend().capabilities()

    def offered(self) -> list[Operation]:
        can = self.capabilities()
        return [one for one in Operation if can.offers(one)]

    def enough(self) -> int:
        return min(ENOUGH, self.capabilities().max_outputs)

    def sizes(self) -> list[tuple[int, int]]:
        """The smallest size that is offered, and one that is not square where there is one."""
        can = self.capabilities()
        if can.sizes is not None:
            offered = sorted(can.sizes, key=lambda size: size[0] * size[1])
            return [offered[0], *[size for size in offered if size[0] != size[1]][:1]]
        step = can.size_multiple
        least = -(-can.min_side // step) * step
        tall = least + step * max(1, least // (2 * step))
        return [(least, least)] + ([(least, tall)] if tall <= can.max_side else [])

    def request(
        self,
        operation: Operation,
        n: int,
        size: tuple[int, int] | None = None,
        *,
        seeds: tuple[int, ...] | None = None,
        request_id: str = "contract",
    ) -> GenerationRequest:
        width, height = size or self.sizes()[0]
        given: dict[str, Any] = {}
        if operation is Operation.INPAINT:
            given = {"image": self.source((width, height)), "mask": self.mask((width, height))}
        elif operation is Operation.OUTPAINT:
            margins = (width // 4, height // 4, 0, 0)
            inner = (width - margins[0], height - margins[1])
            given = {"image": self.source(inner), "margins": margins}
        if operation is not Operation.TEXT_TO_IMAGE:
            given |= {"anatomy": self.anatomy, "pixel_spacing": self.pixel_spacing}
        return GenerationRequest(
            request_id=request_id,
            operation=operation,
            prompt=self.prompt,
            n=n,
            width=width,
            height=height,
            seeds=SEEDS[:n] if seeds is None else seeds,
            params=self.params,
            **given,
        )

    def run(self, request: GenerationRequest, context: Recorder | None = None) -> GenerationResult:
        backend = self.backend()
        try:
            return backend.run(request, context or Recorder(guides=self.guides()))
        finally:
            backend.close()

    def result(
        self, operation: Operation, n: int, size: tuple[int, int] | None = None, **fields: Any
    ) -> GenerationResult:
        try:
            return self.run(self.request(operation, n, size, **fields))
        except Cancelled:
            raise
        except BackendError as error:
            raise AssertionError(
                f"{operation}: the backend can answer this prompt and source; it says "
                f"{type(error).__name__}: {error.public_message}"
            ) from error

    def images(
        self, operation: Operation, n: int, size: tuple[int, int] | None = None, **fields: Any
    ) -> list[GeneratedImage]:
        """The images of a request that the backend must be able to answer in full."""
        images = sorted(
            self.result(operation, n, size, **fields).images, key=lambda image: image.index
        )
        told = [one.unsupported or (one.refusal and one.refusal.message) for one in images]
        must(not any(told), f"{operation}: the backend can answer this prompt and source: {told}")
        return images

    def must_raise(
        self,
        kind: type[BackendError],
        request: GenerationRequest,
        what: str,
        context: Recorder | None = None,
    ) -> None:
        try:
            self.run(request, context)
        except kind:
            return
        except Exception as error:
            raise AssertionError(
                f"{what} raises {kind.__name__}, not {type(error).__name__}: {error}"
            ) from error
        raise AssertionError(f"{what} raises {kind.__name__}; it was answered")
