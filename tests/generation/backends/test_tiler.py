"""Outpainting window by window."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.backends import tiler
from generation.backends.base import Cancelled, InvalidRequest, Operation, PermanentError
from generation.backends.editing import source_box
from tests.generation.backends.editors import Context, Keeper, Painter, Refuser
from tests.generation.backends.test_editing import inpainting, noise

margins = st.tuples(*[st.integers(0, 200)] * 4).filter(any)
sides = st.integers(24, 200)


def outpainting(width=48, height=40, margins=(0, 0, 40, 0), n=1, **changes):
    size = width + margins[0] + margins[2], height + margins[1] + margins[3]
    return replace(
        inpainting(n=n),
        operation=Operation.OUTPAINT,
        mask=None,
        margins=margins,
        width=size[0],
        height=size[1],
        **{"image": noise(width, height)} | changes,
    )


@settings(deadline=None, max_examples=200)
@given(width=sides, height=sides, margins=margins, window=st.sampled_from([32, 64, 128]))
def test_windows_fill_the_canvas_and_each_is_half_known(width, height, margins, window):
    request = outpainting(width, height, margins)
    known = np.zeros((request.height, request.width), bool)
    left, top, right, bottom = source_box(request)
    known[top:bottom, left:right] = True
    for box in tiler.windows((request.width, request.height), source_box(request), window):
        part = known[box[1] : box[3], box[0] : box[2]]
        assert 0 < part.shape[0] <= max(window, part.shape[0] if width < window else 0)
        assert part.mean() >= 0.5
        assert not part.all()
        part[:] = True
    assert known.all()


@settings(deadline=None, max_examples=100)
@given(width=sides, height=sides, margins=margins, window=st.sampled_from([32, 64, 128]))
def test_no_window_is_larger_than_it_may_be(width, height, margins, window):
    request = outpainting(width, height, margins)
    for box in tiler.windows((request.width, request.height), source_box(request), window):
        assert max(box[2] - box[0], box[3] - box[1]) <= window


def test_source_stays_bit_for_bit_and_everything_else_is_made():
    request = outpainting(margins=(30, 10, 50, 20), n=2)
    backend = Painter()
    result = backend.run(request, Context())
    left, top, right, bottom = source_box(request)
    for image in result.images:
        pixels = np.asarray(image.image)
        assert np.array_equal(pixels[top:bottom, left:right], np.asarray(request.image))
        assert (np.delete(pixels, np.s_[top:bottom], axis=0) > 0).all()
    assert len(backend.requests) == backend.images_for(request)
    assert result.seconds == pytest.approx(0.25 * len(backend.requests))


def test_candidate_with_the_least_seam_is_taken_and_all_are_kept():
    request = outpainting(params={"candidates": 4}, image=noise(48, 40).point(lambda _: 100))
    result = Painter().run(request, Context())
    (image,) = result.images
    for step in image.steps:
        assert len(step.candidates) == len(step.scores) == 4
        assert step.scores[step.chosen] == min(step.scores)
        assert len(set(step.scores)) == 4


def test_seams_are_feathered_between_windows_but_never_into_the_source():
    request = outpainting(width=64, height=64, margins=(0, 0, 96, 0))
    row = np.asarray(Keeper().run(request, Context()).images[0].image)[32].astype(int)
    steps = np.abs(np.diff(row[64:]))
    assert np.array_equal(row[:64], np.asarray(request.image)[32])
    assert steps.max() < np.ptp(row[64:]) / 3


def test_outputs_differ_by_seed_and_the_same_seed_gives_the_same():
    request = outpainting(n=2)
    first, second = Painter().run(request, Context()), Painter().run(request, Context())
    pixels = [np.asarray(image.image) for image in (*first.images, *second.images)]
    assert not np.array_equal(pixels[0], pixels[1])
    assert np.array_equal(pixels[0], pixels[2])


def test_refused_window_ends_the_output_with_the_refusal_and_keeps_what_was_made():
    request = outpainting(margins=(0, 0, 90, 0), n=1)
    result = Refuser().run(request, Context())
    (image,) = result.images
    assert image.refusal.code == "flagged"
    assert image.image is None
    assert len(image.steps) == 2


def test_progress_only_grows_and_cancel_stops_between_windows():
    request = outpainting(margins=(30, 10, 50, 20), n=2)
    context = Context()
    Painter().run(request, context)
    assert context.fractions == sorted(context.fractions)
    assert context.fractions[-1] == pytest.approx(1)
    backend = Painter()
    with pytest.raises(Cancelled):
        backend.run(request, Context(cancelled_after=2))
    assert len(backend.requests) == 2


@pytest.mark.parametrize("candidates", [0, 9, "2", 1.5])
def test_number_of_candidates_is_checked(candidates):
    with pytest.raises(InvalidRequest):
        Painter().run(outpainting(params={"candidates": candidates}), Context())


def test_window_of_another_size_is_an_error():
    class Cropper(Painter):
        def _one(self, request, index):
            painted = super()._one(request, index)
            return replace(painted, image=painted.image.crop((0, 0, 5, 5)))

    with pytest.raises(PermanentError, match="window"):
        Cropper().run(outpainting(), Context())
