"""The backend itself: checks a request, has the model loaded once, and names what came of it."""

import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from generation.backends.base import (
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    ImageBackend,
    Misconfigured,
    PermanentError,
    Refusal,
    RunContext,
)
from generation.backends.diffusers import families, snapshot
from generation.backends.diffusers.loading import Pipelines, load
from generation.backends.diffusers.memory import give_back
from generation.backends.diffusers.options import Options, overridden, read
from generation.backends.diffusers.problems import find_problems, versions
from generation.backends.diffusers.sampling import Sample, Sampler, effective, settings

BEAT_S = 1.0
FLAGGED = Refusal("safety_checker", "The model's safety checker flagged this image.", "output")


class DiffusersBackend(ImageBackend):
    """Text-to-image and inpainting by a diffusion model of the user's own. See docs/backends.md."""

    def __init__(self, alias: str, options: Mapping[str, Any]) -> None:
        super().__init__(alias, options)
        self._options, self._wrong = read(options)
        self._sampler = Sampler(self._options.batch)
        self._loading: Future[Pipelines] | None = None
        self._deciding = threading.Lock()
        self._sampling = threading.Lock()  # a pipeline keeps the state of one call
        self.version = versions()
        self.model = self._options.model.rpartition("/")[2]

    def capabilities(self) -> Capabilities:
        options = self._options
        name = self._class_name()
        return Capabilities(
            operations=families.operations(name),
            max_outputs=options.max_outputs,
            batch=min(options.batch, options.max_outputs),
            min_side=options.min_side,
            max_side=options.max_side,
            size_multiple=options.size_multiple,
            seed=True,
            negative_prompt=families.takes_negative_prompt(name),
            progress=True,
            network=options.hub,
        )

    def check(self) -> list[str]:
        return [*self._wrong, *find_problems(self._options)]

    def validate(self, request: GenerationRequest) -> None:
        if self._wrong:
            raise Misconfigured(" ".join(self._wrong))
        super().validate(request)
        self._wanted(request)

    def text_to_image(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        return self._generate(request, context)

    def inpaint(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """Source and mask in a supported size. What is outside the mask may change as well."""
        return self._generate(request, context)

    def close(self) -> None:
        """Forget the model and give its memory back; the next request loads it again."""
        with self._deciding, self._sampling:
            loaded, self._loading = self._loading, None
        if loaded is not None:
            wait([loaded])
            del loaded
            give_back()

    def _class_name(self) -> str:
        found = snapshot.find(self._options)
        return self._options.pipeline_class or (found.class_name() if found else "")

    def _wanted(self, request: GenerationRequest) -> Options:
        """The options as this request overrides them. Raises InvalidRequest."""
        asked = {"negative_prompt": request.negative_prompt} if request.negative_prompt else {}
        return overridden(self._options, {**asked, **request.params})

    def _generate(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        wanted = self._wanted(request)
        context.raise_if_cancelled()
        loaded = self._loaded(context)
        with self._sampling:
            started = time.monotonic()
            pipeline = loaded.ready(request.operation, lora_scale=wanted.lora_scale)
            asked = settings(pipeline, request.operation, wanted)
            seeds = request.seeds or _seeds(request)
            samples = self._sampler.samples(pipeline, request, asked, seeds, context)
            seconds = time.monotonic() - started
            about = {
                **loaded.about,
                "pipeline": type(pipeline).__name__,
                "scheduler": type(pipeline.scheduler).__name__,
                **effective(pipeline, asked),
            }
        if wanted.lora:
            about["lora_scale"] = wanted.lora_scale
        images = _images(samples, seeds, about)
        return GenerationResult(images, loaded.about["model"], self.version, seconds)

    def _loaded(self, context: RunContext) -> Pipelines:
        """The model, loaded at the first request of a process, which may take minutes: another
        thread does it, while this one renews the lease and listens for a cancellation."""
        with self._deciding:
            if self._loading is not None and _has_failed(self._loading):
                self._loading = None  # and with it what its error holds of the memory
            if self._loading is None:
                pool = ThreadPoolExecutor(1, thread_name_prefix=f"load {self.alias}")
                self._loading = pool.submit(load, self._options)
                pool.shutdown(wait=False)
            loading = self._loading
        while not wait([loading], timeout=BEAT_S).done:
            context.raise_if_cancelled()
            context.progress(0.0, "loading the model")
        return loading.result()


def _has_failed(loading: Future[Pipelines]) -> bool:
    return loading.done() and loading.exception() is not None


def _images(
    samples: Sequence[Sample], seeds: Sequence[int], about: Mapping[str, Any]
) -> tuple[GeneratedImage, ...]:
    """Pictures and refusals. Raises PermanentError for an even picture: its numbers were none."""
    images = []
    for index, (sample, seed) in enumerate(zip(samples, seeds, strict=True)):
        darkest, lightest = sample.image.getextrema()
        if darkest == lightest and not sample.flagged:
            raise PermanentError(
                f"the numbers overflowed in {about['dtype']} and left an even picture; "
                "another DTYPE may not",
                code="overflow",
            )
        images.append(
            GeneratedImage(
                index=index,
                image=None if sample.flagged else sample.image,
                seed=seed,
                refusal=FLAGGED if sample.flagged else None,
                metadata=about,
            )
        )
    return tuple(images)


def _seeds(request: GenerationRequest) -> tuple[int, ...]:
    """Without seeds: the same for a redelivered request, so that it is the same picture."""
    return tuple(zlib.crc32(f"{request.request_id}/{index}".encode()) for index in range(request.n))
