"""The trunk's bones, counted by the names of their parts, and where they lie."""

import re
from itertools import pairwise

import numpy as np
import pytest

from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.parts import Material
from generation.backends.phantom.projection import project
from generation.backends.phantom.rendering import Plan, compose
from generation.backends.phantom.variation import Variation

CERVICAL = [f"C{k}" for k in range(1, 8)]
THORACIC = [f"T{k}" for k in range(1, 13)]
LUMBAR = [f"L{k}" for k in range(1, 6)]
SPINES = {"CSPINE": CERVICAL, "TSPINE": THORACIC, "LSPINE": LUMBAR}
SPINE_VIEWS = [(region, view) for region in SPINES for view in ("AP", "LATERAL")]
PELVIC = [("PELVIS", "AP"), ("HIP", "AP"), ("HIP", "LATERAL")]
GROWING = ("growth plate", "growth plates", "cartilage")
SEEDS = range(5)


def anatomy(region, view, seed=11, age_group="adult"):
    return ATLAS[region, view](Variation(seed, age_group)).parts


def bones(region, view, **fields):
    return {part.name for part in anatomy(region, view, **fields) if part.material == "bone"}


def vertebrae(names):
    return {name for name in names if re.fullmatch(r"[CTL]\d+", name)}


@pytest.mark.parametrize(("region", "view"), SPINE_VIEWS)
def test_a_spine_shows_each_of_its_vertebrae_once(region, view):
    names = [part.name for part in anatomy(region, view)]
    assert [names.count(name) for name in SPINES[region]] == [1] * len(SPINES[region])


@pytest.mark.parametrize(("region", "view"), SPINE_VIEWS)
@pytest.mark.parametrize("size", [(256, 256), (256, 400)])
def test_no_shutter_cuts_a_vertebra_of_the_spine_asked_for(region, view, size):
    for seed in SEEDS:
        scene = compose(Plan(region, view, "", "R", "", seed, *size), Variation(seed))
        bodies = [part for part in scene.intact if part.name in SPINES[region]]
        points = scene.frame.pixels(np.vstack([p for part in bodies for p in part.outlines]))
        left, top, right, bottom = scene.shutter.box
        assert (points.min(0) > (left, top)).all()
        assert (points.max(0) < (right, bottom)).all()


@pytest.mark.parametrize(("region", "view"), [key for key in ATLAS if key[0] != "SKULL"])
def test_there_is_a_disc_space_between_neighbours(region, view):
    bodies = {
        part.name: part.outlines[0]
        for part in anatomy(region, view)
        if re.fullmatch(r"C[3-7]|[TL]\d+", part.name)
    }
    for upper, lower in pairwise(bodies.values()):
        gaps = np.hypot(*(upper[:, None] - lower[None]).transpose(2, 0, 1))
        assert 1.0 < gaps.min() < 15
        assert lower[:, 1].mean() > upper[:, 1].mean()


@pytest.mark.parametrize("view", ["AP", "LATERAL"])
def test_every_vertebra_has_its_processes(view):
    names = {n for region in SPINES for n in bones(region, view)}
    posterior = {name.partition(" ")[0] for name in names if name.endswith("spinous process")}
    assert posterior == {*CERVICAL, *THORACIC, *LUMBAR} - {"C1"}
    across = {name.partition(" ")[0] for name in names if name.endswith("transverse processes")}
    assert across >= {*THORACIC, *LUMBAR}


@pytest.mark.parametrize("view", ["PA", "AP", "LATERAL"])
def test_a_chest_has_twelve_pairs_of_ribs(view):
    ribs = {name for name in bones("CHEST", view) if name.startswith("rib ")}
    assert ribs == {f"rib {k} {side}" for k in range(1, 13) for side in ("left", "right")}


def test_a_rib_lies_lower_than_the_one_above_it():
    parts = {part.name: part.outlines[0] for part in anatomy("CHEST", "PA")}
    heads = [parts[f"rib {k} left"] for k in range(1, 13)]
    at_the_spine = [rib[rib[:, 0] < 25][:, 1].mean() for rib in heads]
    assert all(10 < lower - upper < 40 for upper, lower in pairwise(at_the_spine))


def test_the_abdomen_has_five_lumbar_vertebrae_gas_and_the_pelvis():
    names = bones("ABDOMEN", "AP")
    assert vertebrae(names) >= set(LUMBAR)
    assert names >= {"sacrum", "coccyx", "hip bone left", "hip bone right", "femur left"}
    gas = [part for part in anatomy("ABDOMEN", "AP") if part.material is Material.GAS]
    assert len(gas) > 4


def test_a_pelvis_has_two_hip_bones_two_femurs_and_a_sacrum():
    names = bones("PELVIS", "AP")
    whole = {name for name in names if re.fullmatch(r"(hip bone|femur) (left|right)|sacrum", name)}
    assert len(whole) == 5


@pytest.mark.parametrize("view", ["AP", "LATERAL"])
def test_a_hip_names_no_side_since_the_film_has_it(view):
    names = bones("HIP", view)
    assert names >= {"femur", "hip bone", "acetabular roof"}
    assert not [name for name in names if re.search(r"\b(left|right)\b", name)]


@pytest.mark.parametrize(("region", "view"), PELVIC)
def test_a_child_has_growth_plates_and_is_smaller(region, view):
    adult, child = (bones(region, view, age_group=age) for age in ("adult", "child"))
    added = child - adult
    assert adult < child
    assert all(name.endswith(GROWING) for name in added)
    adult_view, child_view = (ATLAS[region, view](Variation(1, age)) for age in ("adult", "child"))
    assert child_view.field[0] < 0.8 * adult_view.field[0]


@pytest.mark.parametrize(("region", "view"), PELVIC)
def test_a_childs_growth_plates_are_gaps_in_the_bone_and_nowhere_else(region, view):
    vary = Variation(3, "child")
    scene = compose(Plan(region, view, "", "R", "", 3, 256, 256), vary)
    adult = [part for part in scene.intact if not part.name.endswith(GROWING)]
    grown, growing = (
        project(parts, scene.frame, vary, 0.0).attenuation for parts in (adult, scene.intact)
    )
    flesh = [part for part in scene.intact if part.material is not Material.BONE]
    soft = project(flesh, scene.frame, vary, 0.0).attenuation
    plates = grown - growing > 0.1
    assert 20 < plates.sum() < 0.02 * plates.size
    assert (growing - grown).max() < 1e-5
    assert np.mean((growing > soft)[plates]) > 0.95
