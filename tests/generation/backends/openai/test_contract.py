"""Each dialect keeps the contract of backends, against a provider that speaks it."""

import pytest

from generation.backends.contract import BackendContract
from generation.backends.openai import OpenAIBackend
from tests.generation.backends.openai.provider import Provider


class DialectContract(BackendContract):
    dialect = ""
    options: dict = {}

    @classmethod
    def setup_class(cls):
        cls.provider = Provider(cls.dialect)

    @classmethod
    def teardown_class(cls):
        cls.provider.close()

    @pytest.fixture(autouse=True)
    def _key(self, monkeypatch):
        monkeypatch.setenv("IMAGES_KEY", "sk-loopback")

    def backend(self):
        return OpenAIBackend(
            "remote", self.provider.options(API_KEY_ENV="IMAGES_KEY", **self.options)
        )


class TestOpenAI(DialectContract):
    dialect = "openai"
    options = {"SIZES": ["256x256", "256x384"]}


class TestVLLMOmni(DialectContract):
    dialect = "vllm-omni"


class TestSGLang(DialectContract):
    dialect = "sglang"


class TestStableDiffusionCpp(DialectContract):
    dialect = "sd.cpp"


class TestLocalAI(DialectContract):
    dialect = "localai"


class TestLocalAIForTextOnly(DialectContract):
    dialect = "localai"
    options = {"EDITS": False}


class TestLiteLLM(DialectContract):
    dialect = "litellm"
    options = {"SIZES": ["256x256"]}
