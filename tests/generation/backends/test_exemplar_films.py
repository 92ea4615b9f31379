"""The exemplar backend on real radiographs, where a folder of them is given."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.exemplar_calibration import Film, read_films, requests, run

FILMS = Path(os.environ.get("RADRATE_TEST_IMAGES", "")) / "images"
pytestmark = pytest.mark.skipif(
    "RADRATE_TEST_IMAGES" not in os.environ, reason="RADRATE_TEST_IMAGES names no folder"
)


@pytest.fixture(scope="module")
def films() -> list[Film]:
    return read_films(FILMS)


def answers(films: list[Film], name: str, place: str):
    film = next(one for one in films if one.name == name)
    request = dict(requests(film, pathological=False))[place]
    return request, run(request, films, film)


@pytest.mark.parametrize(
    ("name", "place", "method"),
    [
        ("pelvis-hip_ap_wmc_002.jpg", "joint", "mirror"),
        ("ankle_ap_wmc_001.jpg", "joint", "guide"),
        ("elbow_ap_wmc_001.jpg", "joint", "guide"),
        ("hand_pa_wmc_001.jpg", "spot", "patchmatch"),
        ("wrist_lateral_wmc_001.jpg", "shaft", "loft"),
        ("knee_ap_wmc_001.jpg", "top", "extrude"),
        ("hand_pa_wmc_001.jpg", "right", "air"),
        ("pelvis-hip_ap_wmc_002.jpg", "top", "guide"),
    ],
)
def test_what_was_judged_good_is_still_made_in_the_same_way(films, name, place, method):
    request, images = answers(films, name, place)
    assert [one.metadata["method"] for one in images] == [method] * 4
    size = (request.width, request.height)
    left, top, *_rest = request.margins
    source = np.asarray(request.image)
    for one in images:
        assert one.image.size == size
        made = np.asarray(one.image)[top : top + source.shape[0], left : left + source.shape[1]]
        known = np.asarray(request.mask or Image.new("L", request.image.size)) == 0
        assert np.array_equal(made[known], source[known])


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("shoulder_ap_wmc_001.jpg", "right"),
        ("chest_pa_wmc_001.jpg", "bottom"),
        ("cervical-spine_ap_wmc_001.jpg", "top"),
        ("abdomen_ap_wmc_001.jpg", "bottom"),
        ("hand_oblique_wmc_001.jpg", "joint"),
    ],
)
def test_what_was_judged_wrong_is_still_unsupported(films, name, place):
    _request, images = answers(films, name, place)
    assert all(one.image is None for one in images)
    assert all("fit" in one.unsupported or "applies" in one.unsupported for one in images)
