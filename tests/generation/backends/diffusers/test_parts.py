"""LoRA, scheduler, offloading, decoder and safety checker of a tiny model."""

import pytest

from generation.backends.base import Cancelled, Misconfigured, Operation, PermanentError
from generation.backends.diffusers import loading
from tests.generation.backends.diffusers.asking import (
    SEEDS,
    Context,
    difference,
    pixels,
    request,
    to_inpaint,
)

pytestmark = [
    pytest.mark.long,
    # The libraries warn of their own and of each other's deprecations.
    pytest.mark.filterwarnings("ignore"),
]


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
