"""A backend that does what its prompt says, for tests: real code behind the real protocol."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from generation.backends.base import (
    Anatomy,
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    ImageBackend,
    Misconfigured,
    Operation,
    PermanentError,
    Refusal,
    Refused,
    RunContext,
    TransientError,
    Unsupported,
)

MOST = 8


def picture(seed: int, width: int, height: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width), dtype=np.uint8)
    return Image.fromarray(pixels)


def draw(request: GenerationRequest, index: int) -> GeneratedImage:
    seed = request.seeds[index]
    return GeneratedImage(
        index=index,
        image=picture(seed, request.width, request.height),
        seed=seed,
        simulated="simulated" in request.prompt,
        anatomy=Anatomy(body_part_examined="KNEE", view_position="AP"),
        metadata={"defect": request.params.get("defect", "")},
    )


def refuse_all(request: GenerationRequest) -> GenerationResult:
    raise Refused("the filter does not like “bleeding”", categories=("violence",))


def refuse_second(request: GenerationRequest) -> GenerationResult:
    images = [draw(request, index) for index in range(request.n)]
    images[1] = GeneratedImage(index=1, refusal=Refusal("flagged", "one was flagged", "output"))
    return answer(images)


def unsupported(request: GenerationRequest) -> GenerationResult:
    raise Unsupported("there is no ankle")


def busy(request: GenerationRequest) -> GenerationResult:
    raise TransientError("too many requests", retry_after=request.params.get("retry_after"))


def quota(request: GenerationRequest) -> GenerationResult:
    raise PermanentError("the quota is used up", code="quota")


def crash(request: GenerationRequest) -> GenerationResult:
    raise RuntimeError("a bug of the backend")


def too_small(request: GenerationRequest) -> GenerationResult:
    images = [draw(request, index) for index in range(request.n)]
    images[0] = GeneratedImage(index=0, image=picture(1, 16, 16))
    return answer(images)


def nothing(request: GenerationRequest) -> GenerationResult:
    return answer([GeneratedImage(index=index) for index in range(request.n)])


def html(request: GenerationRequest) -> GenerationResult:
    page = b"<html>gateway timeout</html>"
    return answer([GeneratedImage(index=index, raw=page) for index in range(request.n)])


def truncated(request: GenerationRequest) -> GenerationResult:
    stream = io.BytesIO()
    picture(1, request.width, request.height).save(stream, "PNG")
    half = stream.getvalue()[: len(stream.getvalue()) // 2]
    return answer([GeneratedImage(index=index, raw=half) for index in range(request.n)])


def twins(request: GenerationRequest) -> GenerationResult:
    images = [draw(request, index) for index in range(request.n)]
    images[1] = GeneratedImage(index=1, image=images[0].image, seed=request.seeds[1])
    return answer(images)


def answer(images: list[GeneratedImage]) -> GenerationResult:
    return GenerationResult(
        images=tuple(images), model="scripted-1", backend_version="1.2", seconds=0.5
    )


BEHAVIOURS: dict[str, Callable[[GenerationRequest], GenerationResult]] = {
    "refuse all": refuse_all,
    "refuse second": refuse_second,
    "unsupported": unsupported,
    "busy": busy,
    "quota": quota,
    "crash": crash,
    "too small": too_small,
    "nothing": nothing,
    "html": html,
    "truncated": truncated,
    "twins": twins,
}


class ScriptedBackend(ImageBackend):
    """OPTIONS: SECONDS is what one image takes; LOG is a file that gets a line for each request."""

    version = "1.2"
    model = "scripted-1"

    def capabilities(self) -> Capabilities:
        return Capabilities(
            operations=frozenset({Operation.TEXT_TO_IMAGE}),
            max_outputs=MOST,
            min_side=16,
            max_side=256,
            seed=True,
        )

    def text_to_image(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        if "LOG" in self.options:
            with Path(self.options["LOG"]).open("a") as log:
                log.write(f"{request.request_id}\n")
        for name, behaviour in BEHAVIOURS.items():
            if name in request.prompt:
                return behaviour(request)
        return answer([self._one(request, context, index) for index in range(request.n)])

    def _one(self, request: GenerationRequest, context: RunContext, index: int) -> GeneratedImage:
        context.raise_if_cancelled()
        time.sleep(self.options.get("SECONDS", 0))
        context.progress((index + 1) / request.n)
        return draw(request, index)


class UnreadyBackend(ScriptedBackend):
    def check(self) -> list[str]:
        return ["the key is missing"]


class UnbuildableBackend(ScriptedBackend):
    def __init__(self, alias: str, options: dict) -> None:
        raise Misconfigured("MODEL is required")
