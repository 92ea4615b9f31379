"""The phantom backend as the runner sees it: seeds, sizes, sides, grey values, outcomes."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from generation.backends.base import (
    Cancelled,
    GenerationRequest,
    InvalidRequest,
    Operation,
    Unsupported,
)
from generation.backends.phantom import PhantomBackend
from generation.backends.phantom.atlas import ATLAS, PAIRED, USUAL
from generation.backends.phantom.rendering import Plan, compose
from generation.backends.phantom.variation import Variation

SIDE = 256


class Context:
    """Records progress and cancels after a given number of images."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.fractions: list[float] = []
        self.cancel_after = cancel_after

    def progress(self, fraction: float, note: str = "") -> None:
        self.fractions.append(fraction)

    def raise_if_cancelled(self) -> None:
        if self.cancel_after is not None and len(self.fractions) >= self.cancel_after:
            raise Cancelled


def request(prompt="An X-ray of the knee", *, seeds=(1,), size=(SIDE, SIDE), **fields):
    width, height = size
    return GenerationRequest(
        fields.pop("request_id", "r1"),
        Operation.TEXT_TO_IMAGE,
        prompt,
        fields.pop("n", len(seeds)),
        width,
        height,
        seeds=seeds,
        **fields,
    )


def run(*args, context=None, **fields):
    return PhantomBackend("phantom", {}).run(request(*args, **fields), context or Context())


def pixels(*args, **fields):
    return np.asarray(run(*args, **fields).images[0].image)


@pytest.mark.parametrize("prompt", ["chest PA", "cervical spine lateral", "abdomen"])
def test_the_same_seed_gives_the_same_bytes_in_another_process(prompt):
    code = (
        "import hashlib; from tests.generation.backends.test_phantom import pixels;"
        f"print(hashlib.sha256(pixels({prompt!r}, seeds=(7,)).tobytes()).hexdigest())"
    )
    root = Path(__file__).parents[3]
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert other == hashlib.sha256(pixels(prompt, seeds=(7,)).tobytes()).hexdigest()


def test_different_seeds_give_different_people():
    first, second = (np.asarray(i.image, float) for i in run(seeds=(1, 2)).images)
    assert np.mean(np.abs(first - second)) > 3


def test_a_seed_gives_the_same_film_alone_and_among_others():
    among = run(seeds=(4, 5)).images[1]
    assert among.seed == 5
    assert np.array_equal(np.asarray(among.image), pixels(seeds=(5,)))


def test_without_seeds_a_redelivered_request_gives_the_same_films():
    first, again = (run(seeds=(), n=2, request_id="job-9") for _ in range(2))
    assert [i.seed for i in first.images] == [i.seed for i in again.images]
    assert first.images[0].seed != first.images[1].seed


@pytest.mark.parametrize("size", [(256, 256), (512, 512), (256, 400), (504, 256)])
def test_the_size_asked_for_is_the_size_made(size):
    image = run(size=size).images[0].image
    assert (image.size, image.mode) == (size, "L")


@pytest.mark.parametrize("size", [(248, 256), (1032, 512), (260, 256)])
def test_a_size_not_offered_is_refused(size):
    with pytest.raises(InvalidRequest):
        run(size=size)


EVERY = [
    pytest.param(*key, marks=() if USUAL[key[0]] == key[1] else pytest.mark.long) for key in ATLAS
]


