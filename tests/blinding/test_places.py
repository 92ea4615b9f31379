"""Hits, distances and chance, held against plain geometry."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from radrate.blinding.framing import framing
from radrate.blinding.places import Region
from radrate.blinding.recipe import RECIPE

SMALL = {**RECIPE, "side": 128}
fractions = st.floats(0, 1, allow_nan=False)


def changed(width, height, box):
    image = Image.new("L", (width, height))
    image.paste(255, box)
    return image


@st.composite
def regions(draw):
    """A film's region, a box within what is shown of it, and the same box on the canvas."""
    width, height = draw(st.integers(64, 300)), draw(st.integers(64, 300))
    frame = framing((width, height), SMALL)
    left, top, right, bottom = frame.crop
    x0, y0 = draw(st.integers(left, right - 1)), draw(st.integers(top, bottom - 1))
    x1, y1 = draw(st.integers(x0 + 1, right)), draw(st.integers(y0 + 1, bottom))
    region = Region.of(changed(width, height, (x0, y0, x1, y1)), SMALL)
    scale_x, scale_y = frame.size[0] / (right - left), frame.size[1] / (bottom - top)
    on_canvas = (
        (frame.box[0] + (x0 - left) * scale_x) / frame.side,
        (frame.box[1] + (y0 - top) * scale_y) / frame.side,
        (frame.box[0] + (x1 - left) * scale_x) / frame.side,
        (frame.box[1] + (y1 - top) * scale_y) / frame.side,
    )
    return region, on_canvas


PIXEL = 1 / SMALL["side"]


@settings(deadline=None, max_examples=80)
@given(regions(), fractions, fractions)
def test_the_distance_is_that_to_the_box_within_two_pixels(made, x, y):
    region, (x0, y0, x1, y1) = made
    away = math.hypot(max(x0 - x, 0, x - x1), max(y0 - y, 0, y - y1))
    assert region.localise(x, y).distance == pytest.approx(away, abs=2.2 * PIXEL)


@settings(deadline=None, max_examples=60)
@given(regions(), fractions, fractions, st.floats(0, 0.2))
def test_a_hit_is_a_distance_within_the_tolerance(made, x, y, tolerance):
    region = replace(made[0], tolerance=tolerance)
    answer = region.localise(x, y)
    assert answer.hit == (answer.distance <= tolerance)
    assert answer.chance == region.chance


@settings(deadline=None, max_examples=40)
@given(regions())
def test_a_click_in_the_middle_of_the_region_hits_within_a_pixel(made):
    region, (x0, y0, x1, y1) = made
    pixel = 1 / len(region.mask)  # what is thinner than that may round away from its middle
    answer = replace(region, tolerance=pixel).localise((x0 + x1) / 2, (y0 + y1) / 2)
    assert answer.hit
    assert answer.distance <= pixel
    if min(x1 - x0, y1 - y0) >= 2 * pixel:
        exact = replace(region, tolerance=0).localise((x0 + x1) / 2, (y0 + y1) / 2)
        assert (exact.hit, exact.distance) == (True, 0)


@settings(deadline=None, max_examples=30)
@given(regions(), st.floats(0, 0.1), st.integers(0, 2**32))
def test_blind_clicks_hit_as_often_as_the_share_says(made, tolerance, seed):
    region = replace(made[0], tolerance=tolerance)
    left, top, right, bottom = (edge * PIXEL for edge in region.box)
    draw = np.random.default_rng(seed)
    clicks = zip(draw.uniform(left, right, 3000), draw.uniform(top, bottom, 3000), strict=True)
    hits = np.mean([region.localise(x, y).hit for x, y in clicks])
    share = region.chance
    assert hits == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / 3000) + 0.002)


@settings(deadline=None, max_examples=40)
@given(regions(), st.floats(0, 0.1), st.floats(0, 0.1))
def test_chance_grows_with_the_tolerance(made, one, other):
    chances = [replace(made[0], tolerance=each).chance for each in sorted((0, one, other))]
    assert 0 < chances[0] <= chances[1] <= chances[2] <= 1


@settings(deadline=None, max_examples=40)
@given(regions())
def test_the_outline_runs_about_the_region(made):
    region, box = made
    assume(region.mask.sum() > 9)
    (outline,) = region.outlines()
    for axis in (0, 1):
        places = [point[axis] for point in outline]
        assert min(places) == pytest.approx(box[axis], abs=2 * PIXEL)
        assert max(places) == pytest.approx(box[axis + 2], abs=2 * PIXEL)


def test_what_is_cropped_away_is_no_region():
    assert Region.of(changed(640, 640, (0, 0, 8, 640)), SMALL) is None


def test_the_whole_image_is_hit_by_chance():
    region = Region.of(changed(300, 200, (0, 0, 300, 200)), SMALL)
    assert region.chance == 1


def test_a_jagged_region_has_an_outline_of_few_points():
    draw = np.random.default_rng(1)
    ragged = Image.fromarray((draw.random((256, 256)) > 0.4).astype(np.uint8) * 255)
    region = Region.of(ragged.resize((512, 512), Image.Resampling.NEAREST), SMALL)
    assert all(len(outline) <= 64 for outline in region.outlines())
