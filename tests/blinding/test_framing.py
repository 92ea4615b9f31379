"""Where a place of an image lies on the canvas, held against the rendition itself."""

import io

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from radrate.blinding.framing import framing, region_on_canvas
from radrate.blinding.recipe import RECIPE, render

SMALL = {**RECIPE, "side": 256}
sides = st.integers(40, 400)


def rendered(pixels: np.ndarray) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return np.asarray(Image.open(io.BytesIO(render(stream.getvalue(), SMALL))))


@st.composite
def spots(draw):
    """A film's (columns, rows) and a box within what is not cropped."""
    width, height = draw(sides), draw(sides)
    left, top, right, bottom = framing((width, height), SMALL).crop
    x0, y0 = draw(st.integers(left, right - 6)), draw(st.integers(top, bottom - 6))
    x1, y1 = draw(st.integers(x0 + 6, right)), draw(st.integers(y0 + 6, bottom))
    return (width, height), (x0, y0, x1, y1)


@settings(deadline=None, max_examples=60)
@given(spots())
def test_a_region_lies_where_the_rendition_shows_it(spot):
    (width, height), (x0, y0, x1, y1) = spot
    pixels = np.zeros((height, width), np.uint8)
    pixels[y0:y1, x0:x1] = 255
    region = region_on_canvas(Image.fromarray(pixels), SMALL)
    shown = rendered(pixels)
    assert region[shown > 160].all()
    for axis in (0, 1):
        seen = np.flatnonzero((shown > 127).any(axis))
        placed = np.flatnonzero(region.any(axis))
        assert abs(int(seen[0]) - int(placed[0])) <= 1
        assert abs(int(seen[-1]) - int(placed[-1])) <= 1


@settings(deadline=None, max_examples=60)
@given(sides, sides, st.data())
def test_not_even_one_pixel_vanishes_unless_it_is_cropped(width, height, data):
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    pixels = np.zeros((height, width), np.uint8)
    pixels[y, x] = 255
    left, top, right, bottom = framing((width, height), SMALL).crop
    shown = left <= x < right and top <= y < bottom
    assert region_on_canvas(Image.fromarray(pixels), SMALL).any() == shown


@given(sides, sides)
def test_the_box_is_centred_and_fills_the_canvas_one_way(width, height):
    frame = framing((width, height), SMALL)
    left, top, right, bottom = frame.box
    assert max(frame.size) == frame.side
    assert abs(left - (frame.side - right)) <= 1 and abs(top - (frame.side - bottom)) <= 1
    inner = (frame.crop[2] - frame.crop[0], frame.crop[3] - frame.crop[1])
    assume(min(inner) > 20)
    assert abs(frame.scale * min(inner) - min(frame.size)) <= 0.5 + 1e-9