@pytest.mark.parametrize(("region", "view"), EVERY)
def test_a_view_is_the_same_again_and_another_with_another_seed(region, view):
    prompt = f"{view} radiograph of the {region}"
    first, again, other = (pixels(prompt, seeds=(seed,)) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert np.mean(np.abs(first.astype(float) - other)) > 2


@pytest.mark.parametrize(("region", "view"), ATLAS)
def test_every_view_looks_like_an_exposed_film(region, view):
    result = run(f"{view} radiograph of the {region}", seeds=(3,)).images[0]
    grey = np.asarray(result.image) / 255
    assert (result.anatomy.body_part_examined, result.anatomy.view_position) == (region, view)
    assert result.anatomy.age_group == "adult"
    open_part = grey[grey > 0]
    assert open_part.size > 0.15 * grey.size
    assert 0.1 < open_part.mean() < 0.75
    assert open_part.std() > 0.15
    assert np.mean(grey == 1) < 0.05
    assert grey[0].max() == grey[-1].max() == 0 or grey[:, 0].max() == grey[:, -1].max() == 0


@pytest.mark.parametrize("region", sorted(PAIRED))
def test_a_left_side_is_the_mirror_image_of_the_right_but_for_the_marker(region):
    right, left = (run(f"X-ray of the {side} {region.lower()}") for side in ("right", "left"))
    assert [r.images[0].anatomy.image_laterality for r in (right, left)] == ["R", "L"]
    assert [r.images[0].metadata["marker"] for r in (right, left)] == ["R", "L"]
    mirrored = np.asarray(left.images[0].image)[:, ::-1]
    differs = np.argwhere(np.asarray(right.images[0].image) != mirrored)
    assert len(differs) > 0
    assert np.ptp(differs, axis=0).max() < 0.1 * SIDE


def test_the_side_follows_from_the_seed_where_the_prompt_names_none():
    sides = {i.anatomy.image_laterality for i in run(seeds=tuple(range(8))).images}
    assert sides == {"L", "R"}


def test_a_region_with_both_sides_has_no_laterality():
    assert run("AP pelvis").images[0].anatomy.image_laterality == ""


def test_an_intact_film_is_simulated_and_says_how_it_came_to_be():
    image = run("lateral knee").images[0]
    assert image.simulated
    assert image.metadata["defect"] == ""
    assert image.metadata["defect_box"] is None
    assert image.metadata["reading"]["view"] == "LATERAL"
    assert 0.5 < image.metadata["pixel_spacing_mm"] < 1.5


def test_the_anatomy_does_not_depend_on_the_resolution():
    small, large = pixels(size=(256, 256)), pixels(size=(512, 512))
    averaged = large.reshape(256, 2, 256, 2).mean((1, 3))
    assert np.corrcoef(small.ravel(), averaged.ravel())[0, 1] > 0.99


def test_cancelling_stops_before_the_next_image():
    context = Context(cancel_after=2)
    with pytest.raises(Cancelled):
        run(seeds=(1, 2, 3, 4), context=context)
    assert context.fractions == [0.25, 0.5]


def test_progress_ends_at_one():
    context = Context()
    run(seeds=(1, 2), context=context)
    assert context.fractions == [0.5, 1.0]


def test_other_operations_are_unsupported():
    edit = GenerationRequest("r", Operation.INPAINT, "knee", 1, SIDE, SIDE)
    with pytest.raises(Unsupported):
        PhantomBackend("phantom", {}).run(edit, Context())


def bones_of(parts):
    """Names of whole bones: a detail or an epiphysis is named after the bone that it lies on."""
    names = {part.name for part in parts if part.material == "bone"}
    return {name for name in names if not any(name.startswith(f"{other} ") for other in names)}


WHOLE = {
    ("SHOULDER", "AP"): "humerus head",
    ("SHOULDER", "LATERAL"): "scapula acromion",
    ("ELBOW", "AP"): "humerus capitellum",
    ("ELBOW", "LATERAL"): "ulna trochlear notch",
    ("WRIST", "PA"): "lunate",
    ("WRIST", "LATERAL"): "lunate",
    ("HAND", "LATERAL"): "phalanx",
    ("ANKLE", "AP"): "talus",
    ("ANKLE", "LATERAL"): "calcaneus",
    ("FOOT", "AP"): "phalanx",
    ("FOOT", "LATERAL"): "phalanx",
    ("KNEE", "AP"): "patella",
    ("KNEE", "LATERAL"): "patella",
    ("HAND", "PA"): "phalanx",
    ("CHEST", "PA"): "lungs",
    ("CHEST", "AP"): "lungs",
    ("CHEST", "LATERAL"): "right lung",
    ("PELVIS", "AP"): "hip bone",
    ("SKULL", "AP"): "mandible",
    ("SKULL", "LATERAL"): "mandible",
    ("HIP", "AP"): "acetabular roof",
    ("HIP", "LATERAL"): "acetabular roof",
    ("ABDOMEN", "AP"): "pubis",
}


@pytest.mark.parametrize(("region", "view"), WHOLE)
@pytest.mark.parametrize("size", [(256, 256), (256, 512)])
def test_no_shutter_cuts_what_an_intact_film_must_show(region, view, size):
    for seed in range(5):
        plan = Plan(region, view, "", "R", "", seed, *size)
        scene = compose(plan, Variation(seed))
        left, top, right, bottom = scene.shutter.box
        shown = [part for part in scene.intact if WHOLE[region, view] in part.name]
        points = scene.frame.pixels(np.vstack([p for part in shown for p in part.outlines]))
        assert points[:, 0].min() > left
        assert points[:, 0].max() < right
        assert points[:, 1].min() > top
        assert points[:, 1].max() < bottom
