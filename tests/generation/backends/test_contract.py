"""The contract of backends: ours keep it, and each way of breaking it is found."""

import socket
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from generation.backends.base import (
    Capabilities,
    GeneratedImage,
    GenerationResult,
    ImageBackend,
    InvalidRequest,
    Operation,
    PermanentError,
    Refusal,
    TransientError,
    Unsupported,
)
from generation.backends.contract import BackendContract
from generation.backends.phantom import PhantomBackend
from tests.generation.backends.editors import Painter
from tests.generation.scripted import ScriptedBackend


class TestPhantom(BackendContract):
    def backend(self):
        return PhantomBackend("phantom", {})


class TestScripted(BackendContract):
    def backend(self):
        return ScriptedBackend("scripted", {})


class TestPainter(BackendContract):
    """A backend that inpaints in small windows: the core outpaints with it and mends its edits."""

    def backend(self):
        return Painter("painter", {})


class NoiseBackend(ImageBackend):
    """Noise by seed, for every operation: keeps the contract, and is broken below."""

    version = "1"
    model = "noise"

    def capabilities(self):
        return Capabilities(frozenset(Operation), 4, 64, 256, size_multiple=8, seed=True)

    def text_to_image(self, request, context):
        return self.answered(request, context)

    inpaint = outpaint = text_to_image

    def answered(self, request, context):
        images = []
        for index in range(request.n):
            context.raise_if_cancelled()
            images.append(self.one(request, index))
            context.progress((index + 1) / request.n)
        return GenerationResult(tuple(images), self.model, self.version, 0.1)

    def one(self, request, index):
        seed = request.seeds[index]
        return GeneratedImage(index, image=self.drawn(request, seed), seed=seed)

    def drawn(self, request, seed):
        size = (request.height, request.width)
        noise = Image.fromarray(np.random.default_rng(seed).integers(0, 255, size, np.uint8))
        if request.operation is Operation.INPAINT:
            return Image.composite(noise, request.image, request.mask)
        if request.operation is Operation.OUTPAINT:
            noise.paste(request.image, request.margins[:2])
        return noise


class TestNoise(BackendContract):
    def backend(self):
        return NoiseBackend("noise", {})


def changed(**changes):
    """NoiseBackend whose capabilities say something else."""

    class Changed(NoiseBackend):
        def capabilities(self):
            return replace(super().capabilities(), **changes)

    return Changed


class LoadsTorch(NoiseBackend):
    def __init__(self, alias, options):
        super().__init__(alias, options)
        import torch  # noqa: F401


class AsksNetwork(NoiseBackend):
    def check(self):
        socket.getaddrinfo("images.example", 443)
        return []


class NotReady(NoiseBackend):
    def check(self):
        return ["the key is missing"]


class Nameless(NoiseBackend):
    model = ""


class Fickle(NoiseBackend):
    asked = 0

    def capabilities(self):
        Fickle.asked += 1
        return replace(super().capabilities(), max_side=256 + 8 * (Fickle.asked % 2))


class OneShort(NoiseBackend):
    def run(self, request, context):
        self.validate(request)
        result = self.answered(request, context)
        return replace(result, images=result.images[:-1] if request.n > 1 else result.images)


class Empty(NoiseBackend):
    def one(self, request, index):
        return GeneratedImage(index) if index else super().one(request, index)


class ImageAndRefusal(NoiseBackend):
    def one(self, request, index):
        return replace(super().one(request, index), refusal=Refusal("flagged", "no"))


class RefusesAll(NoiseBackend):
    def one(self, request, index):
        return GeneratedImage(index, refusal=Refusal("flagged", "no"))


class FixedSize(NoiseBackend):
    def drawn(self, request, seed):
        image = super().drawn(request, seed)
        return image if request.operation is not Operation.TEXT_TO_IMAGE else image.resize((64, 64))


