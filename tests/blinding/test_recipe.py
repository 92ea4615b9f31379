import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from radrate.blinding.recipe import RECIPE, common_length, padded, render


def png(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, "PNG")
    return stream.getvalue()


def pixels(data: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.mode == "L"
    assert set(image.info) == set()
    return np.asarray(image)


@settings(deadline=None, max_examples=15)
@given(st.integers(64, 300), st.integers(64, 300), st.booleans())
def test_every_image_gets_the_same_canvas(rows, columns, deep):
    source = np.full((rows, columns), 200 * 257 if deep else 200, np.uint16 if deep else np.uint8)
    shown = pixels(render(png(source)))
    assert shown.shape == (RECIPE["side"], RECIPE["side"])
    assert shown.max() == 200
    assert shown[512, 512] == 200


def test_eight_and_sixteen_bits_of_the_same_picture_look_the_same():
    ramp = np.tile(np.arange(256, dtype=np.uint8), (256, 1))
    deep = ramp.astype(np.uint16) * 257
    assert render(png(ramp)) == render(png(deep))


def test_the_same_margin_is_cropped_everywhere():
    framed = np.full((1024, 1024), 90, np.uint8)
    framed[:16], framed[-16:], framed[:, :16], framed[:, -16:] = 255, 255, 255, 255
    assert pixels(render(png(framed))).max() < 100


@given(st.integers(0, 5000))
def test_padding_changes_the_length_and_not_the_picture(extra):
    original = png(np.arange(64 * 64, dtype=np.uint16).astype(np.uint8).reshape(64, 64))
    longer = padded(original, len(original) + 12 + extra)
    assert len(longer) == len(original) + 12 + extra
    image = Image.open(io.BytesIO(longer))
    image.verify()
    assert (pixels(longer) == pixels(original)).all()


def test_the_common_length_fits_every_file_and_less_is_refused():
    assert common_length([100, 250, 90]) == 262
    with pytest.raises(ValueError, match="do not fit"):
        padded(bytes(250), 261)
