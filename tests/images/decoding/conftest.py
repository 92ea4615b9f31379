import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from radrate.images.decoding import Decoded, Decoder, Rejected


@pytest.fixture(scope="session")
def shared_decoder() -> Iterator[Decoder]:
    with Decoder(salt=b"a salt of the tests") as decoder:
        yield decoder


@pytest.fixture
def decode(shared_decoder: Decoder) -> Callable[[Path], Decoded]:
    return lambda path: shared_decoder.decode(path, name=path.name)


@pytest.fixture
def why_not(decode) -> Callable[[Path], Rejected]:
    """The reason for which a file is not taken."""

    def reason(path: Path) -> Rejected:
        with pytest.raises(Rejected) as caught:
            decode(path)
        return caught.value

    return reason


@pytest.fixture
def gradient() -> np.ndarray:
    """Shape (80, 96), uint16, 12 bits stored, every value different."""
    return (np.arange(80 * 96, dtype=np.uint16) % 4096).reshape(80, 96)


def pixels_of(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))
