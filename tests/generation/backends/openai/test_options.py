"""OPTIONS: what is wrong with them is told in words, before a worker finds out."""

import subprocess
import sys

import pytest

from generation.backends import registry
from generation.backends.base import Misconfigured, Operation
from generation.backends.contract import Recorder
from generation.backends.openai import OpenAIBackend
from generation.backends.openai.options import NAMES
from generation.checks import check_backends
from tests.generation.backends.openai.conftest import text_request
from tests.generation.backends.openai.provider import Reply, error

GOOD = {"MODEL": "model-1", "API_KEY_ENV": "IMAGES_KEY"}
LOCAL = {"MODEL": "m", "DIALECT": "sd.cpp", "BASE_URL": "http://10.0.0.5/v1", "ALLOW_PRIVATE": True}


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("IMAGES_KEY", "sk-of-the-test")


def problems(**options):
    return OpenAIBackend("remote", options).check()


def test_what_is_needed_is_the_model_and_a_key():
    assert problems(**GOOD) == []
    assert problems(**LOCAL) == []
    capabilities = OpenAIBackend("remote", GOOD).capabilities()
    assert capabilities.operations == {Operation.TEXT_TO_IMAGE, Operation.INPAINT}
    assert capabilities.sizes == ((1024, 1024), (1536, 1024), (1024, 1536))
    assert (capabilities.max_outputs, capabilities.seed) == (10, False)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"API_KEY_ENV": "IMAGES_KEY"}, ["MODEL is required."]),
        ({"MODEL": "m"}, ["A key is required: name it by API_KEY_FILE or API_KEY_ENV."]),
        ({**GOOD, "MODEL": " "}, ["MODEL must be a name."]),
        ({**GOOD, "API_KEY_ENV": "NO_SUCH_KEY"}, ["The variable NO_SUCH_KEY holds no key."]),
        (
            {**GOOD, "API_KEY_FILE": "/x"},
            ["Name the key by API_KEY_FILE or by API_KEY_ENV, not by both."],
        ),
        (
            {"MODEL": "m", "API_KEY_FILE": "/nowhere/key"},
            ["The file /nowhere/key of API_KEY_FILE cannot be read: FileNotFoundError."],
        ),
        ({"MODEL": "m", "DIALECT": "vllm-omni"}, ["BASE_URL is required."]),
        (
            {**GOOD, "DIALECT": "dall-e"},
            [
                "DIALECT must be one of openai, vllm-omni, sglang, sd.cpp, localai, litellm, "
                "not “dall-e”."
            ],
        ),
        ({**GOOD, "MODLE": "m"}, ["There is no option MODLE."]),
        ({**GOOD, "TIMEOUT": "soon"}, ["TIMEOUT must be a number above 0."]),
        ({**GOOD, "TIMEOUT": True}, ["TIMEOUT must be a number above 0."]),
        ({**GOOD, "MAX_ANSWER_MB": 0}, ["MAX_ANSWER_MB must be a number above 0."]),
        ({**GOOD, "MAX_OUTPUTS": 11}, ["MAX_OUTPUTS must be 1 to 10."]),
        ({**GOOD, "EDITS": "no"}, ["EDITS must be true or false."]),
        ({**GOOD, "SIZES": "1024x1024"}, ['SIZES must be “any” or a list such as ["1024x1024"].']),
        ({**GOOD, "SIZES": ["1024"]}, ["SIZES must hold sizes such as “1024x1024”."]),
        ({**GOOD, "PARAMS": "high"}, ["PARAMS must be a mapping."]),
        (
            {**GOOD, "FILE_ORIGINS": ["http://cdn.example.org"]},
            ["FILE_ORIGINS must begin with https:// unless ALLOW_PRIVATE is true."],
        ),
        ({"MODEL": "m", "API_KEY_ENV": 5}, ["The variable 5 cannot be read: TypeError."]),
        ({**GOOD, "FILE_ORIGINS": "https://x"}, ["FILE_ORIGINS must be a list of addresses."]),
        (
            {**GOOD, "FILE_ORIGINS": ["x"]},
            [
                "FILE_ORIGINS holds what is no address: "
                "it must begin with https:// or http:// and name a host."
            ],
        ),
    ],
)
def test_what_is_wrong_is_told(options, words):
    assert problems(**options) == words


def test_a_parameter_that_the_dialect_does_not_take_is_told():
    (told,) = problems(**GOOD, PARAMS={"steps": 9})
    assert told.startswith("PARAMS holds “steps”; OpenAI takes background, ")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("api.example.org/v1", "it must begin with https://"),
        ("ftp://api.example.org", "it must begin with https://"),
        ("https://user:pw@api.example.org/v1", "it must not hold a user or a password"),
        ("https://api.example.org:port/v1", "is no address"),
        ("https://api example.org/v1", "it must begin with https://"),
        ("https://api.example.org/v1?key=1", "must hold no query"),
        ("http://api.example.org/v1", "must begin with https:// unless ALLOW_PRIVATE"),
        ("https://10.0.0.5/v1", "10.0.0.5 is a private or loopback address; see ALLOW_PRIVATE"),
        ("https://169.254.169.254/", "link-local or metadata"),
        ("https://[::1]/v1", "::1 is a private or loopback address"),
        (7, "must be an address such as"),
    ],
)
def test_a_bad_address_is_told(url, words):
    (told,) = problems(**GOOD, BASE_URL=url)
    assert told.startswith("BASE_URL ")
    assert words in told


