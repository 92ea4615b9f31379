"""What the servers that speak the Images API have of their own.

Read in their sources and documents in November 2026; docs/backends.md has the table.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from generation.backends.base import GenerationRequest, InvalidRequest, Operation

Size = tuple[int, int]  # width, height in px
File = tuple[str, bytes, str]  # name, content, media type

GENERATIONS = "/images/generations"
EDITS = "/images/edits"
GPT_SIZES: tuple[Size, ...] = ((1024, 1024), (1536, 1024), (1024, 1536))
GPT_PARAMS = frozenset(
    {
        "background",
        "complexity",
        "input_fidelity",
        "moderation",
        "output_compression",
        "output_format",
        "quality",
        "safety_identifier",
    }
)
DIFFUSION_PARAMS = frozenset(
    {"guidance_scale", "num_inference_steps", "output_format", "true_cfg_scale"}
)
ANY = frozenset({Operation.TEXT_TO_IMAGE, Operation.INPAINT})


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request: what it sends, and the outputs that it is to answer."""

    path: str
    fields: Mapping[str, Any]
    files: Mapping[str, File]
    indices: tuple[int, ...]
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one server wants its requests. `sizes` None means any multiple within the limits,
    `longest_ratio` 0 any shape; `params` are what a preset may set; `seeded` are the operations
    whose seed is obeyed."""

    name: str
    title: str
    sizes: tuple[Size, ...] | None = None
    size_multiple: int = 16
    min_side: int = 256
    max_side: int = 2048
    longest_ratio: int = 0
    max_outputs: int = 10
    params: frozenset[str] = DIFFUSION_PARAMS
    seeded: frozenset[Operation] = frozenset()
    negative_prompt: bool = False
    edits: bool = True
    mask_field: str = "mask"
    base64_on_request: bool = True
    idempotency: bool = False
    needs_key: bool = False
    base_url: str = ""

    def calls(
        self, request: GenerationRequest, model: str, params: Mapping[str, Any]
    ) -> list[Call]:
        """One call for all outputs, or one for each where each has a seed of its own."""
        files = self.files(request)
        return [
            Call(
                self.path(request.operation),
                self.fields(request, model, params, len(indices), seed),
                files,
                indices,
                seed,
            )
            for indices, seed in self.shares(request)
        ]

    def check(self, request: GenerationRequest, params: Mapping[str, Any]) -> None:
        """Raise InvalidRequest for what cannot be said in this dialect."""
        unknown = sorted(set(params) - self.params)
        if unknown:
            raise InvalidRequest(
                f"{self.title} takes no parameter “{unknown[0]}”; "
                f"it takes {', '.join(sorted(self.params))}."
            )
        if request.negative_prompt and not self.negative_prompt:
            raise InvalidRequest(f"{self.title} takes no negative prompt.")
        sides = sorted((request.width, request.height))
        free = not self.longest_ratio or request.operation is not Operation.TEXT_TO_IMAGE
        if not free and sides[1] > self.longest_ratio * sides[0]:
            raise InvalidRequest(f"no side may be over {self.longest_ratio} times the other")

    def shares(self, request: GenerationRequest) -> list[tuple[tuple[int, ...], int | None]]:
        """Which outputs are asked for together, and with which seed."""
        if request.seeds and request.operation in self.seeded:
            return [((index,), seed) for index, seed in enumerate(request.seeds)]
        return [(tuple(range(request.n)), None)]

    def path(self, operation: Operation) -> str:
        return GENERATIONS if operation is Operation.TEXT_TO_IMAGE else EDITS

    def fields(
        self,
        request: GenerationRequest,
        model: str,
        params: Mapping[str, Any],
        n: int,
        seed: int | None,
    ) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "model": model,
            "prompt": request.prompt,
            "n": n,
            "size": f"{request.width}x{request.height}",
            **params,
        }
        if self.base64_on_request:
            fields["response_format"] = "b64_json"
        if request.negative_prompt:
            fields["negative_prompt"] = request.negative_prompt
        if seed is not None:
            fields["seed"] = seed
        return fields

    def files(self, request: GenerationRequest) -> dict[str, File]:
        if request.image is None or request.mask is None:
            return {}
        return {
            "image": ("image.png", png(request.image.convert("RGB")), "image/png"),
            self.mask_field: ("mask.png", png(both_ways(request.mask)), "image/png"),
        }


class StableDiffusionCpp(Dialect):
    """Takes seed, negative prompt and sampling as JSON within the prompt, in a tag of its own."""

    __slots__ = ()
    TAG = "sd_cpp_extra_args"

    def check(self, request: GenerationRequest, params: Mapping[str, Any]) -> None:
        super().check(request, params)
        if self.TAG in request.prompt + request.negative_prompt:
            raise InvalidRequest(f"a prompt must not hold {self.TAG}")

    def fields(
        self,
        request: GenerationRequest,
        model: str,
        params: Mapping[str, Any],
        n: int,
        seed: int | None,
    ) -> dict[str, Any]:
        own = dict(params)
        if request.negative_prompt:
            own["negative_prompt"] = request.negative_prompt
        if seed is not None:
            own["seed"] = seed
        tag = f" <{self.TAG}>{json.dumps(own)}</{self.TAG}>" if own else ""
        size = f"{request.width}x{request.height}"
        return {"model": model, "prompt": request.prompt + tag, "n": n, "size": size}


class LocalAI(Dialect):
    """Reads a negative prompt after a bar, and has a path of its own to inpaint, one image each."""

    __slots__ = ()

    def check(self, request: GenerationRequest, params: Mapping[str, Any]) -> None:
        super().check(request, params)
        if "|" in request.prompt:
            raise InvalidRequest("LocalAI takes what follows “|” as the negative prompt")
        if request.negative_prompt and request.operation is Operation.INPAINT:
            raise InvalidRequest("LocalAI takes no negative prompt to inpaint")

    def path(self, operation: Operation) -> str:
        return GENERATIONS if operation is Operation.TEXT_TO_IMAGE else "/images/inpainting"

    def shares(self, request: GenerationRequest) -> list[tuple[tuple[int, ...], int | None]]:
        if request.operation is Operation.INPAINT:
            return [((index,), None) for index in range(request.n)]
        return super().shares(request)

    def fields(
        self,
        request: GenerationRequest,
        model: str,
        params: Mapping[str, Any],
        n: int,
        seed: int | None,
    ) -> dict[str, Any]:
        steps = params.get("steps")
        if request.operation is Operation.INPAINT:
            given = {} if steps is None else {"steps": steps}
            return {"model": model, "prompt": request.prompt, **given}
        negative = f"|{request.negative_prompt}" if request.negative_prompt else ""
        fields: dict[str, Any] = {
            "model": model,
            "prompt": request.prompt + negative,
            "n": n,
            "size": f"{request.width}x{request.height}",
            "response_format": "b64_json",
        }
        return fields | {
            name: value for name, value in (("step", steps), ("seed", seed)) if value is not None
        }


DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            "openai",
            "OpenAI",
            sizes=GPT_SIZES,
            max_side=3840,
            longest_ratio=3,
            params=GPT_PARAMS,
            base64_on_request=False,
            idempotency=True,
            needs_key=True,
            base_url="https://api.openai.com/v1",
        ),
        Dialect(
            "vllm-omni",
            "vLLM-Omni",
            params=DIFFUSION_PARAMS | {"generator_device", "strength"},
            seeded=ANY,
            negative_prompt=True,
            mask_field="mask_image",
        ),
        Dialect(
            "sglang",
            "SGLang",
            params=DIFFUSION_PARAMS | {"generator_device", "quality"},
            seeded=ANY,
            negative_prompt=True,
            edits=False,  # it takes a mask and never uses it
        ),
        StableDiffusionCpp(
            "sd.cpp",
            "stable-diffusion.cpp",
            size_multiple=64,
            params=frozenset({"clip_skip", "sample_params", "strength"}),
            seeded=ANY,
            negative_prompt=True,
        ),
        LocalAI(
            "localai",
            "LocalAI",
            sizes=((512, 512),),
            size_multiple=64,
            params=frozenset({"steps"}),
            seeded=frozenset({Operation.TEXT_TO_IMAGE}),
            negative_prompt=True,
        ),
        Dialect(
            "litellm",
            "LiteLLM",
            sizes=GPT_SIZES,
            max_side=3840,
            longest_ratio=3,
            params=GPT_PARAMS,
            base64_on_request=False,
            idempotency=True,
        ),
    )
}


def both_ways(mask: Image.Image) -> Image.Image:
    """An RGBA mask that is right by either convention: where to generate it is white for those who
    read its brightness and transparent for those who read its alpha; elsewhere black and opaque."""
    generate = mask.convert("L").point(lambda level: 255 if level > 127 else 0)
    keep = generate.point(lambda level: 255 - level)
    return Image.merge("RGBA", (generate, generate, generate, keep))


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
