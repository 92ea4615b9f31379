"""How a pipeline is called, told by one that only listens, with a stand-in for torch."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from generation.backends.base import (
    Cancelled,
    InvalidRequest,
    Operation,
    PermanentError,
)
from generation.backends.diffusers.options import Options
from generation.backends.diffusers.sampling import Sampler, effective, settings
from tests.generation.backends.diffusers.asking import SIDE, Context, request, to_inpaint

STEPS = 4


class OutOfMemoryError(RuntimeError):
    """Named as torch's own."""


class Generator:
    def __init__(self, device):
        self.device = device

    def manual_seed(self, seed):
        self.seed = seed
        return self


class Listening:
    """A pipeline's call that records its arguments and draws each seed as an even grey."""

    room = 64
    num_timesteps = STEPS
    flags = None

    def __init__(self):
        self.calls = []
        self.freed = 0

    def answer(self, **given):
        self.calls.append(given)
        seeds = [generator.seed for generator in given["generator"]]
        for step in range(STEPS):
            given["callback_on_step_end"](self, step, 0, {})
        if len(seeds) > self.room:
            raise OutOfMemoryError("CUDA out of memory")
        images = [Image.new("RGB", (SIDE, SIDE), (seed,) * 3) for seed in seeds]
        flags = self.flags and [self.flags(seed) for seed in seeds]
        return SimpleNamespace(images=images, nsfw_content_detected=flags)

    def maybe_free_model_hooks(self):
        self.freed += 1


class TextPipeline(Listening):
    def __call__(
        self,
        prompt,
        height=None,
        width=None,
        num_inference_steps=50,
        guidance_scale=7.5,
        negative_prompt=None,
        eta=0.0,
        generator=None,
        callback_on_step_end=None,
    ):
        return self.answer(**{k: v for k, v in locals().items() if k != "self"})


class FillPipeline(Listening):
    """As FluxFillPipeline: neither a negative prompt nor a strength."""

    def __call__(
        self,
        prompt,
        image,
        mask_image,
        num_inference_steps=50,
        generator=None,
        callback_on_step_end=None,
    ):
        return self.answer(**{k: v for k, v in locals().items() if k != "self"})


@pytest.fixture(autouse=True)
def torch(monkeypatch):
    cuda = SimpleNamespace(is_available=lambda: False)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(Generator=Generator, cuda=cuda))


def sample(pipeline, wanted=None, *, asks=None, batch=4, context=None):
    asks = asks or request()
    given = settings(pipeline, asks.operation, wanted or Options())
    return Sampler(batch).samples(pipeline, asks, given, asks.seeds, context or Context())


def test_a_call_gets_one_prompt_and_one_generator_an_image():
    pipeline = TextPipeline()
    samples = sample(pipeline, Options(steps=20, negative_prompt="colour"), asks=request((3, 4)))
    (call,) = pipeline.calls
    assert call["prompt"] == ["An X-ray of the knee"] * 2
    assert [(one.device, one.seed) for one in call["generator"]] == [("cpu", 3), ("cpu", 4)]
    assert (call["height"], call["width"], call["num_inference_steps"]) == (SIDE, SIDE, 20)
    assert (call["negative_prompt"], call["guidance_scale"]) == (["colour"] * 2, 7.5)
    assert [(one.image.mode, one.image.getpixel((0, 0))) for one in samples] == [("L", 3), ("L", 4)]


def test_a_pipeline_is_told_only_what_it_takes():
    pipeline = FillPipeline()
    sample(pipeline, asks=to_inpaint((3,)))
    (call,) = pipeline.calls
    assert [(one.mode, one.size) for one in call["image"]] == [("RGB", (SIDE, SIDE))]
    assert np.asarray(call["mask_image"][0]).max() == 255


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Options(negative_prompt="colour"), "FillPipeline has no negative_prompt"),
        (Options(guidance=3.0), "FillPipeline has no guidance"),
        (Options(strength=0.5), "FillPipeline has no strength"),
        (Options(call_options={"eta": 1}), "FillPipeline has no eta"),
    ],
)
def test_what_was_asked_for_is_never_left_out_silently(wanted, words):
    with pytest.raises(InvalidRequest, match=words):
        settings(FillPipeline(), Operation.INPAINT, wanted)


