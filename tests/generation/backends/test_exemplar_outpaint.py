"""Films continued beyond their borders, on phantoms in the place of real ones."""

from dataclasses import replace

import numpy as np
import pytest

from generation.backends.base import Anatomy, Unsupported
from generation.backends.exemplar.pixels import blurred
from tests.generation.backends.exemplars import KNEE, Library, film, guide, outpainting, run

SOURCE = film("KNEE", "AP", 7)
WIDE, HIGH = SOURCE.width // 2, SOURCE.height // 2
UP, DOWN = (0, HIGH, 0, 0), (0, 0, 0, HIGH)


def pixels(image) -> np.ndarray:
    return np.asarray(image, np.float32) / 255


@pytest.mark.parametrize("margins", [UP, DOWN, (7, 11, 0, 5)])
def test_the_source_lies_untouched_within_its_margins(margins):
    (answer,) = run(outpainting(SOURCE, margins)).images
    assert answer.image.size == (
        SOURCE.width + margins[0] + margins[2],
        SOURCE.height + margins[1] + margins[3],
    )
    box = (margins[0], margins[1], margins[0] + SOURCE.width, margins[1] + SOURCE.height)
    assert np.array_equal(np.asarray(answer.image.crop(box)), np.asarray(SOURCE))


def test_a_shaft_goes_on_as_it_was():
    (answer,) = run(outpainting(SOURCE, UP)).images
    grey = blurred(pixels(answer.image), 2)
    edge, beyond = grey[HIGH + 3], grey[HIGH - HIGH // 4]
    assert np.corrcoef(edge, beyond)[0, 1] > 0.9
    assert answer.metadata["method"] == "extrude"
    assert answer.metadata["sides"]["top"]["holdout"] > 0.75


def test_a_shaft_is_seamless_at_the_border():
    (answer,) = run(outpainting(SOURCE, DOWN)).images
    grey = blurred(pixels(answer.image), 1)
    steps = np.abs(np.diff(grey, axis=0)).mean(1)
    seam = SOURCE.height
    assert steps[seam - 2 : seam + 2].max() < 3 * np.median(steps[seam - 60 : seam - 5])


def test_extrusions_differ_by_seed_or_say_that_they_repeat():
    images = run(outpainting(SOURCE, DOWN, seeds=(1, 2, 3, 4))).images
    assert all(one.image for one in images)
    assert not images[0].metadata["repeats"]
    assert len({one.image.tobytes() for one in images}) == 4


def test_an_edge_of_anatomy_that_is_no_shaft_is_unsupported():
    chest = Anatomy(body_part_examined="CHEST", view_position="PA")
    source = film("CHEST", "PA", 5)
    with pytest.raises(Unsupported, match=r"bottom: nothing fits.* is needed"):
        run(outpainting(source, (0, 0, 0, source.height // 2), anatomy=chest))


def test_what_is_not_known_to_be_a_shaft_is_not_extruded():
    with pytest.raises(Unsupported):
        run(outpainting(SOURCE, UP, anatomy=Anatomy()))


def test_air_goes_on_as_air():
    hand = Anatomy(body_part_examined="HAND", view_position="PA")
    source = film("HAND", "PA", 4)
    images = run(outpainting(source, (0, 40, 0, 0), anatomy=hand, seeds=(1, 2))).images
    assert [one.metadata["method"] for one in images] == ["air", "air"]
    assert [one.metadata["repeats"] for one in images] == [False, True]
    edge, beyond = np.asarray(source)[:3], np.asarray(images[0].image)[:40]
    assert abs(float(edge.mean()) - float(beyond.mean())) < 12


def cropped(share: float):
    return SOURCE.crop((0, 0, SOURCE.width, round(share * SOURCE.height)))


def test_a_film_with_a_wider_field_leads_where_no_shaft_goes_on():
    """The same anatomy under a name whose shafts are unknown."""
    part = replace(KNEE, body_part_examined="PATELLA")
    wider = replace(guide(12), anatomy=part)
    source = cropped(0.6)
    margins = (0, 0, 0, SOURCE.height // 5)
    (answer,) = run(outpainting(source, margins, anatomy=part), Library([wider])).images
    assert answer.metadata["method"] == "guide"
    assert answer.guides == ("guide-12",)
    strip = slice(source.height, source.height + margins[3])
    original, made = (blurred(pixels(one), 3)[strip] for one in (SOURCE, answer.image))
    assert np.corrcoef(original.ravel(), made.ravel())[0, 1] > 0.8


def test_a_phantom_leads_where_no_film_does():
    chest = Anatomy(body_part_examined="CHEST", view_position="PA")
    whole = film("CHEST", "PA", 5)
    source = whole.crop((0, 0, whole.width, round(0.6 * whole.height)))
    margins = (0, 0, 0, whole.height // 5)
    images = run(outpainting(source, margins, anatomy=chest, seeds=(21, 22))).images
    assert [one.metadata["method"] for one in images] == ["phantom", "phantom"]
    assert images[0].guides == ()
    strip = slice(source.height, source.height + margins[3])
    original, made = (blurred(pixels(one), 3)[strip] for one in (whole, images[0].image))
    assert np.corrcoef(original.ravel(), made.ravel())[0, 1] > 0.8


def test_wide_margins_are_grown_in_steps_that_are_kept():
    (answer,) = run(outpainting(SOURCE, (0, SOURCE.height, 0, 0))).images
    assert len(answer.steps) == 2
    assert [one["method"] for one in answer.metadata["steps"]] == ["extrude", "extrude"]
    for step in answer.steps:
        left, top, right, bottom = step.box
        assert step.candidates[step.chosen].size == (right - left, bottom - top)
        assert len(step.candidates) == len(step.scores)
    assert answer.steps[-1].box[1] == 0


def test_steps_are_as_many_as_asked_for():
    (answer,) = run(outpainting(SOURCE, UP, params={"steps": 3})).images
    assert len(answer.steps) == 3


def test_a_shaft_ends_and_the_rest_is_collimated():
    margins = (0, round(1.5 * SOURCE.height), 0, 0)
    (answer,) = run(outpainting(SOURCE, margins)).images
    black = answer.metadata["collimated"]["top"]
    assert 0 < black <= margins[1] / 2
    assert np.asarray(answer.image)[: black - 2].max() == 0
    assert np.asarray(answer.image)[black + 5].max() > 0


def test_further_than_that_is_unsupported():
    with pytest.raises(Unsupported, match="top, step"):
        run(outpainting(SOURCE, (0, round(2.6 * SOURCE.height), 0, 0)))


def test_a_large_source_is_continued_in_its_own_resolution():
    source = SOURCE.resize((SOURCE.width * 4, SOURCE.height * 4))
    margins = (0, source.height // 4, 0, 0)
    (answer,) = run(outpainting(source, margins)).images
    box = (0, margins[1], source.width, margins[1] + source.height)
    assert np.array_equal(np.asarray(answer.image.crop(box)), np.asarray(source))
    strip = pixels(answer.image)[: margins[1]]
    assert (strip - blurred(strip, 1.5)).std() > 0.001
