"""Injected defects: visible where the metadata says, and nowhere else."""

from functools import cache

import numpy as np
import pytest

from generation.backends.base import InvalidRequest, Unsupported
from generation.backends.phantom import DEFECTS
from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.variation import Variation
from tests.generation.backends.test_phantom import bones_of, run

SHOWN = [
    (name, region, view)
    for name, defect in DEFECTS.items()
    for region, view in ATLAS
    if region in defect.regions and view in defect.views
]


@cache
def film(region, view, defect="", seed=11):
    prompt = f"{view} radiograph of the {region}"
    return run(prompt, seeds=(seed,), params={"defect": defect}).images[0]


def parts(region, view, defect=""):
    vary = Variation(11)
    intact = ATLAS[region, view](vary).parts
    return DEFECTS[defect].change(intact, vary) if defect else intact


@pytest.mark.parametrize(("name", "region", "view"), SHOWN)
def test_a_defect_changes_its_box_and_nearly_nothing_else(name, region, view):
    intact, flawed = film(region, view), film(region, view, name)
    assert (intact.simulated, flawed.simulated) == (True, False)
    assert flawed.metadata["defect"] == name
    left, top, right, bottom = flawed.metadata["defect_box"]
    before, after = (np.asarray(i.image, float) for i in (intact, flawed))
    inside = np.zeros(before.shape, bool)
    inside[top:bottom, left:right] = True
    differs = np.abs(before - after)
    assert np.mean(differs[inside] > 8) > 0.02
    assert np.mean(differs[~inside] > 8) < 0.004
    assert np.mean(differs[~inside]) < 1.5


def test_the_box_is_mirrored_with_a_left_side():
    right, left = (
        run(f"{side} knee", params={"defect": "missing_fibula"}).images[0].metadata["defect_box"]
        for side in ("right", "left")
    )
    assert left == (256 - right[2], right[1], 256 - right[0], right[3])


def test_a_hand_has_27_bones_and_a_finger_too_many_is_four_more():
    def bones(defect=""):
        names = bones_of(parts("HAND", "PA", defect))
        return {n for n in names if not n.startswith(("radius", "ulna", "hook", "sesamoid"))}

    assert len(bones()) == 27
    assert len(bones("extra_finger")) == 31
    assert len(bones() - bones("fused_carpals")) == 6


@pytest.mark.parametrize("view", ["PA", "AP", "LATERAL"])
def test_a_chest_has_twelve_pairs_of_ribs_and_twelve_thoracic_vertebrae(view):
    names = [part.name for part in parts("CHEST", view)]
    assert len([name for name in names if name.startswith("rib ")]) == 24
    assert {f"T{k}" for k in range(1, 13)} <= set(names)


def test_missing_bones_are_missing():
    assert not [p for p in parts("KNEE", "AP", "missing_fibula") if p.name == "fibula"]
    clavicles = [p for p in parts("CHEST", "PA", "missing_clavicle") if "clavicle" in p.name]
    assert len(clavicles) == 1


@pytest.mark.parametrize(
    ("region", "view", "defect"),
    [
        ("HAND", "PA", "missing_fibula"),
        ("CHEST", "LATERAL", "missing_clavicle"),
        ("KNEE", "AP", "third_knee"),
    ],
)
def test_a_defect_that_the_region_cannot_have_is_unsupported(region, view, defect):
    with pytest.raises(Unsupported):
        film(region, view, defect)


def test_two_defects_at_once_are_unsupported():
    with pytest.raises(Unsupported, match="one defect"):
        run("knee, missing fibula", params={"defect": "absent_joint_space"})


def test_a_defect_of_a_child_is_unsupported():
    with pytest.raises(Unsupported, match="adults only"):
        run("knee of a child", params={"defect": "missing_fibula"})


def test_a_defect_that_is_no_name_is_an_invalid_request():
    with pytest.raises(InvalidRequest):
        run("knee", params={"defect": 3})


def test_every_defect_has_a_label_and_a_view_in_which_it_shows():
    assert all(defect.label for defect in DEFECTS.values())
    assert {name for name, *_ in SHOWN} == set(DEFECTS)
