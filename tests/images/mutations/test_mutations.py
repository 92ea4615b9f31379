"""The mutations on phantoms: plain where they are made, nothing elsewhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from generation.backends.base import GenerationRequest, Operation
from generation.backends.phantom import PhantomBackend
from radrate.images.mutations import MUTATIONS, Unsuited, mutate
from tests.e2e.films import VIEWS, Silent
from tests.images.mutations.measures import (
    as_floats,
    check_blurred,
    check_removed,
    check_scrambled,
)

PARTLY = ("trabeculae_scrambled", "bone_removed")


@pytest.fixture(scope="module")
def phantoms() -> dict[str, np.ndarray]:
    backend = PhantomBackend("phantom", {})
    return {prompt: _drawn(backend, prompt) for _part, _view, prompt in VIEWS}


def _drawn(backend: PhantomBackend, prompt: str) -> np.ndarray:
    request = GenerationRequest(
        request_id="film",
        operation=Operation.TEXT_TO_IMAGE,
        prompt=prompt,
        n=1,
        width=512,
        height=512,
        seeds=(7,),
    )
    return np.asarray(backend.run(request, Silent()).images[0].image)


def test_blurring_leaves_little_of_the_fine_structure(phantoms):
    for prompt, film in phantoms.items():
        check_blurred(prompt, film)


def test_scrambling_makes_the_bones_unlike_themselves_and_keeps_the_film(phantoms):
    for prompt, film in phantoms.items():
        check_scrambled(prompt, film)


def test_a_removed_bone_leaves_a_place_that_is_plainly_darker(phantoms):
    for prompt, film in phantoms.items():
        check_removed(prompt, film)


@pytest.mark.parametrize("name", PARTLY)
def test_nothing_far_from_the_mutated_region_is_changed(phantoms, name):
    for prompt, film in phantoms.items():
        made = mutate(name, film, 3)
        hem = ndimage.binary_dilation(made.region, iterations=12)
        assert np.abs(film.astype(int) - made.pixels)[~hem].max(initial=0) <= 8, prompt
        assert (film == made.pixels)[~hem].mean() > 0.6, prompt


@pytest.mark.parametrize("name", list(MUTATIONS))
def test_sixteen_bits_are_mutated_like_eight(phantoms, name):
    film = phantoms[VIEWS[3][2]]
    eight = as_floats(mutate(name, film, 5).pixels)
    sixteen = mutate(name, film.astype(np.uint16) * 257, 5).pixels
    assert sixteen.dtype == np.uint16
    assert np.abs(as_floats(sixteen) - eight).max() < 0.01


@pytest.mark.parametrize("name", PARTLY)
def test_the_seed_decides(phantoms, name):
    film = phantoms[VIEWS[2][2]]
    first, again, other = (mutate(name, film, seed).pixels for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", PARTLY)
def test_a_film_without_structure_has_no_bone(name):
    with pytest.raises(Unsuited):
        mutate(name, np.full((200, 160), 90, np.uint8), 1)


@pytest.mark.parametrize("bad", [np.zeros((20, 20, 3), np.uint8), np.zeros((20, 20), np.float32)])
def test_only_grey_images_of_8_or_16_bits_are_mutated(bad):
    with pytest.raises(ValueError, match="grey"):
        mutate("blurred", bad, 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(40, 200), st.integers(40, 200), st.integers(0, 2**32), st.sampled_from([8, 16]))
def test_size_and_depth_stay_whatever_the_film(rows, columns, seed, bits):
    draw = np.random.default_rng(seed)
    coarse = draw.random((6, 6))
    film = np.kron(coarse, np.ones((rows // 6 + 1, columns // 6 + 1)))[:rows, :columns]
    film = np.clip(film + draw.normal(0, 0.03, film.shape), 0, 1) * (2**bits - 1)
    film = film.astype(np.uint8 if bits == 8 else np.uint16)
    for name in MUTATIONS:
        try:
            made = mutate(name, film, seed)
        except Unsuited:
            assert name in PARTLY
            continue
        assert made.pixels.shape == made.region.shape == film.shape
        assert made.pixels.dtype == film.dtype
        assert made.region.any()
        assert made.provenance["mutation"] == name
