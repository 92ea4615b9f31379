"""Bringing a model into memory: files, weights, scheduler, LoRA, device."""

import hashlib
import inspect
import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from generation.backends.base import (
    BackendError,
    Misconfigured,
    Operation,
    TransientError,
    Unsupported,
)
from generation.backends.diffusers import families, memory, problems, snapshot
from generation.backends.diffusers.options import Options

logger = logging.getLogger(__name__)

ADAPTER = "radrate"


class Pipelines:
    """One model in memory. Text-to-image and inpainting share its weights.

    `about` is what provenance tells of it, plain JSON.
    """

    def __init__(self, first: Any, options: Options, device: str, about: Mapping[str, Any]) -> None:
        self._options = options
        self._device = device
        self.about = about
        self._by_operation = {_operation_of(first): first}
        self._placed: Any = None
        self._lora_scale: float | None = None

    def ready(self, operation: Operation, *, lora_scale: float) -> Any:
        """The pipeline for an operation, on its device, with its LoRA at this scale.

        Raises Unsupported, Misconfigured, or TransientError without memory.
        """
        with _in_words(self._options):
            if operation not in self._by_operation:
                (first,) = self._by_operation.values()
                self._by_operation[operation] = _sister(first, operation)
            pipeline = self._by_operation[operation]
            if pipeline is not self._placed:
                _place(pipeline, self._options, self._device)
                self._placed = pipeline
            if self._options.lora and lora_scale != self._lora_scale:
                pipeline.set_adapters([ADAPTER], [lora_scale])
                self._lora_scale = lora_scale
            return pipeline


def load(options: Options) -> Pipelines:
    """Load, schedule, add the LoRA, place. Raises Misconfigured, or TransientError without memory.

    Whatever diffusers and the libraries below it raise becomes words here.
    """
    wrong = problems.find_problems(options)
    if wrong:
        raise Misconfigured(" ".join(wrong))
    with _in_words(options):
        import torch

        device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
        _check_device(device)
        dtype = options.dtype or ("bfloat16" if device.startswith("cuda") else "float32")
        pipeline = _from_pretrained(options, getattr(torch, dtype))
        _check_call_options(pipeline, options)
        _schedule(pipeline, options)
        lora = _add_lora(pipeline, options)
        if options.vae_tiling:
            _tile(pipeline)
        about = {"libraries": problems.versions(), "device": device, "dtype": dtype}
        loaded = Pipelines(pipeline, options, device, {**about, **lora, **_origin(options)})
        loaded.ready(_operation_of(pipeline), lora_scale=options.lora_scale)
        return loaded


@contextmanager
def _in_words(options: Options) -> Iterator[None]:
    """Errors of the libraries as BackendErrors that name the model."""
    try:
        yield
    except BackendError:
        raise
    except Exception as error:
        name = options.model
        logger.debug("%s cannot be loaded", name, exc_info=True)
        if memory.ran_out(error):
            raise TransientError(
                f"{name} does not fit into the memory that the device has left; OFFLOAD “model” "
                "needs less, “sequential” the least"
            ) from error
        if options.hub and _is_of_the_network(error):
            raise TransientError(f"the hub of {name} cannot be reached") from error
        raise Misconfigured(f"{name} cannot be loaded: {problems.words(error)}") from error


def _is_of_the_network(error: BaseException | None) -> bool:
    """True if a connection failed at the root of it: the libraries call it a missing file."""
    while error is not None:
        if isinstance(error, ConnectionError | TimeoutError | socket.gaierror):
            return True
        error = error.__cause__ or error.__context__
    return False


def _check_device(device: str) -> None:
    import torch

    kind = device.partition(":")[0]
    if kind != "cpu" and not torch.get_device_module(kind).is_available():
        raise Misconfigured(
            f"DEVICE is {device}, but torch {torch.__version__} sees none: the driver, the "
            "container's access to it, or a build of torch for the CPU alone"
        )


