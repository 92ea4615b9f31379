"""Calling a pipeline: batch by batch, step by step, one seed an image."""

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image

from generation.backends.base import (
    BackendError,
    GenerationRequest,
    InvalidRequest,
    Operation,
    PermanentError,
    RunContext,
)
from generation.backends.diffusers import memory
from generation.backends.diffusers.options import Options
from generation.backends.diffusers.problems import words

logger = logging.getLogger(__name__)

NAMES = {
    "num_inference_steps": "steps",
    "guidance_scale": "guidance",
    "true_cfg_scale": "true_cfg",
    "negative_prompt": "negative_prompt",
    "strength": "strength",
}
# What a pipeline may raise about its arguments and tensors. Not the context's errors: those pass.
OF_THE_PIPELINE = (
    ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture in luminance; `flagged` by the safety checker it is black, and nobody's."""

    image: Image.Image
    flagged: bool


class Progress:
    """Tells the context how far n images are. It never goes back, not even for a batch anew."""

    def __init__(self, context: RunContext, n: int) -> None:
        self._context = context
        self._n = n
        self._told = 0.0

    def tell(self, images: float) -> None:
        """`images` are done, a fraction of one included. Raises what the context raises."""
        self._context.raise_if_cancelled()
        self._told = max(self._told, images / self._n)
        self._context.progress(self._told)


class Sampler:
    """Makes a request's images in batches. What did not fit the memory is tried again by halves,
    and no later batch of this process is larger."""

    def __init__(self, batch: int) -> None:
        self.batch = batch

    def samples(
        self,
        pipeline: Any,
        request: GenerationRequest,
        asked: Mapping[str, Any],
        seeds: Sequence[int],
        context: RunContext,
    ) -> list[Sample]:
        """One sample a seed, in their order; `asked` are the pipeline's own arguments.

        Raises Cancelled at the next step, InvalidRequest, PermanentError.
        """
        progress = Progress(context, len(seeds))
        made: list[Sample] = []
        while len(made) < len(seeds):
            progress.tell(len(made))
            some = seeds[len(made) : len(made) + self.batch]
            on_step = _on_step(progress, done=len(made), batch=len(some))
            arguments = {**asked, **material(request, some), "callback_on_step_end": on_step}
            if "negative_prompt" in asked:  # as many as there are prompts
                arguments["negative_prompt"] = [asked["negative_prompt"]] * len(some)
            batch = _called(pipeline, arguments, len(some))
            if batch is None:
                self._shrink(pipeline, request, len(some))
            else:
                made += batch
        progress.tell(len(made))
        return made

    def _shrink(self, pipeline: Any, request: GenerationRequest, tried: int) -> None:
        memory.give_back()
        if tried == 1:
            raise PermanentError(
                f"{type(pipeline).__name__} ran out of memory on one image of {request.width} x "
                f"{request.height} px; OFFLOAD, VAE_TILING, a smaller DTYPE or a smaller image "
                "need less",
                code="out_of_memory",
            )
        self.batch = tried // 2
        logger.warning("out of memory on %s images at once: from now on %s", tried, self.batch)


def settings(pipeline: Any, operation: Operation, wanted: Options) -> dict[str, Any]:
    """What was asked for, under the pipeline's names. Raises InvalidRequest for what it lacks.

    None is left out: the pipeline's own default holds. STRENGTH 1, which is to keep nothing of
    what lies under the mask, is only told to a pipeline that has it.
    """
    accepted = inspect.signature(pipeline.__call__).parameters
    asked = {name: getattr(wanted, ours) for name, ours in NAMES.items()}
    asked = {name: value for name, value in asked.items() if value not in (None, "")}
    fills = operation == Operation.INPAINT
    if not fills or (wanted.strength == 1 and "strength" not in accepted):
        del asked["strength"]
    asked |= wanted.call_options
    lacking = [NAMES.get(name, name) for name in asked if name not in accepted]
    if lacking:
        raise InvalidRequest(f"{type(pipeline).__name__} has no {', '.join(lacking)}")
    return asked


def effective(pipeline: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    """For provenance: what was asked for, and the defaults of the pipeline where nothing was."""
    accepted = inspect.signature(pipeline.__call__).parameters
    return {
        ours: asked.get(name, accepted[name].default)
        for name, ours in NAMES.items()
        if name in accepted
    } | {name: value for name, value in asked.items() if name not in NAMES}


def material(request: GenerationRequest, seeds: Sequence[int]) -> dict[str, Any]:
    """Prompt, size, generators and, to inpaint, the source: once an image.

    Each image has a generator of its own for everything that is drawn at random, the encoding of
    the source included. So a seed gives the same picture whatever else is in its batch. Generators
    of the CPU give the same noise on every device.
    """
    import torch

    n = len(seeds)
    given = {
        "prompt": [request.prompt] * n,
        "width": request.width,
        "height": request.height,
        "generator": [torch.Generator("cpu").manual_seed(seed) for seed in seeds],
        "output_type": "pil",
    }
    if request.operation == Operation.INPAINT:
        if request.image is None or request.mask is None:
            raise InvalidRequest("to inpaint there must be an image and a mask")
        given["image"] = [request.image.convert("RGB")] * n
        given["mask_image"] = [request.mask] * n
    return given


def _on_step(progress: Progress, *, done: int, batch: int) -> Callable[..., dict[str, Any]]:
    """Told after each step; decoding counts as one more. What the context raises ends the call."""

    def on_step(
        pipeline: Any, step: int, _timestep: Any, tensors: dict[str, Any]
    ) -> dict[str, Any]:
        steps = getattr(pipeline, "num_timesteps", None) or step + 1
        progress.tell(done + batch * min(1.0, (step + 1) / (steps + 1)))
        return tensors

    return on_step


def _called(pipeline: Any, arguments: Mapping[str, Any], n: int) -> list[Sample] | None:
    """The samples of one call; None if they did not fit the memory."""
    accepted = inspect.signature(pipeline.__call__).parameters
    with _in_words(pipeline):
        try:
            result = pipeline(**{k: value for k, value in arguments.items() if k in accepted})
        except BaseException as error:
            pipeline.maybe_free_model_hooks()  # with OFFLOAD: back to where each call begins
            if memory.ran_out(error):
                return None
            raise
        flags = getattr(result, "nsfw_content_detected", None) or [False] * n
        if len(result.images) != n:
            raise PermanentError(f"{len(result.images)} images came instead of {n}")
        return [
            Sample(image.convert("L"), bool(flag))
            for image, flag in zip(result.images, flags, strict=True)
        ]


@contextmanager
def _in_words(pipeline: Any) -> Iterator[None]:
    """Errors of a pipeline as PermanentError."""
    try:
        yield
    except BackendError:
        raise
    except OF_THE_PIPELINE as error:
        name = type(pipeline).__name__
        logger.debug("%s failed", name, exc_info=True)
        raise PermanentError(f"{name} failed: {words(error)}") from error
