"""Injected defects and findings: seen where the metadata says, and nowhere else."""

import base64
import io
from functools import cache
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from generation.backends.base import InvalidRequest, Unsupported
from generation.backends.phantom import DEFECTS, FINDINGS
from generation.backends.phantom.atlas import ATLAS, WITH_CHILD
from generation.backends.phantom.defects import FAMILIES, injection, split
from generation.backends.phantom.defects.bones import bones, meant
from generation.backends.phantom.defects.family import bone_names
from generation.backends.phantom.defects.regions import REGIONS
from generation.backends.phantom.film import DETAIL_SCALES
from generation.backends.phantom.place import names
from generation.backends.phantom.projection import project
from generation.backends.phantom.rendering import Plan, compose
from generation.backends.phantom.variation import Variation
from tests.generation.backends.test_phantom import run


def name_in(kind, region, view):
    """The family's name, with a first site where the seed would not choose one."""
    family = FAMILIES[kind]
    if family.usual is None or family.usual(region, view):
        return kind
    return f"{kind}_{family.options(region, view)[0].replace(' ', '_')}"


def brief(shown):
    """Of all families in all views a few, so that each family and each region is among them."""
    chosen, met = [], set()
    for name, region, view in Random(0).sample(shown, len(shown)):
        new = {split(name)[0], region} - met
        if new:
            chosen.append((name, region, view))
            met |= new
    return chosen


SHOWN = [(name_in(kind, *at), *at) for kind, family in FAMILIES.items() for at in family.shown]
BRIEF = brief(SHOWN)
EVERY = [pytest.param(*one, marks=() if one in BRIEF else pytest.mark.long) for one in SHOWN]
GRADED = [shown for shown in SHOWN if FAMILIES[split(shown[0])[0]].graded]
OLD_NAMES = {
    "missing_fibula": ("KNEE", "AP"),
    "absent_joint_space": ("KNEE", "LATERAL"),
    "fused_carpals": ("HAND", "PA"),
    "extra_finger": ("HAND", "PA"),
    "clipped_fingertips": ("HAND", "PA"),
    "missing_clavicle": ("CHEST", "PA"),
    "fused_vertebrae": ("CHEST", "LATERAL"),
    "clipped_pelvis": ("PELVIS", "AP"),
    "closed_obturator_foramen": ("PELVIS", "AP"),
    "missing_mandible": ("SKULL", "AP"),
    "clipped_vault": ("SKULL", "LATERAL"),
    "random_trabeculae": ("KNEE", "AP"),
}
ALL_OVER = "photo_of_film"
WIDE = {"pneumothorax"}  # so much air changes the contrast of the whole lung
BROAD, HALO, _fine = DETAIL_SCALES  # mm to which the film's processing carries a change


@cache
def film(region, view, name="", seed=11, side="", **params):
    prompt = f"{view} radiograph of the {side} {region}"
    asked = {"finding" if name.startswith(tuple(FINDINGS)) else "defect": name}
    return run(prompt, seeds=(seed,), params={**asked, **params}).images[0]


def grey(image):
    return np.asarray(image.image, float)


def mask(image):
    png = base64.b64decode(image.metadata["defect_mask"])
    return np.asarray(Image.open(io.BytesIO(png)))


def far_from(chosen, pixels):
    return ndimage.distance_transform_edt(~chosen) > pixels


def scene(region, view, name="", seed=11):
    return compose(Plan(region, view, "", "R", name, seed, 256, 256), Variation(seed))


NOT_OF_THE_HAND = {"radius", "ulna", "sesamoid lateral", "sesamoid medial"}


def shown_bones(region, view, name=""):
    return set(bones(scene(region, view, name).shown))


@pytest.mark.parametrize(("name", "region", "view"), EVERY)
def test_what_is_injected_changes_its_mask_and_nearly_nothing_else(name, region, view):
    intact, flawed = film(region, view), film(region, view, name)
    inside = mask(flawed)
    differs = np.abs(grey(intact) - grey(flawed))
    assert inside.shape == differs.shape
    assert np.mean(differs[inside] > 8) > 0.1
    assert np.percentile(differs[inside], 95) > 10
    if name != ALL_OVER:
        spacing = flawed.metadata["pixel_spacing_mm"]
        beside, away = (far_from(inside, reach / spacing) for reach in (HALO, BROAD))
        assert np.mean(differs[beside] > 8) < (0.015 if name in WIDE else 0.003)
        assert np.mean(differs * away) < 0.3


