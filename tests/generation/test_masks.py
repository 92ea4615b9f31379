"""Masks from recipes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.masks import REGIONS, drawn, regions_of, share
from radrate.errors import DomainError
from radrate.images.terms import BODY_PARTS


def shapes(*listed):
    return {"shapes": list(listed)}


def test_a_rectangle_covers_its_share_whichever_corner_comes_first():
    mask = drawn(shapes({"type": "rectangle", "box": [0.25, 0.5, 0.75, 0.75]}), (200, 100))
    same = drawn(shapes({"type": "rectangle", "box": [0.75, 0.75, 0.25, 0.5]}), (200, 100))
    assert mask.size == (200, 100)
    assert share(mask) == pytest.approx(0.125, abs=0.01)
    assert np.array_equal(np.asarray(mask), np.asarray(same))
    assert set(np.unique(np.asarray(mask))) == {0, 255}


def test_polygon_ellipse_and_brush_cover_what_geometry_says():
    triangle = drawn(shapes({"type": "polygon", "points": [[0, 0], [1, 0], [0, 1]]}), (400, 400))
    ellipse = drawn(shapes({"type": "ellipse", "box": [0.2, 0.2, 0.8, 0.8]}), (400, 400))
    stroke = {"type": "brush", "points": [[0.2, 0.5], [0.8, 0.5]], "radius": 0.05}
    brush = drawn(shapes(stroke), (400, 400))
    assert share(triangle) == pytest.approx(0.5, abs=0.01)
    assert share(ellipse) == pytest.approx(math.pi * 0.09, abs=0.01)
    assert share(brush) == pytest.approx(0.6 * 0.1 + math.pi * 0.05**2, abs=0.005)


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        ({"type": "rectangle", "box": [0.1, 0.4, 0.45, 0.8]}, 0.14),
        ({"type": "ellipse", "box": [0.2, 0.5, 0.35, 0.7]}, math.pi / 4 * 0.03),
        ({"type": "polygon", "points": [[0.5, 0.1], [0.9, 0.1], [0.8, 0.4]]}, 0.06),
        ({"type": "brush", "points": [[0.5, 0.5]], "radius": 0.04}, math.pi * 0.04**2),
    ],
)
def test_no_shape_is_wider_than_it_was_drawn(shape, area):
    assert share(drawn(shapes(shape), (512, 512))) == pytest.approx(area, rel=0.006)


def test_a_shape_can_take_away_what_another_added():
    mask = drawn(
        shapes(
            {"type": "rectangle", "box": [0, 0, 0.5, 1]},
            {"type": "rectangle", "box": [0, 0, 0.5, 0.5], "erase": True},
        ),
        (100, 100),
    )
    assert share(mask) == pytest.approx(0.25, abs=0.02)


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**31 - 1),
    area=st.floats(0.01, 0.6),
    size=st.sampled_from([(400, 400), (300, 900), (800, 280)]),
)
def test_a_random_mask_has_about_the_area_asked_for_and_repeats(seed, area, size):
    recipe = {"random": {"seed": seed, "area": area}}
    mask = drawn(recipe, size)
    assert area * 0.7 < share(mask) < area * 1.2
    assert np.array_equal(np.asarray(mask), np.asarray(drawn(recipe, size)))


def test_every_body_part_has_regions_that_lie_within_it():
    assert set(REGIONS) <= BODY_PARTS
    for body_part in (*REGIONS, ""):
        for name in regions_of(body_part):
            mask = drawn({"region": name}, (120, 150), body_part_examined=body_part)
            assert 0.02 < share(mask) < 0.3


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ({}, "at least one shape"),
        (shapes(), "at least one shape"),
        (shapes({"type": "star"}), "cannot be read"),
        (shapes(3), "cannot be read"),
        (shapes({"type": "brush", "points": 5, "radius": 1}), "cannot be read"),
        (shapes({"type": "rectangle", "box": [10**400, 0, 1, 1]}), "cannot be read"),
        (shapes({"type": "rectangle", "box": [0, 0, 1]}), "cannot be read"),
        (shapes({"type": "polygon", "points": [[0, 0], [1, 1]]}), "cannot be read"),
        (shapes({"type": "rectangle", "box": [0, 0, float("nan"), 1]}), "cannot be read"),
        (shapes({"type": "rectangle", "box": [0, 0, 1, 1]}), "a part of the image"),
        (shapes({"type": "rectangle", "box": [1.5, 0, 1.9, 1]}), "a part of the image"),
        (shapes(*[{"type": "rectangle", "box": [0, 0, 0.5, 1]}] * 501), "too many"),
        ({"region": "tail"}, "no region “tail”"),
        ({"random": {"area": 0.9, "seed": 1}}, "from 0.005 to 0.6"),
        ({"random": {"area": 0.1, "seed": -1}}, "whole number"),
        ({"random": 3}, "a seed and an area"),
    ],
)
def test_what_is_no_mask_is_refused_in_words(recipe, words):
    with pytest.raises(DomainError, match=words):
        drawn(recipe, (100, 100))
