"""OpenAI's Images API and its kin: generations and edits, one outcome for every output."""

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from generation.backends.base import (
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    ImageBackend,
    Misconfigured,
    Operation,
    Refused,
    RunContext,
)
from generation.backends.openai import answers, options
from generation.backends.openai.dialects import Call
from generation.backends.openai.waiting import attended
from generation.backends.openai.words import added, numbers

if TYPE_CHECKING:
    from generation.backends.openai.client import Client

BATCH = 4  # images of a request where no seed tells them apart


class OpenAIBackend(ImageBackend):
    """A model behind the Images API. See docs/backends.md for its OPTIONS and dialects."""

    version = "1"

    def __init__(self, alias: str, options_given: Mapping[str, Any]) -> None:
        super().__init__(alias, options_given)
        self._settings, self._wrong = options.read(options_given)
        self.model = self._settings.model
        self._client_with: tuple[str, Client] | None = None

    def capabilities(self) -> Capabilities:
        settings, dialect = self._settings, self._settings.dialect
        operations = {Operation.TEXT_TO_IMAGE} | ({Operation.INPAINT} if settings.edits else set())
        seeded = operations <= dialect.seeded
        return Capabilities(
            operations=frozenset(operations),
            max_outputs=settings.max_outputs,
            batch=1 if seeded else min(BATCH, settings.max_outputs),
            min_side=min([dialect.min_side, *_sides(settings)]),
            max_side=max([dialect.max_side, *_sides(settings)]),
            size_multiple=1 if settings.sizes else dialect.size_multiple,
            sizes=settings.sizes,
            seed=seeded,
            negative_prompt=dialect.negative_prompt,
            network=True,
        )

    def check(self) -> list[str]:
        return options.static_problems(self.options)

    def health(self) -> list[str]:
        """The static problems, else whether the provider answers and takes the key."""
        return self.check() or self._client().problems()

    def close(self) -> None:
        if self._client_with is not None:
            self._client_with[1].close()
            self._client_with = None

    def validate(self, request: GenerationRequest) -> None:
        super().validate(request)
        self._settings.dialect.check(request, self._params(request))

    def text_to_image(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        return self._answered(request, context)

    def inpaint(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """The provider's edits as they came: whoever asked composes them over the source."""
        return self._answered(request, context)

    def _answered(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """Raises BackendError; never asks twice for what came, was refused or failed."""
        started = time.monotonic()
        settings = self._settings
        params = self._params(request)
        calls = settings.dialect.calls(request, settings.model, params)
        client = self._client()
        images: list[GeneratedImage] = []
        usage: dict[str, Any] = {}
        ids: list[str] = []
        for number, call in enumerate(calls):
            made, used, provider_id = attended(
                partial(self._one, client, call, request, number),
                context,
                number / len(calls),
            )
            images += made
            usage = added(usage, used)
            ids += [provider_id] if provider_id else []
            context.progress((number + 1) / len(calls), f"{number + 1}/{len(calls)}")
        about = {"dialect": settings.dialect.name, "client": client.version, "params": params}
        return GenerationResult(
            images=tuple(replace(image, metadata=about) for image in images),
            model=settings.model,
            backend_version=self.version,
            seconds=time.monotonic() - started,
            usage=usage,
            provider_request_id=" ".join(ids),
        )

    def _one(
        self, client: "Client", call: Call, request: GenerationRequest, number: int
    ) -> tuple[list[GeneratedImage], dict[str, Any], str]:
        """The images of one call; where it is one of several, a refusal is of its outputs only."""
        whole = len(call.indices) == request.n
        key = request.request_id if whole else f"{request.request_id}.{number}"
        try:
            answer, provider_id = client.send(call, request, key)
            images = answers.images(answer, call, request, client.fetch)
        except Refused as error:
            if whole:
                raise
            refused = [
                GeneratedImage(index=index, seed=call.seed, refusal=error.refusal)
                for index in call.indices
            ]
            return refused, {}, ""
        return images, numbers(answer.get("usage")), provider_id

    def _params(self, request: GenerationRequest) -> dict[str, Any]:
        return {**self._settings.params, **request.params}

    def _client(self) -> "Client":
        """The client for the key as it is now. Raises Misconfigured."""
        if self._wrong:
            raise Misconfigured(" ".join(self._wrong))
        key = options.api_key(self.options, self._settings.dialect)
        if self._client_with is None or self._client_with[0] != key:
            self.close()
            self._client_with = key, _new_client(self._settings, key)
        return self._client_with[1]


def _new_client(settings: options.Settings, key: str) -> "Client":
    try:
        from generation.backends.openai.client import Client
    except ImportError as error:
        raise Misconfigured(f"The package “openai” cannot be used: {error}") from error
    return Client(settings, key)


def _sides(settings: options.Settings) -> list[int]:
    return [side for size in settings.sizes or () for side in size]
