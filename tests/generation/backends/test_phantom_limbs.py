"""The limbs: the right number of bones by name, and a child's growth plates."""

import numpy as np
import pytest

from generation.backends.base import InvalidRequest, Unsupported
from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.atlas import LIMBS as LIMB_REGIONS
from generation.backends.phantom.growth import GAP, grown
from generation.backends.phantom.parts import Part
from generation.backends.phantom.rendering import Plan, compose
from generation.backends.phantom.shapes import closed
from generation.backends.phantom.variation import Variation
from tests.generation.backends.test_phantom import bones_of, pixels, run

LIMBS = [(region, view) for region, view in ATLAS if region in LIMB_REGIONS]
CARPALS = {
    "scaphoid", "lunate", "triquetrum", "pisiform", "trapezium", "trapezoid", "capitate", "hamate",
}  # fmt: skip
TARSALS = {
    "talus", "calcaneus", "navicular", "cuboid",
    "medial cuneiform", "intermediate cuneiform", "lateral cuneiform",
}  # fmt: skip
METACARPALS = {f"metacarpal {n}" for n in range(1, 6)}
METATARSALS = {f"metatarsal {n}" for n in range(1, 6)}
PHALANGES = {f"{name} phalanx {n}" for name in ("proximal", "distal") for n in range(1, 6)} | {
    f"middle phalanx {n}" for n in range(2, 6)
}
FOREARM, LEG = {"radius", "ulna"}, {"tibia", "fibula"}
RIBS = {f"rib {n}" for n in range(1, 8)}
HAND = CARPALS | METACARPALS | PHALANGES | FOREARM
FOOT = TARSALS | METATARSALS | PHALANGES | LEG
BONES = {
    ("SHOULDER", "AP"): {"humerus", "scapula", "clavicle"} | RIBS,
    ("SHOULDER", "LATERAL"): {"humerus", "scapula", "clavicle"} | RIBS,
    ("ELBOW", "AP"): {"humerus"} | FOREARM,
    ("ELBOW", "LATERAL"): {"humerus"} | FOREARM,
    ("WRIST", "PA"): HAND,
    ("WRIST", "LATERAL"): HAND,
    ("HAND", "PA"): HAND,
    ("HAND", "LATERAL"): HAND,
    ("KNEE", "AP"): {"femur", "patella"} | LEG,
    ("KNEE", "LATERAL"): {"femur", "patella"} | LEG,
    ("ANKLE", "AP"): TARSALS | LEG,
    ("ANKLE", "LATERAL"): FOOT,
    ("FOOT", "AP"): FOOT,
    ("FOOT", "LATERAL"): FOOT,
}  # fmt: skip
DETAILS = ("sesamoid", "hook of hamate", "near condyle", "far condyle")
PLATES = {
    "SHOULDER": {"humerus proximal"},
    "ELBOW": {"humerus distal", "radius proximal"},
    "WRIST": {"radius distal", "ulna distal"},
    "HAND": {"radius distal", "ulna distal", "metacarpal 1 proximal", "metacarpal 2 distal"},
    "KNEE": {"femur distal", "tibia proximal", "fibula proximal"},
    "ANKLE": {"tibia distal", "fibula distal"},
    "FOOT": {"metatarsal 1 proximal", "metatarsal 2 distal", "proximal phalanx 1 proximal"},
}


def parts(region, view, age_group="adult", seed=11):
    return ATLAS[region, view](Variation(seed, age_group)).parts


@pytest.mark.parametrize(("region", "view"), LIMBS)
def test_a_limb_has_each_of_its_bones_once(region, view):
    bones = {name for name in bones_of(parts(region, view)) if not name.startswith(DETAILS)}
    assert bones == BONES[region, view]
    names = [part.name for part in parts(region, view)]
    assert all(names.count(name) == 1 for name in bones)


def test_the_landmarks_that_a_reader_looks_for_are_there():
    names = {part.name for limb in LIMBS for part in parts(*limb)}
    assert {
        "scapula glenoid", "scapula acromion", "scapula coracoid", "humerus capitellum",
        "humerus trochlea", "ulna olecranon", "radius head", "talus dome", "tibia malleolus",
    } <= names  # fmt: skip


@pytest.mark.parametrize(("region", "view"), LIMBS)
def test_a_child_has_open_growth_plates_and_an_adult_has_none(region, view):
    def epiphyses(age_group):
        return {p.name for p in parts(region, view, age_group) if p.name.endswith("epiphysis")}

    assert epiphyses("adult") == set()
    assert {f"{end} epiphysis" for end in PLATES[region]} <= epiphyses("child")


