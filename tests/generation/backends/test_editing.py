"""Around a backend that edits: sizes that it takes, and a source that stays as it was."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generation.backends import editing
from generation.backends.base import (
    GenerationRequest,
    InvalidRequest,
    Operation,
    Unsupported,
)
from tests.generation.backends.editors import CAN, Context, Keeper, Painter

FIXED = replace(CAN, sizes=((64, 64), (64, 32)))
sides = st.integers(16, 150)


def noise(width, height, seed=1):
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width), dtype=np.uint8)
    return Image.fromarray(pixels)


def mask_with(width, height, box):
    mask = Image.new("L", (width, height))
    mask.paste(255, box)
    return mask


def inpainting(width=48, height=40, n=2, **changes):
    values = {
        "request_id": "r",
        "operation": Operation.INPAINT,
        "prompt": "a knee",
        "n": n,
        "width": width,
        "height": height,
        "seeds": tuple(range(7, 7 + n)),
        "image": noise(width, height),
        "mask": mask_with(width, height, (width // 4, height // 4, width // 2, height // 2)),
    }
    return GenerationRequest(**values | changes)


@pytest.mark.parametrize("can", [CAN, FIXED])
@settings(deadline=None, max_examples=40)
@given(width=sides, height=sides)
def test_source_outside_the_mask_stays_bit_for_bit_at_any_size(can, width, height):
    request = inpainting(width, height)
    result = Painter(can=can).run(request, Context())
    kept = ~editing.generated_part(request.mask)
    for image in result.images:
        assert image.image.size == (width, height)
        assert np.array_equal(np.asarray(image.image)[kept], np.asarray(request.image)[kept])


@settings(deadline=None, max_examples=60)
@given(width=sides, height=sides, fixed=st.booleans())
def test_backend_is_asked_in_a_size_that_it_takes(width, height, fixed):
    can = FIXED if fixed else CAN
    fitted = editing.fit(inpainting(width, height), can).request
    assert editing.is_offered((fitted.width, fitted.height), can)
    assert fitted.image.size == fitted.mask.size == (fitted.width, fitted.height)


def test_padding_is_kept_and_what_was_made_comes_back_at_its_place():
    request = inpainting(41, 35)
    backend = Painter()
    result = backend.run(request, Context())
    asked = backend.requests[0]
    assert (asked.width, asked.height) == (48, 40)
    assert not np.asarray(asked.mask)[35:].any()
    assert not np.asarray(asked.mask)[:, 41:].any()
    inside = editing.generated_part(request.mask)
    assert set(np.asarray(result.images[0].image)[inside]) == {27}


def test_spacing_grows_when_the_source_is_scaled_down():
    fitted = editing.fit(inpainting(128, 64, pixel_spacing=0.2), CAN).request
    assert (fitted.width, fitted.height) == (64, 32)
    assert fitted.pixel_spacing == pytest.approx(0.4)


def test_change_outside_the_mask_is_measured_before_it_is_taken_back():
    request = inpainting()
    painted = Painter().run(request, Context()).images[0]
    kept = Keeper().run(request, Context()).images[0]
    assert painted.metadata["mask_respected"] is False
    assert painted.metadata["change_outside_mask"] > 50
    assert kept.metadata == {"change_outside_mask": 0.0, "mask_respected": True}


@pytest.mark.parametrize(
    "changes",
    [
        {"image": None},
        {"mask": None},
        {"mask": Image.new("L", (48, 40))},
        {"mask": mask_with(40, 40, (1, 1, 9, 9))},
        {"image": noise(40, 40)},
        {"operation": Operation.OUTPAINT, "mask": None},
        {"operation": Operation.OUTPAINT, "mask": None, "margins": (8, 0, 0, 0)},
        {"operation": Operation.OUTPAINT, "mask": None, "margins": (-8, 0, 8, 0)},
    ],
)
def test_edit_that_does_not_fit_its_source_is_refused(changes):
    with pytest.raises(InvalidRequest):
        Painter().run(inpainting(**changes), Context())


def test_backend_that_only_inpaints_makes_nothing_from_text():
    with pytest.raises(Unsupported):
        Painter().run(inpainting(operation=Operation.TEXT_TO_IMAGE), Context())


def test_distances_count_from_the_nearest_kept_pixel():
    mask = np.zeros((3, 6), bool)
    mask[:, 2:] = True
    assert editing.distances(mask)[1].tolist() == [0, 0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="nothing"):
        editing.distances(np.ones((2, 2), bool))