@pytest.mark.parametrize(("name", "region", "view"), EVERY)
def test_the_metadata_say_what_is_injected_and_where(name, region, view):
    made = film(region, view, name)
    rows, columns = np.nonzero(mask(made))
    box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert made.metadata["defect_box"] == box
    kind, _where = split(name)
    assert made.metadata["defect_kind"] == kind
    asked = made.metadata["finding" if kind in FINDINGS else "defect"]
    assert asked == name
    assert not made.simulated
    assert made.anatomy.finding == (kind.replace("_", " ") if kind in FINDINGS else "normal")
    changes_anatomy = FAMILIES[kind].parts is not None
    assert bool(made.metadata["defect_bones"]) == changes_anatomy


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("name", ["missing_fibula", "fracture_tibia", "clipped", "wrong_marker"])
def test_the_mask_lies_on_the_difference_of_either_side(name, side):
    intact, flawed = film("KNEE", "AP", side=side), film("KNEE", "AP", name, side=side)
    differs = np.abs(grey(intact) - grey(flawed)) > 8
    assert np.mean(mask(flawed)[differs]) > 0.9


def test_the_place_is_mirrored_with_a_left_side():
    right, left = (film("KNEE", "AP", "missing_fibula", side=side) for side in ("right", "left"))
    assert np.array_equal(mask(left), mask(right)[:, ::-1])


def test_the_place_of_a_clip_is_what_the_shutter_hides():
    intact, flawed = film("HAND", "PA"), film("HAND", "PA", "clipped_fingertips")
    assert np.percentile(grey(flawed)[mask(flawed)], 99) < 10
    assert np.percentile(grey(intact)[mask(flawed)], 99) > 100


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("name", "region", "view"), EVERY)
def test_every_seed_shows_it(name, region, view, seed):
    """Measured on the anatomy and the shutter alone, which is quick."""
    made = scene(region, view, name, seed)
    family = FAMILIES[split(name)[0]]
    if family.parts:
        assert {id(p) for p in made.shown} != {id(p) for p in made.intact}
        every = np.vstack([points for part in made.shown for points in part.outlines])
        assert np.isfinite(every).all()
    if family.shutter:
        assert made.opening != made.shutter


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_bone_of_any_view_can_be_named(data):
    region, view = data.draw(st.sampled_from(sorted(ATLAS)))
    bone = data.draw(st.sampled_from(bone_names(region, view)))
    kinds = ["missing", "extra", "duplicated", "misplaced", "fused"]
    kind = data.draw(st.sampled_from([k for k in kinds if FAMILIES[k].options(region, view)]))
    made = scene(region, view, f"{kind}_{bone.replace(' ', '_')}")
    assert made.site.name == bone
    told = names(made.intact, made.shown)
    assert bone in told
    assert len(told) == (2 if kind == "fused" else 1)
    assert kind == "fused" or (bone in bones(made.shown)) == (kind != "missing")


@pytest.mark.parametrize(("name", "where"), OLD_NAMES.items())
def test_names_of_the_first_version_still_work(name, where):
    assert injection(name, *where).choices


def test_where_nothing_is_named_the_seed_chooses_from_what_is_usual():
    chosen = {scene("KNEE", "AP", "missing", seed).site.name for seed in range(12)}
    assert chosen == {"fibula", "patella"}


def test_a_side_may_stand_before_or_after_the_bone():
    for name in ("missing_left_clavicle", "missing_clavicle_left"):
        assert injection(name, "CHEST", "PA").choices == ("clavicle left",)
    assert len(injection("missing_clavicle", "CHEST", "PA").choices) == 2


def test_the_usual_bones_of_a_region_are_in_one_of_its_views():
    for (region, view), data in REGIONS.items():
        views = [key for key in ATLAS if key[0] == region and view in ("", key[1])]
        for words in (*data.bones, *(place.bone for place in data.breaks)):
            assert not views or any(meant(words, bone_names(*key)) for key in views), words


def test_a_rib_is_counted_by_its_whole_number():
    assert injection("missing_rib_1", "CHEST", "PA").choices == ("rib 1 right", "rib 1 left")


def test_a_hand_has_27_bones_and_a_finger_too_many_is_four_more():
    def count(name=""):
        return len(shown_bones("HAND", "PA", name) - NOT_OF_THE_HAND)

    assert count() == 27
    assert count("extra_finger") == 31
    assert count("fused_carpals") == 27 - 6
    assert count("missing_lunate") == 26
    assert count("extra_lunate") == 27  # the second belongs to the first by name


