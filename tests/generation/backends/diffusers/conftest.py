"""Tiny models, built once a run. Tests that ask for them run where the extra is installed."""

import socket
from pathlib import Path

import pytest

from generation.backends.diffusers import DiffusersBackend, backend, loading
from tests.generation.backends.diffusers import tiny


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """The folder of `plain`, `checked`, `inpaint`, `lora` and `other_lora`."""
    pytest.importorskip("diffusers", reason="needs the extra diffusers")
    folder = tmp_path_factory.mktemp("models")
    tiny.build_all(folder)
    return folder


@pytest.fixture
def make(models, monkeypatch):
    """A backend of one of the models, without a way to the network."""

    def refuse(*_args):
        raise AssertionError("the network was asked for")

    def make(name="plain", **options):
        return DiffusersBackend(
            "sd", {"MODEL": str(models / name), "STEPS": 4, "DEVICE": "cpu", **options}
        )

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return make


@pytest.fixture
def loads(monkeypatch):
    """The models that were loaded since."""
    seen = []

    def load(options):
        seen.append(options.model)
        return loading.load(options)

    monkeypatch.setattr(backend, "load", load)
    return seen


@pytest.fixture
def unet_calls(models, monkeypatch):
    """How many latents each call of the UNet has had; set `room` to run out of memory above it."""
    import torch
    from diffusers import UNet2DConditionModel

    class Calls(list):
        room = 64

    calls = Calls()
    forward = UNet2DConditionModel.forward

    def listening(self, sample, *args, **kwargs):
        calls.append(len(sample))
        if len(sample) > calls.room:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(self, sample, *args, **kwargs)

    monkeypatch.setattr(UNet2DConditionModel, "forward", listening)
    return calls
