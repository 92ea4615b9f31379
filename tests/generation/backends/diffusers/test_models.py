"""Tiny models of random weights through the real pipelines of diffusers."""

import shutil
import socket
import threading
import time

import numpy as np
import pytest

from generation.backends.base import (
    Cancelled,
    InvalidRequest,
    Misconfigured,
    Operation,
    PermanentError,
    TransientError,
    Unsupported,
)
from generation.backends.diffusers import DiffusersBackend, backend, loading
from tests.generation.backends.diffusers.asking import (
    SIDE,
    Context,
    pixels,
    request,
    to_inpaint,
)

pytestmark = [
    pytest.mark.long,
    # The libraries warn of their own and of each other's deprecations.
    pytest.mark.filterwarnings("ignore"),
]
SEEDS = (11, 12, 13, 14)


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


def difference(one, other):
    return np.abs(one - other).max()


def test_a_folder_is_ready_and_can_do_what_its_class_can(make):
    assert make().check() == []
    assert make().capabilities().operations == {Operation.TEXT_TO_IMAGE, Operation.INPAINT}
    assert make("inpaint").capabilities().operations == {Operation.INPAINT}


@pytest.mark.parametrize(
    ("name", "asks"), [("plain", request), ("plain", to_inpaint), ("inpaint", to_inpaint)]
)
def test_an_image_follows_from_its_seed_whatever_else_is_in_its_batch(make, name, asks):
    sd = make(name)
    together = sd.run(asks(SEEDS), Context())
    assert [image.seed for image in together.images] == list(SEEDS)
    for index, seed in enumerate(SEEDS):
        alone = sd.run(asks((seed,)), Context())
        assert difference(pixels(together, index), pixels(alone)) <= 1
    assert difference(pixels(together, 0), pixels(together, 1)) > 20


def test_an_image_is_luminance_of_the_size_asked_for(make):
    result = make().run(request(width=320), Context())
    (image,) = result.images
    assert (image.image.mode, image.image.size) == ("L", (320, SIDE))


def test_provenance_tells_the_model_and_how_it_was_run(make, models):
    sd = make("plain", SCHEDULER="EulerDiscreteScheduler", GUIDANCE=3, LORA=str(models / "lora"))
    result = sd.run(request(params={"steps": 2, "lora_scale": 0.5}), Context())
    about = dict(result.images[0].metadata)
    assert (result.model, result.backend_version) == ("plain", about["libraries"])
    assert "torch 2." in result.backend_version
    assert len(about.pop("snapshot")) == len(about.pop("lora_sha256")) == 64
    del about["libraries"]
    assert about == {
        "model": "plain",
        "pipeline": "StableDiffusionPipeline",
        "scheduler": "EulerDiscreteScheduler",
        "device": "cpu",
        "dtype": "float32",
        "lora": "pytorch_lora_weights.safetensors",
        "lora_scale": 0.5,
        "steps": 2,
        "guidance": 3.0,
        "negative_prompt": None,
    }


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


def test_progress_rises_to_one(make):
    context = Context()
    make(BATCH=2).run(request(SEEDS[:3]), context)
    assert context.fractions == sorted(context.fractions)
    assert context.fractions[-1] == 1
    assert len(set(context.fractions)) == 11  # 0, four steps and the end of each of two batches


@pytest.mark.parametrize("asks", [request, to_inpaint])
def test_a_cancellation_stops_within_one_step(make, unet_calls, asks):
    sd = make()
    sd.run(asks(), Context())
    unet_calls.clear()
    context = Context(cancel_after=3)  # the beginning and two steps
    with pytest.raises(Cancelled):
        sd.run(asks(), context)
    assert len(unet_calls) == 3
    assert sd.run(asks(), Context()).images[0].image is not None


def test_n_images_are_made_in_batches_of_the_size_set(make, unet_calls):
    sd = make(BATCH=3)
    result = sd.run(request(SEEDS), Context())
    assert unet_calls == [6] * 4 + [2] * 4  # each with and without the prompt
    assert [image.index for image in result.images] == [0, 1, 2, 3]


