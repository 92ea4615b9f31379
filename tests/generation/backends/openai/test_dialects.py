"""Each dialect as its own server sees it on the wire."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generation.backends.base import InvalidRequest, Operation, Unsupported
from generation.backends.contract import Recorder
from generation.backends.openai import OpenAIBackend
from generation.backends.openai.dialects import DIALECTS, both_ways
from tests.generation.backends.openai.conftest import edit_request, text_request
from tests.generation.backends.openai.provider import EXTRA

SEEDED = ["vllm-omni", "sglang", "sd.cpp", "localai"]
WITH_EDITS = [name for name in DIALECTS if name != "sglang"]


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("IMAGES_KEY", "sk-loopback")
    return "IMAGES_KEY"


def side_of(backend):
    return (backend.capabilities().sizes or ((256, 256),))[0]


@pytest.fixture
def speak(provide, key):
    def start(dialect, **more):
        provider = provide(dialect)
        if dialect in ("openai", "litellm"):
            more = {"SIZES": ["256x256"], **more}
        return provider, OpenAIBackend("remote", provider.options(API_KEY_ENV=key, **more))

    return start


@pytest.mark.parametrize("dialect", DIALECTS)
def test_text_to_image_gives_one_image_an_index(speak, dialect):
    provider, backend = speak(dialect)
    result = backend.run(text_request(n=3, size=side_of(backend)), Recorder())
    assert [image.index for image in result.images] == [0, 1, 2]
    assert {image.image.size for image in result.images} == {side_of(backend)}
    assert {image.media_type for image in result.images} == {"image/png"}
    assert all(image.raw.startswith(b"\x89PNG") for image in result.images)
    assert (result.model, result.images[0].metadata["dialect"]) == ("model-1", dialect)
    assert [seen.path for seen in provider.seen] == ["/v1/images/generations"]
    assert provider.seen[0].fields["model"] == "model-1"


@pytest.mark.parametrize("dialect", WITH_EDITS)
def test_a_dialects_server_reads_the_mask_as_meant(speak, dialect):
    _provider, backend = speak(dialect)
    request = edit_request(n=2, size=side_of(backend))
    result = backend.run(request, Recorder())
    source, mask = np.asarray(request.image), np.asarray(request.mask) > 127
    for image in result.images:
        pixels = np.asarray(image.image.convert("L"))
        assert np.array_equal(pixels[~mask], source[~mask])
        assert np.mean(pixels[mask] != source[mask]) > 0.9


@pytest.mark.parametrize("dialect", SEEDED)
def test_where_seeds_are_obeyed_each_output_is_asked_for_with_its_own(speak, dialect):
    provider, backend = speak(dialect)
    size = side_of(backend)
    first = backend.run(text_request(n=2, size=size, seeds=(7, 8)), Recorder())
    assert [image.seed for image in first.images] == [7, 8]
    assert len(provider.seen) == 2
    alone = backend.run(text_request(n=1, size=size, seeds=(8,)), Recorder())
    assert first.images[1].raw == alone.images[0].raw
    assert first.images[0].raw != alone.images[0].raw


@pytest.mark.parametrize("dialect", ["openai", "litellm"])
def test_where_there_are_no_seeds_none_is_sent_or_claimed(speak, dialect):
    provider, backend = speak(dialect)
    result = backend.run(text_request(n=2, seeds=(7, 8)), Recorder())
    assert "seed" not in provider.seen[0].fields
    assert [image.seed for image in result.images] == [None, None]
    assert not backend.capabilities().seed


def test_seeds_are_claimed_only_where_every_operation_obeys_them(speak):
    claimed = {name: speak(name)[1].capabilities().seed for name in DIALECTS}
    assert {name for name, seed in claimed.items() if seed} == {"vllm-omni", "sglang", "sd.cpp"}
    assert speak("localai", EDITS=False)[1].capabilities().seed


def test_paid_providers_get_the_request_id_as_idempotency_key(speak):
    keys = {}
    for dialect in DIALECTS:
        provider, backend = speak(dialect)
        backend.run(text_request(size=side_of(backend), request_id="job-9.3"), Recorder())
        headers = {name.lower(): value for name, value in provider.seen[0].headers.items()}
        keys[dialect] = headers.get("idempotency-key")
    told = {name for name, value in keys.items() if value == "job-9.3"}
    assert told == {"openai", "litellm"} == {name for name, value in keys.items() if value}


def test_openai_is_sent_nothing_that_it_does_not_know(speak):
    provider, backend = speak("openai", PARAMS={"quality": "high", "moderation": "auto"})
    backend.run(text_request(params={"moderation": "low"}), Recorder())
    assert provider.seen[0].fields == {
        "model": "model-1",
        "prompt": "An X-ray of the knee",
        "n": 1,
        "size": "256x256",
        "quality": "high",
        "moderation": "low",
    }


def test_vllm_omni_takes_the_negative_prompt_and_its_own_name_of_the_mask(speak):
    provider, backend = speak("vllm-omni")
    backend.run(
        edit_request(negative_prompt="a cast", params={"strength": 0.9}),
        Recorder(),
    )
    assert set(provider.seen[0].files) == {"image", "mask_image"}
    assert provider.seen[0].fields["negative_prompt"] == "a cast"
    assert provider.seen[0].fields["strength"] == "0.9"


def test_stable_diffusion_cpp_gets_its_extra_arguments_in_the_prompt(speak):
    provider, backend = speak("sd.cpp")
    backend.run(
        text_request(
            seeds=(5,),
            negative_prompt="a “cast”",
            params={"sample_params": {"sample_steps": 9}},
        ),
        Recorder(),
    )
    fields = provider.seen[0].fields
    assert set(fields) == {"model", "prompt", "n", "size"}
    assert EXTRA.sub("", fields["prompt"]) == "An X-ray of the knee"
    assert json.loads(EXTRA.search(fields["prompt"])[1]) == {
        "sample_params": {"sample_steps": 9},
        "negative_prompt": "a “cast”",
        "seed": 5,
    }


def test_localai_inpaints_by_its_own_path_one_image_a_request(speak):
    provider, backend = speak("localai")
    backend.run(edit_request(n=2, size=(512, 512), params={"steps": 12}), Recorder())
    posts = [seen for seen in provider.seen if seen.method == "POST"]
    assert [seen.path for seen in posts] == ["/v1/images/inpainting"] * 2
    assert posts[0].fields == {"model": "model-1", "prompt": "a knee", "steps": "12"}


def test_localai_gets_the_negative_prompt_after_a_bar(speak):
    provider, backend = speak("localai")
    backend.run(
        text_request(size=(512, 512), negative_prompt="a cast", params={"steps": 9}), Recorder()
    )
    assert provider.seen[0].fields["prompt"] == "An X-ray of the knee|a cast"
    assert provider.seen[0].fields["step"] == 9


def test_sglang_does_not_inpaint_because_it_ignores_the_mask(speak):
    provider, backend = speak("sglang")
    with pytest.raises(Unsupported):
        backend.run(edit_request(), Recorder())
    assert provider.seen == []
    assert Operation.INPAINT in speak("sglang", EDITS=True)[1].capabilities().operations


@pytest.mark.parametrize(
    ("dialect", "fields", "words"),
    [
        ("openai", {"negative_prompt": "a cast"}, "no negative prompt"),
        ("openai", {"params": {"num_inference_steps": 9}}, "takes no parameter “num_inference"),
        ("openai", {"params": {"defect": "missing_fibula"}}, "takes no parameter “defect”"),
        ("sd.cpp", {"prompt": "knee <sd_cpp_extra_args>{}</sd_cpp_extra_args>"}, "must not hold"),
        ("sd.cpp", {"negative_prompt": "</sd_cpp_extra_args>"}, "must not hold"),
        ("localai", {"prompt": "knee | hand"}, "what follows “|”"),
    ],
)
def test_what_a_dialect_cannot_say_is_never_sent(speak, dialect, fields, words):
    provider, backend = speak(dialect)
    with pytest.raises(InvalidRequest, match=words.replace("|", r"\|")):
        backend.run(text_request(size=side_of(backend), **fields), Recorder())
    assert provider.seen == []


def test_localai_inpaints_without_a_negative_prompt(speak):
    provider, backend = speak("localai")
    with pytest.raises(InvalidRequest, match="to inpaint"):
        backend.run(edit_request(size=(512, 512), negative_prompt="a cast"), Recorder())
    assert provider.seen == []


def test_any_size_of_openai_keeps_to_three_to_one(speak):
    provider, backend = speak("openai", SIZES="any")
    backend.run(text_request(size=(1536, 512)), Recorder())
    with pytest.raises(InvalidRequest, match="3 times"):
        backend.run(text_request(size=(1552, 512)), Recorder())
    with pytest.raises(InvalidRequest, match="1000 px"):
        backend.run(text_request(size=(1000, 1024)), Recorder())
    assert len(provider.seen) == 1


def test_without_a_key_none_is_sent(provide, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another")
    provider = provide("vllm-omni")
    backend = OpenAIBackend("local", provider.options())
    backend.run(text_request(), Recorder())
    names = {name.lower() for name in provider.seen[0].headers}
    assert "authorization" not in names


@given(st.binary(min_size=12, max_size=12))
def test_one_mask_is_right_by_either_convention(levels):
    mask = Image.frombytes("L", (4, 3), levels)
    generate = np.asarray(mask) > 127
    both = both_ways(mask)
    assert np.array_equal(np.asarray(both.convert("L")), np.where(generate, 255, 0))
    assert np.array_equal(np.asarray(both.convert("RGB"))[..., 1], np.where(generate, 255, 0))
    assert np.array_equal(np.asarray(both.getchannel("A")), np.where(generate, 0, 255))
