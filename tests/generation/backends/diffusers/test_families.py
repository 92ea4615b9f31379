"""What is told of classes by their names, against the classes of diffusers themselves."""

import inspect

import pytest

from generation.backends.base import Operation
from generation.backends.diffusers import families

TEXT, INPAINT = Operation.TEXT_TO_IMAGE, Operation.INPAINT


@pytest.mark.parametrize(
    ("name", "operations"),
    [
        ("StableDiffusionPipeline", {TEXT, INPAINT}),
        ("StableDiffusionXLPipeline", {TEXT, INPAINT}),
        ("StableDiffusion3Pipeline", {TEXT, INPAINT}),
        ("FluxPipeline", {TEXT, INPAINT}),
        ("QwenImagePipeline", {TEXT, INPAINT}),
        ("KandinskyV22CombinedPipeline", {TEXT, INPAINT}),
        ("PixArtSigmaPipeline", {TEXT}),
        ("StableDiffusionInpaintPipeline", {INPAINT}),
        ("FluxFillPipeline", {INPAINT}),
        ("FluxKontextInpaintPipeline", {INPAINT}),
        ("", {TEXT, INPAINT}),
    ],
)
def test_a_class_tells_its_operations_by_its_name(name, operations):
    assert families.operations(name) == operations


@pytest.fixture(scope="module")
def known():
    """Text-to-image and inpainting classes that diffusers chooses from, by family."""
    auto = pytest.importorskip(
        "diffusers.pipelines.auto_pipeline", reason="needs the extra diffusers"
    )
    return {
        "text": auto.AUTO_TEXT2IMAGE_PIPELINES_MAPPING,
        "decoder": auto._AUTO_TEXT2IMAGE_DECODER_PIPELINES_MAPPING,
        "inpaint": auto.AUTO_INPAINT_PIPELINES_MAPPING,
    }


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_the_classes_with_an_inpainting_sister_are_those_that_diffusers_knows(known):
    """ControlNets need a second picture, so they are no text-to-image here."""
    sisters = {
        cls.__name__
        for family, cls in [*known["text"].items(), *known["decoder"].items()]
        if family in known["inpaint"] and "Control" not in cls.__name__
    }
    assert sisters == families.INPAINTING_SISTER


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_the_classes_without_a_negative_prompt_are_those_that_take_none(known):
    from diffusers import FluxFillPipeline

    classes = [*known["text"].values(), *known["inpaint"].values(), FluxFillPipeline]
    without = {
        cls.__name__
        for cls in classes
        if "negative_prompt" not in inspect.signature(cls.__call__).parameters
    }
    assert without == families.WITHOUT_NEGATIVE_PROMPT
