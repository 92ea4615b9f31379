"""What a pipeline class of diffusers can do, told by its name: nothing is imported for it."""

from generation.backends.base import Operation

# Text-to-image classes for which AutoPipelineForInpainting has a sister that takes their weights.
INPAINTING_SISTER = frozenset(
    {
        "FluxPipeline",
        "IFPipeline",
        "KandinskyCombinedPipeline",
        "KandinskyPipeline",
        "KandinskyV22CombinedPipeline",
        "KandinskyV22Pipeline",
        "QwenImagePipeline",
        "StableDiffusion3Pipeline",
        "StableDiffusionPAGPipeline",
        "StableDiffusionPipeline",
        "StableDiffusionXLPAGPipeline",
        "StableDiffusionXLPipeline",
        "ZImagePipeline",
    }
)

# Classes that take no negative prompt.
WITHOUT_NEGATIVE_PROMPT = frozenset(
    {
        "Flux2KleinPipeline",
        "Flux2Pipeline",
        "FluxControlInpaintPipeline",
        "FluxControlNetInpaintPipeline",
        "FluxControlPipeline",
        "FluxFillPipeline",
        "GlmImagePipeline",
        "Ideogram4Pipeline",
        "LatentConsistencyModelPipeline",
    }
)


def only_inpaints(class_name: str) -> bool:
    """True of a class whose weights were trained to fill a mask, such as FluxFillPipeline."""
    return "Inpaint" in class_name or "Fill" in class_name


def operations(class_name: str) -> frozenset[Operation]:
    """What a class, with its sister, can do; everything while the class is not known ("")."""
    if only_inpaints(class_name):
        return frozenset({Operation.INPAINT})
    if not class_name or class_name in INPAINTING_SISTER:
        return frozenset({Operation.TEXT_TO_IMAGE, Operation.INPAINT})
    return frozenset({Operation.TEXT_TO_IMAGE})


def takes_negative_prompt(class_name: str) -> bool:
    return class_name not in WITHOUT_NEGATIVE_PROMPT