@pytest.mark.parametrize("view", ["PA", "AP", "LATERAL"])
def test_a_chest_has_twelve_pairs_of_ribs_and_twelve_thoracic_vertebrae(view):
    there = bone_names("CHEST", view)
    assert len([name for name in there if name.startswith("rib ")]) == 24
    assert {f"T{k}" for k in range(1, 13)} <= set(there)


def test_a_bone_goes_with_all_its_parts():
    gone = [part.name for part in scene("SKULL", "LATERAL", "missing_mandible").shown]
    assert not [name for name in gone if name.startswith(("mandib", "lower tooth"))]
    assert [name for name in gone if name.startswith("upper tooth")]
    assert not [p for p in scene("CHEST", "PA", "missing_T6").shown if p.name.startswith("T6")]


def test_an_absent_joint_space_and_fused_bones_are_one_bone_through_the_gap():
    for where, name, two in (
        (("KNEE", "AP"), "absent_joint_space", ("femur", "tibia")),
        (("HAND", "PA"), "fused_metacarpals", ()),
    ):
        made = scene(*where, name)
        assert len(shown_bones(*where, name)) == len(shown_bones(*where)) - 1
        grown = [part for part in made.shown if part.name in two or not two]
        assert any(len(part.outlines) == 3 for part in grown)


def test_a_fracture_parts_the_bone_in_two_and_leaves_its_ends_in_place():
    made = scene("HAND", "PA", "fracture_metacarpal_2")
    whole, broken = (bones(parts)["metacarpal 2"].parts[0] for parts in (made.intact, made.shown))
    assert (len(whole.outlines), len(broken.outlines)) == (1, 2)
    before, after = whole.outlines[0], np.vstack(broken.outlines)
    assert np.allclose(before.min(0)[1], after.min(0)[1], atol=0.6)
    assert np.allclose(before.max(0)[1], after.max(0)[1], atol=0.6)
    assert set(shown_bones("HAND", "PA", "fracture")) == set(shown_bones("HAND", "PA"))


def test_no_vessel_is_seen_beyond_the_pleural_line():
    made = scene("CHEST", "PA", "pneumothorax_left")
    assert names(made.intact, made.shown) == ("pneumothorax", "pleural line")
    counts = [
        sum(len(p.outlines) for p in parts if p.name == "vessels")
        for parts in (made.intact, made.shown)
    ]
    assert counts[1] < counts[0]


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("name", ["nodule", "pneumothorax", "pleural_effusion"])
def test_a_finding_of_the_lung_lies_on_the_side_that_is_named(name, side):
    seen = mask(film("CHEST", "PA", f"{name}_{side}"))
    share = np.mean(np.nonzero(seen)[1] > seen.shape[1] / 2)
    assert share > 0.95 if side == "left" else share < 0.05


@pytest.mark.parametrize("zone", ["upper", "middle", "lower"])
def test_a_nodule_lies_in_the_zone_that_is_named(zone):
    heights = []
    for seed in range(6):
        part = scene("CHEST", "PA", f"nodule_right_{zone}", seed).shown[-1]
        heights.append(part.outlines[0].mean(0)[1])
    low, high = {"upper": (-165, -50), "middle": (-80, 45), "lower": (5, 135)}[zone]
    assert low < min(heights)
    assert max(heights) < high


@pytest.mark.parametrize(
    ("name", "letter"),
    [("letter", "L"), ("mirrored", "R"), ("missing", "")],
)
def test_a_wrong_marker_changes_the_letter_and_not_the_anatomy(name, letter):
    made = film("KNEE", "AP", f"wrong_marker_{name}", side="right")
    assert made.metadata["marker"] == letter
    assert made.anatomy.image_laterality == "R"
    assert made.metadata["defect_bones"] == ()
    assert mask(made).mean() < 0.01


def test_a_photo_of_a_film_is_a_defect_all_over():
    assert mask(film("KNEE", "AP", ALL_OVER)).all()


@pytest.mark.parametrize(
    ("name", "region", "view"),
    {FAMILIES[split(name)[0]].label: (name, *at) for name, *at in GRADED}.values(),
)
def test_a_weaker_one_differs_less(name, region, view):
    def difference(strength):
        flawed = film(region, view, name, strength=strength)
        return np.abs(grey(film(region, view)) - grey(flawed)).mean()

    assert 0 < difference(0.35) < difference(1)


