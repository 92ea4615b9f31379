"""What goes wrong on the way: what is tried later, what is not, and what it says."""

import base64
import io
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from PIL import Image

from generation.backends.base import (
    Cancelled,
    InvalidRequest,
    Misconfigured,
    PermanentError,
    Refused,
    TransientError,
)
from generation.backends.contract import Recorder
from generation.backends.openai import OpenAIBackend
from generation.backends.openai.errors import retry_after
from tests.generation.backends.openai.conftest import text_request
from tests.generation.backends.openai.provider import Reply, data, error, slot

UNKNOWN = "application/octet-stream"
SMALL = {"API_KEY_ENV": "IMAGES_KEY", "SIZES": ["256x256"]}
PAGE = Reply(b"<html>Sign in</html>", media_type="text/html")


@pytest.fixture
def hasty(provider):
    """A backend that does not wait long."""
    made = OpenAIBackend("remote", provider.options(**SMALL, TIMEOUT=0.4))
    yield made
    made.close()


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_transient_and_asked_once(provider, backend, status):
    provider.script = [error(status, {"Retry-After": "7"}, code="busy", message="slow down")]
    with pytest.raises(TransientError, match="slow down") as caught:
        backend.run(text_request(), Recorder())
    assert caught.value.retry_after == 7
    assert len(provider.seen) == 1


def test_a_gateways_page_is_transient_too(provider, backend):
    provider.script = [Reply(b"<html>Bad gateway</html>", status=502, media_type="text/html")]
    with pytest.raises(TransientError, match="status 502"):
        backend.run(text_request(), Recorder())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "2.5"}, 2.5),
        ({"retry-after-ms": "1500", "Retry-After": "9"}, 1.5),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
    ],
)
def test_retry_after_is_read_in_each_of_its_forms(headers, seconds):
    assert retry_after(headers) == seconds


def test_retry_after_may_be_a_date():
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after({"Retry-After": date}) == pytest.approx(90, abs=3)


@pytest.mark.parametrize(
    "reply",
    [
        error(429, code="insufficient_quota", type="insufficient_quota", message="pay"),
        error(429, type="insufficient_quota", message="pay"),
        error(400, code="billing_hard_limit_reached", message="pay"),
        error(402, message="pay"),
    ],
)
def test_a_used_up_quota_is_permanent(provider, backend, reply):
    provider.script = [reply]
    with pytest.raises(PermanentError, match="pay") as caught:
        backend.run(text_request(), Recorder())
    assert caught.value.reason_code == "quota"
    assert len(provider.seen) == 1


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (error(401, code="invalid_api_key", message="bad key"), Misconfigured, "the key"),
        (error(403, message="forbidden"), Misconfigured, "the key"),
        (error(401, message="see our content policy"), Misconfigured, "the key"),
        (error(404, code="model_not_found", message="gone"), Misconfigured, "no such model"),
        (Reply({"detail": "Not Found"}, status=404), Misconfigured, "Not Found"),
        (Reply(b"", 302, {"Location": "http://127.0.0.1:1/"}), Misconfigured, "redirect"),
        (Reply({"error": "prompt required"}, status=400), InvalidRequest, "prompt required"),
        (Reply({"detail": [{"loc": ["n"]}]}, status=422), InvalidRequest, "loc"),
        (Reply({"message": "too large"}, status=413), InvalidRequest, "too large"),
        (error(501, message="not here"), PermanentError, "501"),
        (error(418, message="a teapot"), PermanentError, "teapot"),
        (PAGE, Misconfigured, "text/html instead of JSON"),
        (Reply([1, 2]), Misconfigured, "no JSON object"),
    ],
)
def test_what_never_will_pass_says_why(provider, backend, reply, kind, words):
    provider.script = [reply]
    with pytest.raises(kind, match=words) as caught:
        backend.run(text_request(), Recorder())
    assert type(caught.value) is kind
    assert len(provider.seen) == 1


def test_a_key_that_a_provider_repeats_is_not_told(provider, backend):
    provider.script = [error(401, message="Incorrect API key provided: sk-loopback.")]
    with pytest.raises(Misconfigured, match=r"provided: \(the key\)\."):
        backend.run(text_request(), Recorder())


def test_a_long_message_is_cut(provider, backend):
    provider.script = [error(400, message="x" * 5000)]
    with pytest.raises(InvalidRequest) as caught:
        backend.run(text_request(), Recorder())
    assert len(caught.value.public_message) < 600


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b'{"data": [{"b64_js', length=5000),
        Reply(b'{"data": [{"b64_js'),
        Reply(b"[" * 200_000),
    ],
    ids=["closed early", "cut off", "nested"],
)
def test_a_body_that_is_cut_off_or_garbled_is_tried_again(provider, backend, reply):
    provider.script = [reply]
    with pytest.raises(TransientError):
        backend.run(text_request(), Recorder())


def test_a_provider_that_hangs_is_left_after_the_timeout(provider, hasty):
    provider.script = [Reply({"data": []}, seconds=3)]
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"within 0\.4 s"):
        hasty.run(text_request(), Recorder())
    assert time.monotonic() - started < 2.5


