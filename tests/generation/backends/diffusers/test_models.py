"""Pictures of tiny models of random weights, by the real pipelines of diffusers."""

import pytest
from PIL import Image

from generation.backends.base import Cancelled, PermanentError
from tests.generation.backends.diffusers.asking import (
    SEEDS,
    SIDE,
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


def test_an_inpainting_gives_n_pictures_of_the_sources_size_led_by_source_and_mask(make):
    sd = make("inpaint")
    asks = to_inpaint(SEEDS)
    result = sd.run(asks, Context())
    assert [image.image.size for image in result.images] == [(SIDE, SIDE)] * 4
    assert len({image.image.tobytes() for image in result.images}) == 4
    assert result.images[0].metadata["strength"] == 1.0
    upside_down = asks.image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    other_source = sd.run(to_inpaint(SEEDS, image=upside_down), Context())
    assert difference(pixels(result), pixels(other_source)) > 5
    whole = Image.new("L", (SIDE, SIDE), 255)
    other_mask = sd.run(to_inpaint(SEEDS, mask=whole), Context())
    assert difference(pixels(result), pixels(other_mask)) > 5


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
