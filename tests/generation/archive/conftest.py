from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path) -> Path:
    """An empty folder to make an archive in."""
    path = tmp_path / "dalle2"
    path.mkdir()
    return path
