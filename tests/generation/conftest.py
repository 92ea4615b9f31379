"""A scripted backend for every test of generation, and campaigns made of its words."""

import pytest

SCRIPTED = "tests.generation.scripted.ScriptedBackend"


@pytest.fixture(autouse=True)
def image_backends(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.IMAGE_BACKENDS = {
        "scripted": {
            "BACKEND": SCRIPTED,
            "OPTIONS": {"QUEUE": "scripted", "LOG": str(tmp_path / "requests.log")},
        },
    }
    return settings.IMAGE_BACKENDS


@pytest.fixture
def requests(tmp_path):
    """The request ids that the backend has seen so far."""

    def seen() -> list[str]:
        log = tmp_path / "requests.log"
        return log.read_text().splitlines() if log.exists() else []

    return seen
