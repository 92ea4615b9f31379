"""Tiny models, built once a run. Tests that ask for them run where the extra is installed."""

from pathlib import Path

import pytest

from tests.generation.backends.diffusers import tiny


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """The folder of `plain`, `checked`, `inpaint`, `lora` and `other_lora`."""
    pytest.importorskip("diffusers", reason="needs the extra diffusers")
    folder = tmp_path_factory.mktemp("models")
    tiny.build_all(folder)
    return folder
