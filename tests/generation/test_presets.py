"""Presets are data: every file is valid, and a bad one says what is wrong with it."""

import json
from collections import Counter

import pytest

from generation.backends.base import Unsupported
from generation.backends.phantom import parse_prompt
from generation.backends.phantom.defects import injection
from generation.presets import BadPreset, list_presets, load_preset, parse_preset
from generation.prompts import Prompt

GOOD = {
    "title": "Knees",
    "description": "Knees of all kinds.",
    "backend": "phantom",
    "width": 512,
    "height": 512,
    "n": 2,
    "seed": 0,
    "prompts": [{"prompt": "a knee", "params": {"defect": "missing_fibula"}}],
}
SHIPPED = [
    "adams2023-inpainting",
    "adams2023-modalities",
    "adams2023-outpainting",
    "adams2023-pathology",
    "adams2023-text-to-image",
    "demo-regions",
    "phantom-defects",
    "phantom-findings",
    "phantom-references",
]


def test_the_presets_that_ship():
    assert [preset.name for preset in list_presets()] == SHIPPED


def test_the_papers_first_experiment_is_eight_regions_four_times():
    preset = load_preset("adams2023-text-to-image")
    regions = [prompt.text.removeprefix("An X-ray of the ") for prompt in preset.prompts]
    assert regions == ["head", "chest", "shoulder", "abdomen", "pelvis", "hand", "knee", "ankle"]
    assert (preset.n, preset.images) == (4, 32)


def test_every_defect_has_as_many_references_of_its_region_view_and_side():
    references, defects = load_preset("phantom-references"), load_preset("phantom-defects")
    asked = Counter(prompt.text for prompt in defects.prompts)
    assert set(asked) < {prompt.text for prompt in references.prompts}
    assert references.seed != defects.seed
    assert {prompt.params["defect"] for prompt in defects.prompts} == {
        "missing_fibula",
        "absent_joint_space",
        "fused_carpals",
        "extra_finger",
        "clipped_fingertips",
        "duplicated_clavicle",
        "foreign_body_coin",
        "distorted_joint_hip",
        "wrong_marker_letter",
        "misplaced_mandible",
        "photo_of_film",
    }


@pytest.mark.parametrize("preset", ["phantom-defects", "phantom-findings"])
def test_the_phantom_can_show_all_that_its_presets_ask_for_but_the_haemorrhage(preset):
    for prompt in load_preset(preset).prompts:
        if "haemorrhage" in prompt.text:
            with pytest.raises(Unsupported):
                parse_prompt(prompt.text)
            continue
        reading = parse_prompt(prompt.text)
        name = prompt.params.get("defect") or reading.finding
        assert injection(name, reading.region, reading.view).choices


def test_the_demonstration_has_two_images_of_each_view():
    assert load_preset("demo-regions").images == 22


def test_a_list_of_prompts_with_parameters():
    assert parse_preset("x", GOOD).prompts == (Prompt("a knee", {"defect": "missing_fibula"}),)


def test_a_template_is_every_combination_of_its_variables():
    data = {
        **{name: value for name, value in GOOD.items() if name != "prompts"},
        "template": "{view} of the {region}",
        "variables": {"view": ["AP", "lateral"], "region": ["knee", "skull"]},
    }
    assert [prompt.text for prompt in parse_preset("x", data).prompts] == [
        "AP of the knee",
        "AP of the skull",
        "lateral of the knee",
        "lateral of the skull",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": " "}, "“title” must be words"),
        ({"n": 0}, "“n” must be a whole number"),
        ({"n": True}, "“n” must be a whole number"),
        ({"seed": -1}, "“seed” must be a whole number"),
        ({"width": "512"}, "“width” must be a whole number"),
        ({"steps": 4}, "unknown: steps"),
        ({"prompts": []}, "there is no prompt"),
        ({"prompts": "a knee"}, "“prompts” must be a list"),
        ({"prompts": ["a knee"]}, "each of “prompts” has a “prompt”"),
        ({"prompts": [{"prompt": ""}]}, "a “prompt” must be words"),
        ({"prompts": [{"prompt": "a", "params": {"x": []}}]}, "the parameters of “a”"),
    ],
)
def test_a_bad_preset_says_what_is_wrong(change, words):
    with pytest.raises(BadPreset, match=words):
        parse_preset("x", GOOD | change)


@pytest.mark.parametrize(
    "variables", [{}, {"region": ["knee"], "side": ["left"]}, {"region": "knee"}, ["knee"]]
)
def test_a_template_needs_a_list_for_each_of_its_names(variables):
    data = {name: value for name, value in GOOD.items() if name != "prompts"}
    with pytest.raises(BadPreset, match="“variables”"):
        parse_preset("x", data | {"template": "the {region}", "variables": variables})


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "knees.json").write_text(json.dumps(GOOD | {"n": 0}))
    (tmp_path / "torn.json").write_text("{")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(BadPreset, match=r"knees\.json: “n” must be"):
        load_preset("knees", tmp_path)
    with pytest.raises(BadPreset, match=r"torn\.json is not JSON"):
        load_preset("torn", tmp_path)
    with pytest.raises(BadPreset, match=r"list\.json: a preset is an object"):
        load_preset("list", tmp_path)
    with pytest.raises(BadPreset, match=r"no preset “hips”\. There are: knees, list, torn"):
        load_preset("hips", tmp_path)