class Unseeded(NoiseBackend):
    def drawn(self, request, seed):
        return super().drawn(request, np.random.default_rng().integers(1 << 30))


class OneSeed(NoiseBackend):
    def drawn(self, request, seed):
        return super().drawn(request, 7)


class SeedOfRequest(NoiseBackend):
    """The noise of an image depends on the others of its request."""

    def drawn(self, request, seed):
        return super().drawn(request, seed + request.n)


class SilentSeed(NoiseBackend):
    def one(self, request, index):
        return replace(super().one(request, index), seed=None)


class TouchesSource(NoiseBackend):
    """One grey level in one pixel of what an edit gives."""

    def run(self, request, context):
        result = super().run(request, context)
        if request.operation is not Operation.TEXT_TO_IMAGE:
            place = (request.width - 1, request.height - 1)
            for one in result.images:
                one.image.putpixel(place, (one.image.getpixel(place) + 1) % 256)
        return result


class GeneratesNothing(NoiseBackend):
    def drawn(self, request, seed):
        if request.operation is Operation.INPAINT:
            return request.image.copy()
        return super().drawn(request, seed)


class LeavesBlack(NoiseBackend):
    def drawn(self, request, seed):
        if request.operation is not Operation.OUTPAINT:
            return super().drawn(request, seed)
        canvas = Image.new("L", (request.width, request.height))
        canvas.paste(request.image, request.margins[:2])
        return canvas


class DrawsUponSource(NoiseBackend):
    def run(self, request, context):
        result = super().run(request, context)
        if request.image is not None:
            request.image.putpixel((0, 0), (request.image.getpixel((0, 0)) + 1) % 256)
        return result


class Unstorable(NoiseBackend):
    def one(self, request, index):
        return replace(super().one(request, index), metadata={"score": np.float32(1)})


class NotANumber(NoiseBackend):
    def answered(self, request, context):
        return replace(super().answered(request, context), usage={"cost": float("nan")})


class TakesAnything(NoiseBackend):
    def validate(self, request):
        pass


class WrongError(NoiseBackend):
    def validate(self, request):
        try:
            super().validate(request)
        except InvalidRequest as error:
            raise TransientError(error.public_message) from error


class TextOnly(NoiseBackend):
    def capabilities(self):
        return replace(super().capabilities(), operations=frozenset({Operation.TEXT_TO_IMAGE}))


class WrongUnsupported(TextOnly):
    def validate(self, request):
        try:
            super().validate(request)
        except Unsupported as error:
            raise PermanentError(error.public_message) from error


class Deaf(NoiseBackend):
    def answered(self, request, context):
        context.raise_if_cancelled = lambda: None
        return super().answered(request, context)


class HardOfHearing(NoiseBackend):
    """Hears of a cancellation at the start only."""

    def answered(self, request, context):
        context.raise_if_cancelled()
        context.raise_if_cancelled = lambda: None
        return super().answered(request, context)


def telling(*fractions):
    class Telling(NoiseBackend):
        def answered(self, request, context):
            context.raise_if_cancelled()
            told, context.progress = context.progress, lambda _fraction: None
            result = super().answered(request, context)
            for fraction in fractions:
                context.raise_if_cancelled()
                told(fraction)
            return result

    return Telling


class ClosesOnce(NoiseBackend):
    closed = False

    def close(self):
        if self.closed:
            raise RuntimeError("closed already")
        self.closed = True