def test_a_metadata_address_is_not_even_allowed_by_the_settings():
    (told,) = problems(**LOCAL | {"BASE_URL": "http://169.254.169.254/v1"})
    assert "link-local or metadata" in told


def test_all_that_is_wrong_is_told_at_once():
    assert len(problems(TIMEOUT=-1, EDITS=3, DIALEKT="x")) == 5


def test_wrong_options_stop_a_run_in_the_same_words():
    backend = OpenAIBackend("remote", {**GOOD, "TIMEOUT": -1, "SIZES": ["256x256"]})
    with pytest.raises(Misconfigured, match="TIMEOUT must be a number above 0"):
        backend.run(text_request(), Recorder())


def test_a_missing_key_stops_a_run_in_the_same_words(monkeypatch):
    monkeypatch.delenv("IMAGES_KEY")
    backend = OpenAIBackend("remote", {**GOOD, "SIZES": ["256x256"]})
    with pytest.raises(Misconfigured, match="The variable IMAGES_KEY holds no key"):
        backend.run(text_request(), Recorder())


def test_a_key_may_stand_in_a_file_with_a_line_break(provide, tmp_path):
    provider = provide()
    file = tmp_path / "key"
    file.write_text("sk-from-file\n")
    backend = OpenAIBackend("r", provider.options(API_KEY_FILE=str(file), SIZES=["256x256"]))
    backend.run(text_request(), Recorder())
    assert provider.seen[0].headers["authorization"] == "Bearer sk-from-file"
    file.write_text("sk-rotated")
    backend.run(text_request(), Recorder())
    assert provider.seen[1].headers["authorization"] == "Bearer sk-rotated"


def test_a_file_that_holds_more_than_a_key_is_told_without_its_content(tmp_path):
    file = tmp_path / "key"
    file.write_text("sk-one\nsk-two")
    (told,) = problems(MODEL="m", API_KEY_FILE=str(file))
    assert told == f"The file {file} of API_KEY_FILE holds more than a key."


def test_the_system_check_tells_it(settings):
    settings.IMAGE_BACKENDS = {
        "remote": {
            "BACKEND": "generation.backends.openai.OpenAIBackend",
            "OPTIONS": {"API_KEY_ENV": "NO_SUCH_KEY"},
        }
    }
    assert [(message.id, message.obj, message.msg) for message in check_backends()] == [
        ("generation.W001", "remote", "MODEL is required."),
        ("generation.W001", "remote", "The variable NO_SUCH_KEY holds no key."),
    ]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply({"data": []}), []),
        (error(404, message="no models here"), []),
        (error(401, message="wrong"), ["does not accept the key (status 401)"]),
        (error(503, message="warming up"), ["status 503: warming up"]),
    ],
)
def test_health_asks_the_provider(settings, provide, reply, words):
    provider = provide()
    provider.script = [reply]
    settings.IMAGE_BACKENDS = {
        "remote": {
            "BACKEND": "generation.backends.openai.OpenAIBackend",
            "OPTIONS": provider.options(API_KEY_ENV="IMAGES_KEY"),
        }
    }
    told = registry.health("remote")
    assert len(told) == len(words)
    assert all(word in one for word, one in zip(words, told, strict=True))
    assert [seen.path for seen in provider.seen] == ["/v1/models"]


def test_health_tells_of_a_host_that_does_not_answer_and_check_does_not_ask_it(provide):
    provider = provide()
    provider.close()
    backend = OpenAIBackend("remote", provider.options(API_KEY_ENV="IMAGES_KEY"))
    assert backend.check() == []
    (told,) = backend.health()
    assert told.startswith("The provider cannot be reached: ")


def test_health_does_not_ask_with_wrong_options(provide):
    provider = provide()
    backend = OpenAIBackend("remote", provider.options(API_KEY_ENV="NO_SUCH_KEY"))
    assert backend.health() == ["The variable NO_SUCH_KEY holds no key."]
    assert provider.seen == []


def test_building_and_checking_load_neither_the_client_nor_the_network():
    code = (
        "import os, sys; os.environ['K'] = 'sk';"
        "from generation.backends.openai import OpenAIBackend;"
        "b = OpenAIBackend('r', {'MODEL': 'm', 'API_KEY_ENV': 'K'});"
        "assert b.check() == [], b.check(); b.capabilities();"
        "print([name for name in ('openai', 'httpx2', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_names_are_all_read():
    import inspect

    from generation.backends.openai import options

    source = inspect.getsource(options.read) + inspect.getsource(options.api_key)
    assert [name for name in NAMES if f'"{name}"' not in source] == []
