"""What OPTIONS may say, and what a request may override."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.backends.base import InvalidRequest
from generation.backends.diffusers.options import (
    OVERRIDABLE,
    READERS,
    Options,
    overridden,
    read,
)

MODEL = {"MODEL": "/models/knees"}


def test_a_parameter_is_an_option_in_lower_case():
    assert {name.upper() for name in OVERRIDABLE} <= READERS.keys()


def test_every_option_is_a_field_and_every_field_an_option():
    assert [field.name.upper() for field in dataclasses.fields(Options)] == list(READERS)


def test_options_are_read_under_their_names_in_lower_case():
    options, problems = read({**MODEL, "STEPS": 30, "LORA_SCALE": 1, "QUEUE": "gpu"})
    assert problems == []
    assert options == Options(model="/models/knees", steps=30, lora_scale=1.0)


def test_the_defaults_are_within_their_own_limits():
    for name, reader in READERS.items():
        value = getattr(Options(), name.lower())
        if value not in ("", None):
            assert reader(value) == value


def test_the_model_is_required():
    assert read({})[1] == [
        "MODEL is required: the absolute path of a folder, or a hub id owner/name."
    ]


@pytest.mark.parametrize("model", ["/models/knees", "stabilityai/sd-turbo", "a-b/c.d_e"])
def test_a_model_is_an_absolute_path_or_a_hub_id(model):
    assert read({"MODEL": model}) == (Options(model=model), [])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MODEL", "models", "MODEL must be the absolute path of a folder, or a hub id owner/name."),
        ("MODEL", 7, "MODEL must be the absolute path of a folder, or a hub id owner/name."),
        ("STEPS", 0, "STEPS must be a whole number from 1 to 200."),
        ("STEPS", 2.5, "STEPS must be a whole number from 1 to 200."),
        ("STEPS", True, "STEPS must be a whole number from 1 to 200."),
        ("GUIDANCE", float("nan"), "GUIDANCE must be a number from 0 to 50."),
        ("GUIDANCE", "7", "GUIDANCE must be a number from 0 to 50."),
        ("STRENGTH", 0, "STRENGTH must be a number from 0.05 to 1."),
        ("HUB", "yes", "HUB must be true or false."),
        ("DTYPE", "int8", "DTYPE must be one of float32, float16, bfloat16."),
        ("DTYPE", [], "DTYPE must be one of float32, float16, bfloat16."),
        ("DEVICE", "gpu", "DEVICE must be cpu, cuda, cuda:0, mps or xpu."),
        ("OFFLOAD", "all", "OFFLOAD must be one of none, model, sequential."),
        ("SCHEDULER", "DDIM", "SCHEDULER must be the name of a scheduler class of diffusers."),
        (
            "PIPELINE_CLASS",
            "os.system",
            "PIPELINE_CLASS must be the name of a pipeline class of diffusers.",
        ),
        ("LORA", "knees", "LORA must be the absolute path of a folder or a .safetensors file."),
        ("NEGATIVE_PROMPT", "x" * 2001, "NEGATIVE_PROMPT must be a text of at most 2000 char"),
        ("CALL_OPTIONS", [], "CALL_OPTIONS must be an object of names and values."),
        (
            "CALL_OPTIONS",
            {"prompt": "a", "eta": 1, "image": 1},
            "CALL_OPTIONS must be without image, prompt, which RadRate says itself.",
        ),
        ("STEP", 3, "OPTIONS has no “STEP”; it may have MODEL, REVISION, "),
    ],
)
def test_a_wrong_option_is_told_and_has_its_default(name, value, words):
    options, (problem,) = read({**MODEL, name: value})
    assert problem.startswith(words)
    assert options == Options(model="" if name == "MODEL" else "/models/knees")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"MIN_SIDE": 512, "MAX_SIDE": 256}, "MIN_SIDE is above MAX_SIDE."),
        ({"DEVICE": "cpu", "OFFLOAD": "model"}, "OFFLOAD needs an accelerator: DEVICE is cpu."),
        ({"LORA_WEIGHT_NAME": "a.safetensors"}, "LORA_WEIGHT_NAME needs LORA."),
        ({"SCHEDULER_OPTIONS": {"a": 1}}, "SCHEDULER_OPTIONS needs SCHEDULER."),
    ],
)
def test_options_that_contradict_each_other_are_told(given, problem):
    assert read({**MODEL, **given})[1] == [problem]


ANYTHING = st.none() | st.text("a/.:1", max_size=5) | st.integers() | st.floats() | st.booleans()


@given(st.dictionaries(st.sampled_from([*READERS, "OTHER"]), ANYTHING))
def test_whatever_is_given_is_answered_in_words(given):
    options, problems = read(given)
    assert isinstance(options, Options)
    assert all(isinstance(problem, str) and problem.endswith(".") for problem in problems)


def test_a_request_overrides_steps_guidance_strength_prompt_and_scale():
    options = Options(model="/m", lora="/l", steps=20, guidance=7.5)
    params = {
        "steps": 5,
        "guidance": 3,
        "true_cfg": 2,
        "negative_prompt": "colour",
        "strength": 0.5,
        "lora_scale": 0,
    }
    assert set(params) == set(OVERRIDABLE)
    assert overridden(options, params) == dataclasses.replace(options, **params)
    assert overridden(options, {}) == options
    assert overridden(options, {"candidates": 3}) == options


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"steps": 201}, "the parameter “steps” must be a whole number from 1 to 200"),
        ({"guidance": "high"}, "the parameter “guidance” must be a number from 0 to 50"),
        ({"device": "cuda"}, "there is no parameter “device”; there are steps, guidance, "),
        ({"lora_scale": 1}, "the parameter “lora_scale” needs a backend with LORA"),
    ],
)
def test_a_request_beyond_the_limits_is_invalid(params, words):
    with pytest.raises(InvalidRequest) as caught:
        overridden(Options(model="/m"), params)
    assert caught.value.public_message.startswith(words)