ONE_OUTCOME = "test_each_index_has_exactly_one_outcome"
SIZE = "test_images_have_the_size_that_was_asked_for"
SEED = "test_the_same_seed_gives_the_same_image_alone_and_among_others"
MASK = "test_outside_of_the_mask_an_edit_is_its_source"
AROUND = "test_around_its_source_an_outpainting_is_new_and_within_it_the_source"
SAYS = "test_it_says_what_it_is_and_what_it_can"
CHEAP = "test_building_and_checking_load_no_model_and_ask_no_network"
UNTOUCHED = "test_the_request_is_left_as_it_was"
STORED = "test_what_is_told_about_a_result_can_be_stored"
INVALID = "test_a_request_outside_of_the_capabilities_is_invalid"
UNOFFERED = "test_an_operation_that_is_not_offered_is_unsupported"
NOT_BEGUN = "test_a_cancelled_job_is_not_begun"
ON_ITS_WAY = "test_a_job_that_is_cancelled_on_its_way_ends_there"
PROGRESS = "test_progress_goes_from_0_to_1_and_never_back"
BROKEN = [
    (LoadsTorch, {CHEAP}),
    (AsksNetwork, {CHEAP}),
    (NotReady, {CHEAP}),
    (Nameless, {SAYS, STORED}),
    (Fickle, {SAYS}),
    (changed(operations=frozenset()), {SAYS}),
    (changed(sizes=((512, 512),)), {SAYS}),
    (OneShort, {ONE_OUTCOME, SEED}),
    (Empty, {ONE_OUTCOME}),
    (ImageAndRefusal, {ONE_OUTCOME}),
    (RefusesAll, {SIZE, SEED, MASK, AROUND}),
    (FixedSize, {SIZE}),
    (Unseeded, {SEED}),
    (OneSeed, {SEED}),
    (SeedOfRequest, {SEED}),
    (SilentSeed, {SEED}),
    (TouchesSource, {MASK, AROUND}),
    (GeneratesNothing, {MASK, SEED}),
    (LeavesBlack, {AROUND, SEED}),
    (DrawsUponSource, {UNTOUCHED}),
    (Unstorable, {STORED}),
    (NotANumber, {STORED}),
    (TakesAnything, {INVALID}),
    (WrongError, {INVALID}),
    (WrongUnsupported, {UNOFFERED}),
    (Deaf, {NOT_BEGUN, ON_ITS_WAY}),
    (HardOfHearing, {ON_ITS_WAY}),
    (telling(), {PROGRESS}),
    (telling(0.5, 0.9), {PROGRESS}),
    (telling(0.9, 0.5, 1.0), {PROGRESS}),
    (telling(0.5, 1.5), {PROGRESS}),
    (ClosesOnce, {"test_closing_twice_does_no_harm"}),
]


def failures(backend_class) -> set[str]:
    """The tests of the contract that this backend fails."""

    class Contract(BackendContract):
        def backend(self):
            return backend_class("broken", {})

    failed = set()
    for name in dir(Contract):
        if name.startswith("test_"):
            try:
                getattr(Contract(), name)()
            except pytest.skip.Exception:
                pass
            except Exception:
                failed.add(name)
    return failed


@pytest.fixture
def torch(tmp_path, monkeypatch):
    """A package of that name, so that what imports it can be told from what misses it."""
    (tmp_path / "torch.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("torch", None)


AT_THE_ROOT = (BROKEN[5][0], BROKEN[6][0], ImageAndRefusal, Empty)  # so that many tests fail


@pytest.mark.parametrize(("backend_class", "broken"), BROKEN)
def test_a_broken_backend_fails_where_it_is_broken(torch, backend_class, broken):
    found = failures(backend_class)
    assert broken <= found
    if backend_class not in AT_THE_ROOT:
        assert found == broken


def test_a_heavy_library_that_was_loaded_before_is_found_all_the_same(torch):
    import torch as loaded

    assert failures(LoadsTorch) == {CHEAP}
    assert sys.modules["torch"] is loaded


def test_no_test_of_the_contract_is_without_a_backend_that_fails_it():
    tests = {name for name in dir(BackendContract) if name.startswith("test_")}
    assert set().union(*(broken for _backend, broken in BROKEN)) == tests


def test_the_contract_needs_neither_django_nor_a_database():
    code = (
        "import sys; from generation.backends.contract import BackendContract;"
        "print([name for name in ('django', 'celery', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
