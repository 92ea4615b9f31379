"""The exemplar backend as the runner sees it, on phantoms in the place of real films."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.backends.base import (
    Anatomy,
    Cancelled,
    GenerationRequest,
    InvalidRequest,
    Operation,
    Unsupported,
)
from generation.backends.exemplar import ExemplarBackend
from generation.backends.exemplar.pixels import blurred
from tests.generation.backends.exemplars import (
    KNEE,
    Library,
    ellipse,
    film,
    guide,
    inpainting,
    outpainting,
    run,
)

SOURCE = film("KNEE", "AP", 7)
JOINT = ellipse(SOURCE.size, (0.5, 0.5), 0.12)
GUIDES = tuple(guide(seed) for seed in (11, 12, 13, 14))
NOTHING_KNOWN = Anatomy()


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, np.float32) / 255


def test_four_guides_that_fit_give_four_visibly_different_answers():
    result = run(inpainting(SOURCE, JOINT, seeds=(1, 2, 3, 4)), Library(GUIDES))
    images = [one.image for one in result.images]
    assert all(images)
    hole = np.asarray(JOINT) > 0
    shown = [blurred(pixels(image), 1.5) for image in images]
    for index, first in enumerate(shown):
        for second in shown[index + 1 :]:
            assert np.mean(np.abs(first - second)[hole] > 0.03) > 0.05
    assert {one.guides for one in result.images} == {(one.id,) for one in GUIDES}


def test_the_joint_comes_back_where_it_was():
    (answer,) = run(inpainting(SOURCE, JOINT), Library(GUIDES)).images
    hole = np.asarray(JOINT) > 0
    original, made = (blurred(pixels(image), 3)[hole] for image in (SOURCE, answer.image))
    assert np.corrcoef(original, made)[0, 1] > 0.8


@pytest.mark.parametrize(
    "share", [0.12, 0.006], ids=["a hole that a guide fills", "a hole that patches fill"]
)
def test_known_pixels_are_those_of_the_source_bit_by_bit(share):
    mask = ellipse(SOURCE.size, (0.5, 0.5) if share > 0.02 else (0.5, 0.2), share)
    for one in run(inpainting(SOURCE, mask, seeds=(1, 2)), Library(GUIDES)).images:
        known = np.asarray(mask) == 0
        assert np.array_equal(np.asarray(one.image)[known], np.asarray(SOURCE)[known])
        assert not np.array_equal(np.asarray(one.image), np.asarray(SOURCE))


def test_what_was_erased_does_not_matter():
    scratched = SOURCE.copy()
    scratched.paste(255, mask=JOINT)
    answers = [
        run(inpainting(one, JOINT), Library(GUIDES)).images[0] for one in (SOURCE, scratched)
    ]
    assert np.array_equal(*(np.asarray(one.image) for one in answers))


def test_provenance_tells_method_score_guide_and_registration():
    (answer,) = run(inpainting(SOURCE, JOINT), Library(GUIDES)).images
    told = answer.metadata
    assert told["method"] == "guide"
    assert told["score"] >= told["threshold"]
    assert answer.guides[0] in {one.id for one in GUIDES}
    assert np.shape(told["registration"]["matrix"]) == (2, 3)
    assert len(told["weighed"]) == len(GUIDES) + 1
    assert answer.anatomy == KNEE


def test_without_films_phantoms_lead_and_no_guide_is_named():
    (answer,) = run(inpainting(SOURCE, JOINT)).images
    assert answer.metadata["method"] == "phantom"
    assert answer.guides == ()


def test_nothing_known_of_a_joint_is_unsupported_with_the_score_that_came_closest():
    with pytest.raises(Unsupported, match=r"best fit was 0\.\d\d \(loft\), 0\.75 is needed"):
        run(inpainting(SOURCE, JOINT, anatomy=NOTHING_KNOWN), Library(GUIDES))


def test_a_film_of_another_region_is_not_accepted():
    chest = Anatomy(body_part_examined="CHEST", view_position="PA")
    stranger = replace(guide(3, chest), anatomy=KNEE)
    (answer,) = run(inpainting(SOURCE, JOINT), Library([stranger])).images
    assert answer.metadata["method"] == "phantom"
    (_loft, weighed, *_rest) = answer.metadata["weighed"]
    assert weighed["method"] == "guide"
    assert weighed["score"] < 0.6


@pytest.mark.parametrize("asked", [False, True])
def test_a_guide_with_a_finding_is_used_only_if_asked_for(asked):
    broken = replace(GUIDES[0], anatomy=replace(KNEE, finding="tibial plateau fracture"))
    request = inpainting(SOURCE, JOINT, params={"pathological_guides": asked})
    (answer,) = run(request, Library([broken])).images
    assert answer.guides == ((broken.id,) if asked else ())


def test_a_childs_film_does_not_lead_an_adults():
    child = replace(GUIDES[0], anatomy=replace(KNEE, age_group="child"))
    adult = inpainting(SOURCE, JOINT, anatomy=replace(KNEE, age_group="adult"))
    assert run(adult, Library([child])).images[0].guides == ()


def test_the_pelvis_is_mirrored_and_the_chest_never_is():
    for region, mirrored in (("PELVIS", True), ("CHEST", False)):
        source = film(region, "AP", 5)
        anatomy = Anatomy(body_part_examined=region, view_position="AP")
        mask = ellipse(source.size, (0.27, 0.6), 0.1)
        answer = run(inpainting(source, mask, anatomy=anatomy)).images[0]
        methods = {one["method"] for one in answer.metadata["weighed"]}
        assert ("mirror" in methods) is mirrored


def test_the_same_request_gives_the_same_bytes_in_another_process():
    code = (
        "import hashlib; from tests.generation.backends.test_exemplar import fingerprint;"
        "print(fingerprint())"
    )
    root = Path(__file__).parents[3]
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert other == fingerprint()


def fingerprint() -> str:
    result = run(inpainting(SOURCE, JOINT, seeds=(3, 4)), Library(GUIDES[:2]))
    joined = b"".join(one.image.tobytes() for one in result.images)
    return hashlib.sha256(joined).hexdigest()


def test_without_seeds_a_redelivered_request_gives_the_same_images():
    request = inpainting(SOURCE, JOINT, seeds=(), n=2)
    first, again = (run(request, Library(GUIDES[:2])) for _ in range(2))
    assert [one.seed for one in first.images] == [one.seed for one in again.images]
    assert all(
        a.image.tobytes() == b.image.tobytes()
        for a, b in zip(first.images, again.images, strict=True)
    )


def test_cancelling_stops_between_stages():
    context = Library(GUIDES, cancel_after=2)
    with pytest.raises(Cancelled):
        run(inpainting(SOURCE, JOINT, seeds=(1, 2)), context)
    assert len(context.fractions) == 2


def test_progress_only_grows():
    context = Library(GUIDES)
    run(inpainting(SOURCE, JOINT, seeds=(1, 2)), context)
    assert len(context.fractions) >= len(GUIDES)
    assert context.fractions == sorted(context.fractions)
    assert context.fractions[-1] == 1


EMPTY, FULL = (Image.new("L", SOURCE.size, level) for level in (0, 255))


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (inpainting(SOURCE, EMPTY), InvalidRequest),
        (inpainting(SOURCE, FULL), Unsupported),
        (inpainting(SOURCE.resize((64, 900)), JOINT.resize((64, 900))), Unsupported),
        (inpainting(SOURCE, JOINT.resize((99, 99))), InvalidRequest),
        (replace(inpainting(SOURCE, JOINT), mask=None), InvalidRequest),
        (replace(inpainting(SOURCE, JOINT), image=None), InvalidRequest),
        (outpainting(SOURCE, (0, 0, 0, 0)), InvalidRequest),
        (replace(outpainting(SOURCE, (0, 0, 9, 0)), width=SOURCE.width), InvalidRequest),
        (outpainting(SOURCE, (0, 0, 9, 0), params={"steps": -1}), InvalidRequest),
        (outpainting(SOURCE, (0, 0, 9, 0), params={"steps": "2"}), InvalidRequest),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(request_, error):
    with pytest.raises(error):
        run(request_)


def test_images_from_text_are_unsupported():
    request = GenerationRequest("r", Operation.TEXT_TO_IMAGE, "knee", 1, 256, 256)
    with pytest.raises(Unsupported):
        run(request)


def test_it_is_loaded_without_opencv():
    code = (
        "import sys; import generation.backends.exemplar as e;"
        "e.ExemplarBackend('exemplar', {}).check(); print('cv2' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "False"
    assert ExemplarBackend("exemplar", {}).capabilities().exact_mask
