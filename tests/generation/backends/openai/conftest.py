"""A provider for each dialect, and requests that it can answer."""

import pytest
from PIL import Image

from generation.backends.base import GenerationRequest, Operation
from generation.backends.openai import OpenAIBackend, waiting
from tests.generation.backends.openai.provider import Provider


@pytest.fixture(autouse=True)
def _listening_often(monkeypatch):
    monkeypatch.setattr(waiting, "LISTEN_S", 0.1)


@pytest.fixture
def provide():
    """Start a provider of a dialect; all end with the test."""
    started = []

    def start(dialect="openai"):
        started.append(Provider(dialect))
        return started[-1]

    yield start
    for provider in started:
        provider.close()


@pytest.fixture
def provider(provide, monkeypatch):
    monkeypatch.setenv("IMAGES_KEY", "sk-loopback")
    return provide()


@pytest.fixture
def backend(provider):
    made = OpenAIBackend("remote", provider.options(API_KEY_ENV="IMAGES_KEY", SIZES=["256x256"]))
    yield made
    made.close()


def text_request(*, n=1, size=(256, 256), prompt="An X-ray of the knee", **fields):
    return GenerationRequest(
        fields.pop("request_id", "job-1.0"), Operation.TEXT_TO_IMAGE, prompt, n, *size, **fields
    )


def edit_request(*, n=1, size=(256, 256), **fields):
    mask = Image.new("L", size)
    mask.paste(255, (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    return GenerationRequest(
        "job-2.0",
        Operation.INPAINT,
        "a knee",
        n,
        *size,
        image=Image.linear_gradient("L").resize(size),
        mask=mask,
        **fields,
    )