@pytest.mark.parametrize(("region", "view"), LIMBS)
def test_a_childs_bones_are_an_adults_but_for_the_pisiform(region, view):
    adult, child = (
        {n for n in bones_of(parts(region, view, age)) if not n.startswith(DETAILS)}
        for age in ("adult", "child")
    )
    assert child == adult - {"pisiform"}


@pytest.mark.parametrize(("region", "view"), LIMBS)
def test_an_epiphysis_keeps_its_distance_from_its_bone(region, view):
    named = {part.name: part for part in parts(region, view, "child")}
    for name, epiphysis in named.items():
        if not name.endswith("epiphysis"):
            continue
        bone = named[name.rsplit(" ", 2)[0]]
        a, b = (np.vstack(part.outlines) for part in (epiphysis, bone))
        nearest = np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1)).min()
        assert 0.5 < nearest < 3 * GAP


@pytest.mark.parametrize(("region", "view"), LIMBS)
def test_a_child_is_smaller_and_looks_different(region, view):
    prompt = f"{view} radiograph of the {region}"
    adult, child = run(prompt).images[0], run(f"{prompt} of a child").images[0]
    assert child.anatomy.age_group == "child"
    assert child.metadata["pixel_spacing_mm"] < 0.8 * adult.metadata["pixel_spacing_mm"]
    differs = np.abs(np.asarray(adult.image, float) - np.asarray(child.image, float))
    assert np.mean(differs > 20) > 0.005
    bones = [
        np.vstack([p for part in scene.intact if part.material == "bone" for p in part.outlines])
        for age in ("adult", "child")
        for scene in [compose(Plan(region, view, "R", "R", "", 1, 256, 256), Variation(1, age))]
    ]
    adult_size, child_size = (np.ptp(points, axis=0).max() for points in bones)
    assert 0.6 < child_size / adult_size < 0.8


def test_a_growth_plate_is_darker_than_the_bone_on_both_sides():
    scene = compose(Plan("KNEE", "AP", "R", "R", "", 1, 512, 512), Variation(1, "child"))
    epiphysis, femur = (
        scene.frame.pixels(np.vstack(part.outlines))
        for part in scene.intact
        if part.name in ("femur distal epiphysis", "femur")
    )
    if np.ptp(epiphysis[:, 1]) > np.ptp(femur[:, 1]):
        epiphysis, femur = femur, epiphysis
    x = round(np.quantile(epiphysis[:, 0], 0.22))
    near = np.abs(femur[:, 0] - x) < 8
    edge = round(femur[near, 1].max())
    film = pixels("right knee of a child", seeds=(1,), size=(512, 512)).astype(float)
    column = film[edge - 12 : edge + 20, x - 2 : x + 3].mean(1)
    plate = int(column[8:24].argmin()) + 8
    assert column[plate] < column[:plate].max() - 15
    assert column[plate] < column[plate:].max() - 15


def test_the_age_may_be_asked_for_by_the_parameter():
    by_params = run("knee", params={"age_group": "child"}).images[0]
    by_prompt = run("knee of a child").images[0]
    assert by_params.anatomy.age_group == "child"
    assert by_params.metadata["reading"]["age_group"] == "child"
    assert np.array_equal(np.asarray(by_params.image), np.asarray(by_prompt.image))


def test_a_region_without_a_childs_form_is_unsupported():
    with pytest.raises(Unsupported, match="no child's form of the chest"):
        run("chest", params={"age_group": "child"})


def test_prompt_and_parameter_that_disagree_about_the_age_are_unsupported():
    with pytest.raises(Unsupported, match="adult"):
        run("knee of a child", params={"age_group": "adult"})


@pytest.mark.parametrize("age_group", ["infant", 7, ["child"]])
def test_an_age_that_is_not_known_is_an_invalid_request(age_group):
    with pytest.raises(InvalidRequest, match="age_group"):
        run("knee", params={"age_group": age_group})


def test_a_bone_is_cut_at_its_plate_and_nothing_else_is_lost():
    rod = Part("rod", (closed([(-8, -40), (8, -40), (8, 40), (-8, 40)]),), 10)
    shaft, tip = grown(rod, True, distal=[(-20, 25), (0, 27), (20, 25)])
    assert (shaft.name, tip.name) == ("rod", "rod distal epiphysis")
    assert shaft.outlines[0][:, 1].min() == pytest.approx(rod.outlines[0][:, 1].min())
    assert shaft.outlines[0][:, 1].max() == pytest.approx(27 - GAP / 2, abs=0.1)
    assert tip.outlines[0][:, 1].min() > 25 + GAP / 2
    assert grown(rod, False, distal=[(-20, 25), (20, 25)]) == (rod,)