def test_a_batch_that_does_not_fit_the_memory_is_halved_and_the_pictures_are_the_same(
    make, unet_calls
):
    sd = make()
    whole = sd.run(request(SEEDS), Context())
    unet_calls.clear()
    unet_calls.room = 4
    halves = sd.run(request(SEEDS), Context())
    assert unet_calls == [8] + [4] * 8
    for index in range(4):
        assert difference(pixels(whole, index), pixels(halves, index)) <= 1


def test_one_image_that_does_not_fit_the_memory_fails_in_words(make, unet_calls):
    unet_calls.room = 0
    with pytest.raises(PermanentError, match="ran out of memory on one image") as caught:
        make().run(request(SEEDS), Context())
    assert caught.value.reason_code == "out_of_memory"


def test_an_inpainting_fills_the_hole_and_the_source_shows_around_it(make):
    sd = make("inpaint")
    result = sd.run(to_inpaint(SEEDS), Context())
    assert len({image.image.tobytes() for image in result.images}) == 4
    assert result.images[0].metadata["strength"] == 1.0


def test_strength_decides_how_much_of_the_source_is_kept(make):
    sd = make()
    all_new = pixels(sd.run(to_inpaint(), Context()))
    half_new = pixels(sd.run(to_inpaint(params={"strength": 0.5}), Context()))
    assert difference(all_new, half_new) > 20
    text = sd.run(request(params={"strength": 0.5}), Context())
    assert difference(pixels(text), pixels(sd.run(request(), Context()))) <= 1


@pytest.mark.parametrize(
    "params", [{"steps": 7}, {"guidance": 1.0}, {"negative_prompt": "a photo of a cat"}]
)
def test_a_parameter_of_the_request_changes_the_picture(make, params):
    sd = make()
    plain = pixels(sd.run(request(), Context()))
    assert difference(plain, pixels(sd.run(request(params=params), Context()))) > 5
    assert difference(plain, pixels(sd.run(request(), Context()))) <= 1


def test_a_negative_prompt_of_the_request_counts_as_one_of_its_parameters(make):
    sd = make()
    one = sd.run(request(negative_prompt="colour"), Context())
    other = sd.run(request(params={"negative_prompt": "colour"}), Context())
    assert difference(pixels(one), pixels(other)) <= 1
    assert one.images[0].metadata["negative_prompt"] == "colour"


def test_a_lora_changes_the_picture_by_its_scale_and_none_of_it_is_the_plain_model(make, models):
    plain = pixels(make().run(request(), Context()))
    sd = make(LORA=str(models / "lora"))
    whole = pixels(sd.run(request(), Context()))
    half = pixels(sd.run(request(params={"lora_scale": 0.5}), Context()))
    none = pixels(sd.run(request(params={"lora_scale": 0}), Context()))
    again = pixels(sd.run(request(), Context()))
    assert difference(plain, whole) > 5
    assert difference(half, whole) > 5
    assert difference(plain, none) <= 1
    assert difference(whole, again) <= 1


def test_a_lora_works_for_inpainting_too(make, models):
    plain = pixels(make().run(to_inpaint(), Context()))
    sd = make(LORA=str(models / "lora" / "pytorch_lora_weights.safetensors"))
    sd.run(request(params={"lora_scale": 0}), Context())
    assert difference(plain, pixels(sd.run(to_inpaint(), Context()))) > 5


def test_a_lora_of_another_model_is_told(make, models):
    with pytest.raises(Misconfigured, match=r"LORA: .*other\.safetensors does not fit"):
        make(LORA=str(models / "other_lora")).run(request(), Context())


