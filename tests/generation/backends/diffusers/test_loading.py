"""How a model is loaded, once; and what is said if it cannot be."""

import shutil
import socket
import threading
import time

import pytest

from generation.backends.base import (
    Cancelled,
    InvalidRequest,
    Misconfigured,
    Operation,
    TransientError,
    Unsupported,
)
from generation.backends.diffusers import backend, loading
from tests.generation.backends.diffusers.asking import (
    Context,
    request,
    to_inpaint,
)

pytestmark = [
    pytest.mark.long,
    # The libraries warn of their own and of each other's deprecations.
    pytest.mark.filterwarnings("ignore"),
]


def test_a_folder_is_ready_and_can_do_what_its_class_can(make):
    assert make().check() == []
    assert make().capabilities().operations == {Operation.TEXT_TO_IMAGE, Operation.INPAINT}
    assert make("inpaint").capabilities().operations == {Operation.INPAINT}


def test_a_model_is_loaded_once_and_both_operations_share_its_weights(make, loads):
    sd = make()
    sd.run(request(), Context())
    sd.run(to_inpaint(), Context())
    sd.run(request(), Context())
    assert len(loads) == 1
    loaded = sd._loaded(Context())
    first, second = (
        loaded.ready(operation, lora_scale=1)
        for operation in Operation
        if (operation != Operation.OUTPAINT)
    )
    assert type(first) is not type(second)
    assert first.unet is second.unet
    sd.close()
    sd.run(request(), Context())
    assert len(loads) == 2


def test_the_lease_is_renewed_and_a_cancellation_heard_while_a_model_is_loaded(make, monkeypatch):
    may_load = threading.Event()
    seen = []

    def load(options):
        seen.append(options.model)
        may_load.wait(30)
        return loading.load(options)

    monkeypatch.setattr(backend, "load", load)
    monkeypatch.setattr(backend, "BEAT_S", 0.01)
    sd = make()
    context = Context(cancel_after=3)
    with pytest.raises(Cancelled):
        sd.run(request(), context)
    assert context.notes == ["loading the model"] * 3
    assert context.fractions == [0, 0, 0]
    may_load.set()
    assert sd.run(request(), Context()).images[0].image is not None
    assert len(seen) == 1


def test_a_cancelled_job_loads_nothing(make, loads):
    with pytest.raises(Cancelled):
        make().run(request(), Context(cancel_after=0))
    assert loads == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"PIPELINE_CLASS": "NoSuchPipeline"}, "PIPELINE_CLASS: diffusers .* has no NoSuchP"),
        ({"SCHEDULER": "NoScheduler"}, "SCHEDULER: diffusers .* has no NoScheduler"),
        ({"PIPELINE_CLASS": "FluxPipeline"}, "plain cannot be loaded: "),
        ({"MODEL": "/nowhere/knees"}, "MODEL: there is no folder /nowhere/knees"),
        ({"MODEL": "owner/knees"}, "owner/knees is not on this machine, and HUB"),
        ({"VARIANT": "fp16"}, "plain cannot be loaded: "),
        ({"DEVICE": "cuda:63"}, "DEVICE is cuda:63, but torch|cannot be loaded: .*CUDA"),
        ({"CALL_OPTIONS": {"etta": 1}}, "CALL_OPTIONS: StableDiffusionPipeline takes no etta"),
        ({"DTYPE": "int8"}, "DTYPE must be one of"),
    ],
)
def test_a_wrong_configuration_is_told_in_words(make, options, words):
    with pytest.raises(Misconfigured, match=words):
        make(**options).run(request(), Context())


def test_a_model_that_could_not_be_loaded_is_tried_again_once_it_is_there(make, models, tmp_path):
    sd = make(MODEL=str(tmp_path / "late"))
    with pytest.raises(Misconfigured, match="there is no folder"):
        sd.run(request(), Context())
    shutil.copytree(models / "plain", tmp_path / "late")
    assert sd.run(request(), Context()).model == "late"


def test_damaged_weights_are_told_in_words(make, models, tmp_path):
    folder = tmp_path / "damaged"
    shutil.copytree(models / "plain", folder)
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(Misconfigured, match="damaged cannot be loaded: ") as caught:
        make(MODEL=str(folder)).run(request(), Context())
    assert "\n" not in caught.value.public_message


def test_a_model_that_does_not_fit_the_memory_is_tried_again_later(make, monkeypatch):
    import torch
    from diffusers import StableDiffusionPipeline

    def full(*_args, **_kwargs):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(StableDiffusionPipeline, "to", full)
    with pytest.raises(TransientError, match="does not fit into the memory"):
        make().run(request(), Context())


def test_a_hub_that_cannot_be_reached_is_tried_again_later(make, monkeypatch):
    def unreachable(*_args):
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)  # the client's own pauses
    with pytest.raises(TransientError, match="the hub of owner/knees cannot be reached"):
        make(MODEL="owner/knees", HUB=True).run(request(), Context())


def test_what_a_model_cannot_do_is_unsupported_before_it_is_loaded(make, loads):
    with pytest.raises(Unsupported):
        make("inpaint").run(request(), Context())
    with pytest.raises(InvalidRequest, match="there is no parameter “step”"):
        make().run(request(params={"step": 3}), Context())
    with pytest.raises(InvalidRequest, match="a side of 250 px"):
        make().run(request(width=250), Context())
    assert loads == []
