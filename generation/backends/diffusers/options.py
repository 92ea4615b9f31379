"""OPTIONS of a diffusers backend, read and limited. A request's params may override some."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generation.backends.base import InvalidRequest

COMMON = ("QUEUE", "LEASE_SECONDS")  # read for every backend by the registry
LONGEST_TEXT = 2000
# What RadRate itself says to a pipeline; CALL_OPTIONS may not.
OURS = frozenset(
    {
        *("prompt", "negative_prompt", "image", "mask_image", "width", "height", "generator"),
        *("num_images_per_prompt", "num_inference_steps", "guidance_scale", "true_cfg_scale"),
        *("strength", "output_type", "return_dict", "callback_on_step_end"),
    }
)

Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Options:
    """The options under their names in lower case. None leaves the choice to the pipeline, an
    empty name to the model's folder or, for `dtype` and `device`, to the machine."""

    model: str = ""
    revision: str = ""
    variant: str = ""
    hub: bool = False
    pipeline_class: str = ""
    scheduler: str = ""
    scheduler_options: Mapping[str, Any] = field(default_factory=dict)
    lora: str = ""
    lora_weight_name: str = ""
    lora_scale: float = 1.0
    steps: int | None = None
    guidance: float | None = None
    true_cfg: float | None = None
    negative_prompt: str = ""
    strength: float = 1.0
    call_options: Mapping[str, Any] = field(default_factory=dict)
    safety_checker: bool = True
    dtype: str = ""
    device: str = ""
    offload: str = "none"
    vae_tiling: bool = False
    batch: int = 4
    max_outputs: int = 8
    min_side: int = 256
    max_side: int = 1024
    size_multiple: int = 16


def _must(be: bool, words: str) -> None:
    if not be:
        raise ValueError(f"must be {words}")


def _text(value: Any) -> str:
    is_text = isinstance(value, str) and len(value) <= LONGEST_TEXT
    _must(is_text, f"a text of at most {LONGEST_TEXT} characters")
    return str(value)


def _switch(value: Any) -> bool:
    _must(isinstance(value, bool), "true or false")
    return bool(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    _must(isinstance(value, Mapping), "an object of names and values")
    return dict(value)


def _call_options(value: Any) -> Mapping[str, Any]:
    given = _mapping(value)
    taken = ", ".join(sorted(OURS & given.keys()))
    _must(not taken, f"without {taken}, which RadRate says itself")
    return given


def _whole(least: int, most: int) -> Reader:
    def read(value: Any) -> int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        _must(is_whole and least <= value <= most, f"a whole number from {least} to {most}")
        return int(value)

    return read


def _number(least: float, most: float) -> Reader:
    def read(value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        _must(is_number and least <= value <= most, f"a number from {least:g} to {most:g}")
        return float(value)

    return read


def _one_of(*names: str) -> Reader:
    def read(value: Any) -> str:
        _must(value in names, f"one of {', '.join(names)}")
        return str(value)

    return read


def _like(pattern: str, words: str) -> Reader:
    def read(value: Any) -> str:
        _must(isinstance(value, str) and re.fullmatch(pattern, value) is not None, words)
        return str(value)

    return read


READERS: dict[str, Reader] = {
    "MODEL": _like(r"/.+|[\w.-]+/[\w.-]+", "the absolute path of a folder, or a hub id owner/name"),
    "REVISION": _text,
    "VARIANT": _text,
    "HUB": _switch,
    "PIPELINE_CLASS": _like(r"[A-Z]\w*Pipeline", "the name of a pipeline class of diffusers"),
    "SCHEDULER": _like(r"[A-Z]\w*Scheduler", "the name of a scheduler class of diffusers"),
    "SCHEDULER_OPTIONS": _mapping,
    "LORA": _like(r"/.+", "the absolute path of a folder or a .safetensors file"),
    "LORA_WEIGHT_NAME": _like(r"[^/]+\.safetensors", "the name of a .safetensors file"),
    "LORA_SCALE": _number(0, 2),
    "STEPS": _whole(1, 200),
    "GUIDANCE": _number(0, 50),
    "TRUE_CFG": _number(0, 50),
    "NEGATIVE_PROMPT": _text,
    "STRENGTH": _number(0.05, 1),
    "CALL_OPTIONS": _call_options,
    "SAFETY_CHECKER": _switch,
    "DTYPE": _one_of("float32", "float16", "bfloat16"),
    "DEVICE": _like(r"(cpu|mps|(cuda|xpu)(:\d+)?)", "cpu, cuda, cuda:0, mps or xpu"),
    "OFFLOAD": _one_of("none", "model", "sequential"),
    "VAE_TILING": _switch,
    "BATCH": _whole(1, 64),
    "MAX_OUTPUTS": _whole(1, 64),
    "MIN_SIDE": _whole(16, 4096),
    "MAX_SIDE": _whole(16, 4096),
    "SIZE_MULTIPLE": _whole(1, 256),
}

# What a request's params may say, within the limits of the option of that name.
OVERRIDABLE = ("steps", "guidance", "true_cfg", "negative_prompt", "strength", "lora_scale")
OF_THE_TILER = ("candidates",)  # read by the outpainting around this backend


def read(given: Mapping[str, Any]) -> tuple[Options, list[str]]:
    """The options, and in words what is wrong with them; a wrong one has its default."""
    problems = [
        f"OPTIONS has no “{name}”; it may have {', '.join((*READERS, *COMMON))}."
        for name in given
        if name not in READERS and name not in COMMON
    ]
    values = {}
    for name in READERS.keys() & given.keys():
        try:
            values[name.lower()] = READERS[name](given[name])
        except ValueError as error:
            problems.append(f"{name} {error}.")
    options = Options(**values)
    if "MODEL" not in given:
        problems.append("MODEL is required: the absolute path of a folder, or a hub id owner/name.")
    return options, [*problems, *_contradictions(options)]


def _contradictions(options: Options) -> list[str]:
    found = {
        "MIN_SIDE is above MAX_SIDE.": options.min_side > options.max_side,
        "OFFLOAD needs an accelerator: DEVICE is cpu.": (
            options.offload != "none" and options.device == "cpu"
        ),
        "LORA_WEIGHT_NAME needs LORA.": bool(options.lora_weight_name) and not options.lora,
        "SCHEDULER_OPTIONS needs SCHEDULER.": (
            bool(options.scheduler_options) and not options.scheduler
        ),
    }
    return [words for words, is_so in found.items() if is_so]


def overridden(options: Options, params: Mapping[str, Any]) -> Options:
    """The options as a request wants them. Raises InvalidRequest."""
    unknown = sorted(params.keys() - {*OVERRIDABLE, *OF_THE_TILER})
    if unknown:
        known = ", ".join(OVERRIDABLE)
        raise InvalidRequest(f"there is no parameter “{unknown[0]}”; there are {known}")
    if "lora_scale" in params and not options.lora:
        raise InvalidRequest("the parameter “lora_scale” needs a backend with LORA")
    values = {}
    for name in params.keys() & set(OVERRIDABLE):
        try:
            values[name] = READERS[name.upper()](params[name])
        except ValueError as error:
            raise InvalidRequest(f"the parameter “{name}” {error}") from None
    return replace(options, **values)
