"""The mutations on real films, where a folder of them is given by RADRATE_TEST_IMAGES."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.images.mutations.measures import check_blurred, check_removed, check_scrambled

FILMS = Path(os.environ.get("RADRATE_TEST_IMAGES", "")) / "images"
SIDE = 1024
pytestmark = pytest.mark.skipif(
    "RADRATE_TEST_IMAGES" not in os.environ, reason="RADRATE_TEST_IMAGES names no folder"
)


@pytest.fixture(scope="module")
def films() -> dict[str, np.ndarray]:
    return {path.name: _read(path) for path in sorted(FILMS.glob("*.[jp][pn]g"))}


def _read(path: Path) -> np.ndarray:
    image = Image.open(path).convert("L")
    image.thumbnail((SIDE, SIDE))
    return np.asarray(image)


@pytest.mark.parametrize("check", [check_blurred, check_scrambled, check_removed])
def test_every_film_is_mutated_plainly(films, check):
    assert len(films) > 30
    for name, film in films.items():
        check(name, film)