def test_strength_is_only_for_inpainting():
    wanted = Options(strength=0.5)
    assert settings(TextPipeline(), Operation.TEXT_TO_IMAGE, wanted) == {}


def test_provenance_has_the_pipelines_defaults_where_nothing_was_asked():
    pipeline = TextPipeline()
    given = settings(pipeline, Operation.TEXT_TO_IMAGE, Options(steps=9, call_options={"eta": 0.5}))
    assert effective(pipeline, given) == {
        "steps": 9,
        "guidance": 7.5,
        "negative_prompt": None,
        "eta": 0.5,
    }


def test_an_inpainting_without_its_source_is_invalid():
    with pytest.raises(InvalidRequest, match="an image and a mask"):
        sample(FillPipeline(), asks=to_inpaint(mask=None))


def test_more_than_the_largest_batch_is_made_in_several_calls_in_order():
    pipeline = TextPipeline()
    samples = sample(pipeline, asks=request(range(1, 8)), batch=3)
    assert [len(call["prompt"]) for call in pipeline.calls] == [3, 3, 1]
    assert [one.image.getpixel((0, 0)) for one in samples] == list(range(1, 8))


def test_progress_rises_with_each_step_to_one():
    context = Context()
    sample(TextPipeline(), asks=request(range(1, 4)), batch=2, context=context)
    assert context.fractions == pytest.approx(
        [0, *(2 * s / 15 for s in (1, 2, 3, 4)), 2 / 3, *((10 + s) / 15 for s in (1, 2, 3, 4)), 1]
    )


def test_a_cancellation_ends_the_call_at_the_next_step():
    pipeline = TextPipeline()
    context = Context(cancel_after=3)
    with pytest.raises(Cancelled):
        sample(pipeline, context=context)
    assert len(context.fractions) == 3
    assert pipeline.freed == 1


def test_what_does_not_fit_the_memory_is_made_by_halves_and_progress_does_not_fall():
    pipeline = TextPipeline()
    pipeline.room = 1
    context = Context()
    asks = request(range(1, 6))
    sampler = Sampler(4)
    samples = sampler.samples(pipeline, asks, {}, asks.seeds, context)
    assert [len(call["prompt"]) for call in pipeline.calls] == [4, 2, 1, 1, 1, 1, 1]
    assert [one.image.getpixel((0, 0)) for one in samples] == [1, 2, 3, 4, 5]
    assert context.fractions == sorted(context.fractions)
    assert (sampler.batch, pipeline.freed) == (1, 2)


def test_one_image_that_does_not_fit_the_memory_fails_with_advice():
    pipeline = TextPipeline()
    pipeline.room = 0
    with pytest.raises(PermanentError, match="one image of 256 x 256 px; OFFLOAD") as caught:
        sample(pipeline, asks=request((1, 2)))
    assert caught.value.reason_code == "out_of_memory"


def test_each_verdict_of_the_safety_checker_goes_with_its_image():
    pipeline = TextPipeline()
    pipeline.flags = lambda seed: seed == 2
    samples = sample(pipeline, asks=request((1, 2, 3)))
    assert [one.flagged for one in samples] == [False, True, False]


def test_an_error_of_the_pipeline_is_told_in_words():
    pipeline = TextPipeline()
    pipeline.flags = lambda seed: 1 / 0
    with pytest.raises(PermanentError, match="TextPipeline failed: ZeroDivisionError: division"):
        sample(pipeline)


def test_an_error_of_the_context_passes_as_it_is():
    class Lost(Exception):
        """As the database's own."""

    class Losing(Context):
        def progress(self, fraction, note=""):
            raise Lost

    with pytest.raises(Lost):
        sample(TextPipeline(), context=Losing())


def test_too_few_images_are_an_error():
    pipeline = TextPipeline()
    pipeline.answer = lambda **given: SimpleNamespace(images=[])
    with pytest.raises(PermanentError, match="0 images came instead of 1"):
        sample(pipeline)