def test_another_scheduler_changes_the_picture_and_keeps_the_models_configuration(make):
    plain = pixels(make().run(request(), Context()))
    sd = make(
        SCHEDULER="DPMSolverMultistepScheduler", SCHEDULER_OPTIONS={"use_karras_sigmas": True}
    )
    assert difference(plain, pixels(sd.run(request(), Context()))) > 5
    config = sd._loaded(Context()).ready(Operation.TEXT_TO_IMAGE, lora_scale=1).scheduler.config
    assert (config.beta_schedule, config.use_karras_sigmas) == ("scaled_linear", True)


def test_an_offloaded_model_gives_the_same_pictures_and_survives_a_cancellation(make, hooks):
    plain, sd = make(), make(OFFLOAD="model", DEVICE="cuda", DTYPE="float32")
    for asks in (request, to_inpaint, request):
        expected = pixels(plain.run(asks(), Context()))
        assert difference(expected, pixels(sd.run(asks(), Context()))) <= 1
        with pytest.raises(Cancelled):
            sd.run(asks(), Context(cancel_after=2))
    assert {device for _pipeline, device in hooks} == {"cuda"}
    assert {name for name, _device in hooks} == {
        "StableDiffusionPipeline",
        "StableDiffusionInpaintPipeline",
    }


@pytest.fixture
def hooks(models, monkeypatch):
    """Real offloading whose accelerator is the CPU: which pipeline wanted it, and to where."""
    from diffusers import DiffusionPipeline

    asked = []
    enable = DiffusionPipeline.enable_model_cpu_offload

    def enable_here(self, gpu_id=None, device=None):
        asked.append((type(self).__name__, str(device).partition(":")[0]))
        enable(self, device="cpu")
        self._offload_device = "cuda"

    monkeypatch.setattr(DiffusionPipeline, "enable_model_cpu_offload", enable_here)
    monkeypatch.setattr(loading, "_check_device", lambda device: None)
    return asked


def test_a_sequentially_offloaded_model_is_left_to_diffusers(make, monkeypatch):
    from diffusers import DiffusionPipeline

    asked = []
    monkeypatch.setattr(
        DiffusionPipeline,
        "enable_sequential_cpu_offload",
        lambda self, device: asked.append(device),
    )
    monkeypatch.setattr(loading, "_check_device", lambda device: None)
    sd = make(OFFLOAD="sequential", DEVICE="cuda:1", DTYPE="float32")
    sd.run(request(), Context())
    sd.run(request(), Context())
    assert asked == ["cuda:1"]


def test_tiles_are_of_the_decoder_and_dtype_of_the_weights(make):
    import torch

    sd = make(VAE_TILING=True, DTYPE="bfloat16")
    result = sd.run(request(), Context())
    assert result.images[0].metadata["dtype"] == "bfloat16"
    pipeline = sd._loaded(Context()).ready(Operation.TEXT_TO_IMAGE, lora_scale=1)
    assert pipeline.vae.use_tiling
    assert pipeline.unet.dtype == torch.bfloat16


def test_what_the_safety_checker_flags_is_a_refusal_and_its_black_image_is_not_kept(make):
    result = make("checked").run(request(SEEDS[:2]), Context())
    for image in result.images:
        assert image.image is None
        assert (image.refusal.code, image.refusal.stage) == ("safety_checker", "output")


def test_the_safety_checker_can_be_left_out(make):
    plain = pixels(make().run(request(), Context()))
    unchecked = make("checked", SAFETY_CHECKER=False).run(request(), Context())
    assert unchecked.images[0].refusal is None
    assert difference(plain, pixels(unchecked)) <= 1


def test_numbers_that_overflow_are_no_image(make, monkeypatch):
    from diffusers import AutoencoderKL

    decode = AutoencoderKL.decode

    def overflow(self, *args, **kwargs):
        decoded = decode(self, *args, **kwargs)
        decoded[0][0] = float("nan")
        return decoded

    monkeypatch.setattr(AutoencoderKL, "decode", overflow)
    with pytest.raises(PermanentError, match="overflowed in float32") as caught:
        make().run(request(SEEDS[:2]), Context())
    assert caught.value.reason_code == "overflow"


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