def _from_pretrained(options: Options, dtype: Any) -> Any:
    """The pipeline of PIPELINE_CLASS, else the one that diffusers chooses for the model."""
    import diffusers

    _hide_progress_bars()
    where: dict[str, Any] = {"local_files_only": not options.hub}
    if options.revision:
        where["revision"] = options.revision
    index = diffusers.DiffusionPipeline.load_config(options.model, **where)
    chosen: dict[str, Any] = {"variant": options.variant} if options.variant else {}
    if not options.safety_checker:
        off = {"safety_checker": None, "requires_safety_checker": False}
        chosen |= {key: value for key, value in off.items() if key in index}
    name = options.pipeline_class or _auto(index["_class_name"])
    try:
        return getattr(diffusers, name).from_pretrained(
            options.model, dtype=dtype, **where, **chosen
        )
    except ValueError as error:
        if "AutoPipeline can't find" not in str(error):
            raise
        raise Misconfigured(f"{error}; PIPELINE_CLASS names the class to load") from error


def _auto(class_name: str) -> str:
    inpaints = families.only_inpaints(class_name)
    return "AutoPipelineForInpainting" if inpaints else "AutoPipelineForText2Image"


def _hide_progress_bars() -> None:
    """A worker's log is not a terminal."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    diffusers_logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()


def _operation_of(pipeline: Any) -> Operation:
    name = type(pipeline).__name__
    return Operation.INPAINT if families.only_inpaints(name) else Operation.TEXT_TO_IMAGE


def _sister(pipeline: Any, operation: Operation) -> Any:
    """The pipeline for another operation, of the same weights. Raises Unsupported."""
    import diffusers

    name = type(pipeline).__name__
    if operation != Operation.INPAINT or name not in families.INPAINTING_SISTER:
        raise Unsupported(f"{name} cannot {operation.replace('_', ' ')}")
    return diffusers.AutoPipelineForInpainting.from_pipe(pipeline)


def _check_call_options(pipeline: Any, options: Options) -> None:
    accepted = inspect.signature(pipeline.__call__).parameters
    unknown = [name for name in options.call_options if name not in accepted]
    if unknown:
        raise Misconfigured(
            f"CALL_OPTIONS: {type(pipeline).__name__} takes no {', '.join(unknown)}"
        )


def _schedule(pipeline: Any, options: Options) -> None:
    """Another scheduler with the configuration of the model's own."""
    if options.scheduler:
        import diffusers

        scheduler = getattr(diffusers, options.scheduler)
        pipeline.scheduler = scheduler.from_config(
            pipeline.scheduler.config, **options.scheduler_options
        )


def _add_lora(pipeline: Any, options: Options) -> Mapping[str, str]:
    """Load the LoRA if there is one; its name and hash. Raises Misconfigured: it does not fit."""
    file = snapshot.lora_file(options)
    if file is None:
        return {}
    if not hasattr(pipeline, "load_lora_weights"):
        raise Misconfigured(f"LORA: {type(pipeline).__name__} takes none")
    pipeline.load_lora_weights(str(file.parent), weight_name=file.name, adapter_name=ADAPTER)
    if ADAPTER not in pipeline.get_active_adapters():
        raise Misconfigured(f"LORA: {file} does not fit {options.model}")
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"lora": file.name, "lora_sha256": digest}


def _tile(pipeline: Any) -> None:
    if not hasattr(getattr(pipeline, "vae", None), "enable_tiling"):
        raise Misconfigured(f"VAE_TILING: {type(pipeline).__name__} cannot tile")
    pipeline.vae.enable_tiling()


def _place(pipeline: Any, options: Options, device: str) -> None:
    pipeline.set_progress_bar_config(disable=True)
    if options.offload == "model":
        pipeline.enable_model_cpu_offload(device=device)
    elif options.offload == "sequential":
        pipeline.enable_sequential_cpu_offload(device=device)
    else:
        pipeline.to(device)


def _origin(options: Options) -> Mapping[str, str]:
    """Which files these were."""
    found = snapshot.find(options)
    if found is None:
        return {"model": options.model, "snapshot": ""}
    return {"model": found.label, "snapshot": found.fingerprint()}
