"""How the contract judges what came."""

import io
import json
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.backends.base import Capabilities, GeneratedImage

HEAVY = frozenset({"torch", "tensorflow", "jax", "diffusers", "transformers"})

Pixels = NDArray[np.float32]


def must(holds: bool, promise: str) -> None:
    """An assertion that reads the same with and without pytest's rewriting."""
    if not holds:
        raise AssertionError(promise)


def must_be_json(value: Mapping[str, Any], what: str) -> None:
    try:
        json.dumps(dict(value), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise AssertionError(f"{what} is plain JSON: {error}") from error


def outcomes(image: GeneratedImage) -> int:
    made = image.image is not None or image.raw is not None
    return made + (image.refusal is not None) + bool(image.unsupported)


def decoded(image: GeneratedImage) -> Image.Image:
    if image.image is not None:
        return image.image
    must(image.raw is not None, f"output {image.index} is an image")
    return Image.open(io.BytesIO(image.raw or b""))


def pixels_of(image: GeneratedImage) -> Pixels:
    return np.asarray(decoded(image).convert("L"), np.float32)


def sizes_not_offered(can: Capabilities) -> list[tuple[int, int]]:
    step = can.size_multiple
    too_large = can.max_side // step * step + step
    sizes = [(too_large, too_large)]
    too_small = (can.min_side - 1) // step * step
    if too_small > 0:
        sizes.append((too_small, too_small))
    if step > 1:
        odd = -(-can.min_side // step) * step + 1
        sizes.append((odd, odd))
    return sizes


@contextmanager
def without_models_and_network() -> Iterator[None]:
    """AssertionError when a heavy library is imported, even if it was before, or the network is
    asked."""

    def no_network(*_args: Any, **_named: Any) -> Any:
        raise AssertionError("building and checking a backend asks no network")

    with (
        mock.patch.dict(sys.modules),
        mock.patch.object(socket.socket, "connect", no_network),
        mock.patch.object(socket, "getaddrinfo", no_network),
    ):
        for name in _heavy_modules():
            del sys.modules[name]
        yield
        must(not _heavy_modules(), "building and checking a backend loads no heavy library")


def _heavy_modules() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] in HEAVY]