def test_a_provider_that_drips_is_left_after_the_timeout(provider, hasty):
    provider.script = [Reply({"data": [slot()]}, drip=0.05)]
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"within 0\.4 s"):
        hasty.run(text_request(), Recorder())
    assert time.monotonic() - started < 2.5


def test_a_provider_that_is_not_there_is_transient(provide):
    provider = provide("vllm-omni")
    provider.close()
    with pytest.raises(TransientError, match="cannot be reached"):
        OpenAIBackend("local", provider.options()).run(text_request(), Recorder())


def test_a_cancelled_job_does_not_wait_for_the_provider(provider, backend):
    provider.script = [Reply({"data": []}, seconds=3)]
    context = Recorder(cancel_after=1)
    started = time.monotonic()
    with pytest.raises(Cancelled):
        backend.run(text_request(), context)
    assert time.monotonic() - started < 2
    assert context.fractions == [0]


def test_a_cancelled_job_is_not_begun(provider, backend):
    with pytest.raises(Cancelled):
        backend.run(text_request(), Recorder(cancel_after=0))
    assert provider.seen == []


def test_while_the_provider_works_the_lease_is_kept(provider, backend):
    provider.script = [Reply({"data": [slot()]}, seconds=0.6)]
    context = Recorder()
    backend.run(text_request(), context)
    assert context.fractions[:2] == [0, 0]
    assert context.fractions[-1] == 1


@pytest.mark.parametrize(
    ("given", "media_type"),
    [
        (slot((512, 512)), "image/png"),
        ({"b64_json": slot()["b64_json"][:200]}, "image/png"),
        ({"b64_json": "no base64!"}, UNKNOWN),
        ({"b64_json": base64.b64encode(b"<html>").decode()}, UNKNOWN),
        (
            {"b64_json": base64.b64encode(b"GIF89a,").decode()},
            UNKNOWN,
        ),
        ({"b64_json": 7}, UNKNOWN),
    ],
    ids=["wrong size", "truncated", "no base64", "HTML", "GIF", "a number"],
)
def test_a_file_that_is_not_the_image_asked_for_is_kept_but_not_decoded(
    provider, backend, given, media_type
):
    provider.script = [data(given, slot())]
    bad, good = backend.run(text_request(n=2), Recorder()).images
    assert (bad.image, bad.media_type) == (None, media_type)
    assert bad.raw
    assert good.image.size == (256, 256)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_other_formats_are_told_by_the_file_itself(provider, backend, kind):
    stream = io.BytesIO()
    Image.new("RGB", (256, 256), (90, 90, 90)).save(stream, kind)
    provider.script = [data({"b64_json": base64.b64encode(stream.getvalue()).decode()})]
    image = backend.run(text_request(), Recorder()).images[0]
    assert image.media_type == f"image/{kind.lower()}"
    assert image.image.size == (256, 256)


def test_an_answer_that_is_too_large_is_not_read_to_its_end(provider):
    backend = OpenAIBackend("r", provider.options(**SMALL, MAX_ANSWER_MB=0.01))
    provider.script = [Reply(b"x" * 200_000)]
    with pytest.raises(PermanentError, match="MAX_ANSWER_MB"):
        backend.run(text_request(), Recorder())


def test_a_compressed_answer_is_not_unpacked(provider, backend):
    provider.script = [Reply(b"bomb", headers={"Content-Encoding": "gzip"})]
    with pytest.raises(PermanentError, match="compressed"):
        backend.run(text_request(), Recorder())


def test_what_a_provider_says_can_be_stored(provider, backend):
    odd = "a knee\0 \ud800 "
    provider.script = [
        data(
            slot(revised_prompt=odd + "x" * 40_000),
            {"b64_json": "", "message": odd},
            usage={"cost": float("nan"), "tokens": 9, odd: 1, "model": "m", "of": {"image": 1}},
        )
    ]
    result = backend.run(text_request(n=2), Recorder())
    made, refused = result.images
    for words in (made.revised_prompt, refused.refusal.message, *result.usage):
        assert "\0" not in words
        words.encode()
    assert len(made.revised_prompt) == 32_000
    assert list(result.usage.values()) == [9, 1, {"image": 1}]
    provider.script = [error(400, message=odd, code="content_filter", type=odd)]
    with pytest.raises(Refused) as caught:
        backend.run(text_request(), Recorder())
    assert caught.value.public_message == "a knee ?"


def test_the_connection_is_given_up_sooner_than_the_answer(provider, backend):
    timeout = backend._client()._client.timeout
    assert (timeout.connect, timeout.read) == (5, 5)
    slow = OpenAIBackend("r", provider.options(**SMALL | {"TIMEOUT": 300}))
    timeout = slow._client()._client.timeout
    assert (timeout.connect, timeout.read) == (10, 300)


def test_the_revised_prompt_and_the_usage_are_kept(provider, backend):
    provider.script = [data(slot(revised_prompt="A knee"), usage={"total_tokens": 9})]
    result = backend.run(text_request(), Recorder())
    assert result.images[0].revised_prompt == "A knee"
    assert result.usage == {"total_tokens": 9}