@pytest.mark.parametrize(
    ("region", "view", "name"),
    [
        ("HAND", "PA", "missing_fibula"),
        ("CHEST", "LATERAL", "missing_clavicle"),
        ("KNEE", "AP", "third_knee"),
        ("CHEST", "LATERAL", "pneumothorax"),
        ("KNEE", "AP", "joint_effusion"),
        ("KNEE", "AP", "nodule"),
        ("PELVIS", "AP", "fracture"),
        ("KNEE", "LATERAL", "wrong_marker_letter"),
        ("SKULL", "AP", "absent_joint_space"),
        ("SHOULDER", "LATERAL", "fused"),
    ],
)
def test_what_the_view_cannot_have_is_unsupported(region, view, name):
    with pytest.raises(Unsupported):
        film(region, view, name)


@pytest.mark.parametrize(
    ("prompt", "params"),
    [
        ("knee, missing fibula", {"defect": "absent_joint_space"}),
        ("knee, missing fibula", {"finding": "fracture"}),
        ("fracture of the tibia, knee", {"defect": "missing_patella"}),
        ("fracture of the tibia, knee", {"finding": "fracture_femur"}),
    ],
)
def test_two_at_once_are_unsupported(prompt, params):
    with pytest.raises(Unsupported, match="one defect or finding"):
        run(prompt, params=params)


@pytest.mark.parametrize("region", sorted(WITH_CHILD))
@pytest.mark.parametrize("asked", [{"defect": "missing"}, {"finding": "fracture"}])
def test_a_defect_or_finding_of_a_child_is_unsupported(region, asked):
    with pytest.raises(Unsupported, match="adults only"):
        run(f"{region} of a child", params=asked)
    with pytest.raises(Unsupported, match="adults only"):
        run(region, params={**asked, "age_group": "child"})


def test_another_of_a_bone_stays_within_the_film_where_there_is_room():
    for where in (("ELBOW", "LATERAL", "extra_ulna"), ("ANKLE", "LATERAL", "extra_calcaneus")):
        made = scene(*where)
        width, height = made.site.field
        one, other = (
            np.mean(np.all(np.abs(part.outlines[0]) < (width / 2, height / 2), axis=1))
            for part in (bones(made.intact)[made.site.name].parts[0], made.shown[-1])
        )
        assert other > one - 0.1


@pytest.mark.parametrize(
    ("region", "view", "name"),
    [
        ("ELBOW", "AP", "absent_joint_space_humeroulnar"),
        ("ANKLE", "AP", "absent_joint_space"),
        ("WRIST", "LATERAL", "fused"),
        ("KNEE", "LATERAL", "fracture"),
    ],
)
def test_bones_drawn_as_one_or_in_two_are_drawn_as_finely_as_before(region, view, name):
    """The anatomy alone, without what the film's processing carries beside it."""
    made = scene(region, view, name)
    before, after = (
        project(parts, made.frame, Variation(11), made.view.technique.texture).attenuation
        for parts in (made.intact, made.shown)
    )
    beyond = far_from(mask(film(region, view, name, side="right")), 1.5)
    seen = beyond & (made.opening.mask(beyond.shape) > 0.5)
    assert np.mean(np.abs(before - after)[seen] > 0.05) < 0.0005


@pytest.mark.parametrize(
    ("params", "reason"),
    [({"defect": "fracture"}, "no defect"), ({"finding": "missing"}, "no finding")],
)
def test_a_finding_is_no_defect(params, reason):
    with pytest.raises(Unsupported, match=reason):
        run("knee", params=params)


@pytest.mark.parametrize(
    "params",
    [
        {"defect": 3},
        {"finding": ["fracture"]},
        {"defect": "misplaced", "strength": 0},
        {"defect": "misplaced", "strength": 1.5},
        {"defect": "misplaced", "strength": "much"},
        {"defect": "misplaced", "strength": True},
        {"defect": "missing_fibula", "strength": 0.5},
        {"strength": 0.5},
    ],
)
def test_parameters_that_make_no_sense_are_an_invalid_request(params):
    with pytest.raises(InvalidRequest):
        run("knee", params=params)


def test_the_same_seed_gives_the_same_film_and_place():
    first, again = (
        run("knee", seeds=(5,), params={"finding": "fracture"}).images[0] for _ in range(2)
    )
    assert np.array_equal(grey(first), grey(again))
    assert first.metadata == again.metadata


def test_every_family_has_a_label_and_a_view_in_which_it_shows():
    assert all(family.label for family in FAMILIES.values())
    assert {split(name)[0] for name, *_ in SHOWN} == {*DEFECTS, *FINDINGS}
