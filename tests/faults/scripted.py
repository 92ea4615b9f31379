"""A backend that fails as its prompt says, and notes each call in a file before anything else."""

import ctypes
import io
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from generation.backends.base import (
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    ImageBackend,
    Operation,
    RunContext,
    TransientError,
)
from tests.generation.scripted import answer, draw, picture

MOST = 8
STEP_S = 0.05


def once(folder: str | Path, name: str) -> bool:
    """True for the first caller of all processes that gives this name."""
    try:
        os.close(os.open(Path(folder) / name, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class FaultyBackend(ImageBackend):
    """OPTIONS: LOG gets a line of JSON for each call; MARKS is a folder that remembers what has
    happened once; SECONDS is what a call takes, or [least, most], by the request's seed."""

    version = "1.0"
    model = "faulty"

    def capabilities(self) -> Capabilities:
        return Capabilities(
            operations=frozenset({Operation.TEXT_TO_IMAGE, Operation.INPAINT}),
            max_outputs=MOST,
            batch=self.options.get("BATCH", 1),
            min_side=16,
            max_side=64,
            seed=True,
        )

    def text_to_image(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        return self._answer(request, context)

    def inpaint(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        return self._answer(request, context)

    def _answer(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        self._note(request, "called")
        for name, behaviour in BEHAVIOURS.items():
            if name in request.prompt:
                behaviour(self, request)
        self._work(request, context)
        images = [draw(request, index) for index in range(request.n)]
        for name, bad in BAD_FILES.items():
            if name in request.prompt:
                images = [bad(request, image) for image in images]
        if "dies after" in request.prompt and self._first(request, "dies after"):
            die()
        return answer(images)

    def _work(self, request: GenerationRequest, context: RunContext) -> None:
        """Sleep in steps, with the signs of life that the protocol asks for."""
        seconds = self.options.get("SECONDS", 0)
        if isinstance(seconds, list):
            seconds = Random(request.seeds[0]).uniform(*seconds)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            context.raise_if_cancelled()
            time.sleep(min(STEP_S, left))
            context.progress(1 - left / seconds)

    def _note(self, request: GenerationRequest, what: str) -> None:
        line = {
            "at": time.time(),
            "what": what,
            "job": request.request_id[:36],
            "request": request.request_id,
            "n": request.n,
        }
        handle = os.open(self.options["LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, (json.dumps(line) + "\n").encode())
        os.close(handle)

    def _first(self, request: GenerationRequest, name: str) -> bool:
        return once(self.options["MARKS"], f"{request.request_id[:36]}-{name}")


def dies_before(backend: FaultyBackend, request: GenerationRequest) -> None:
    if backend._first(request, "dies before"):
        die()


def segfaults(backend: FaultyBackend, request: GenerationRequest) -> None:
    ctypes.string_at(0)


def hangs(backend: FaultyBackend, request: GenerationRequest) -> None:
    """Waits for an answer that does not come, as on an open socket."""
    if backend._first(request, "hangs"):
        time.sleep(3600)


def ignores_everything(backend: FaultyBackend, request: GenerationRequest) -> None:
    """Waits, and swallows what is to interrupt it."""
    if not backend._first(request, "deaf"):
        return
    while True:
        try:
            time.sleep(3600)
        except BaseException:
            continue


def declines(backend: FaultyBackend, request: GenerationRequest) -> None:
    """429 with a Retry-After to the first request of each job."""
    if backend._first(request, "storm"):
        backend._note(request, "declined")
        raise TransientError("429 Too Many Requests", retry_after=request.params["retry_after"])


BEHAVIOURS: dict[str, Callable[[FaultyBackend, GenerationRequest], None]] = {
    "dies before": dies_before,
    "segfaults": segfaults,
    "hangs": hangs,
    "deaf": ignores_everything,
    "storm": declines,
}


def _png(image: Image.Image | None) -> bytes:
    stream = io.BytesIO()
    assert image is not None
    image.save(stream, "PNG")
    return stream.getvalue()


def _file(given: GeneratedImage, raw: bytes) -> GeneratedImage:
    """What a provider sends: a file, not pixels."""
    return GeneratedImage(index=given.index, raw=raw, seed=given.seed)


def truncated(request: GenerationRequest, given: GeneratedImage) -> GeneratedImage:
    whole = _png(given.image)
    return _file(given, whole[: len(whole) // 2])


def corrupt(request: GenerationRequest, given: GeneratedImage) -> GeneratedImage:
    whole = bytearray(_png(given.image))
    middle = len(whole) // 2
    whole[middle : middle + 40] = bytes(byte ^ 0xFF for byte in whole[middle : middle + 40])
    return _file(given, bytes(whole))


def wrong_size(request: GenerationRequest, given: GeneratedImage) -> GeneratedImage:
    return _file(given, _png(picture(given.seed or 0, request.width // 2, request.height)))


def html(request: GenerationRequest, given: GeneratedImage) -> GeneratedImage:
    return _file(given, b"<!doctype html><title>502 Bad Gateway</title>")


def duplicate(request: GenerationRequest, given: GeneratedImage) -> GeneratedImage:
    return _file(given, _png(picture(1, request.width, request.height)))


BAD_FILES: dict[str, Callable[[GenerationRequest, GeneratedImage], Any]] = {
    "truncated": truncated,
    "corrupt": corrupt,
    "wrong size": wrong_size,
    "html": html,
    "duplicate": duplicate,
}
