"""Sources to import from, and a media folder of the test's own."""

from pathlib import Path

import pytest

from tests.factories.images import make_image


@pytest.fixture
def media(settings, tmp_path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA_ROOT = str(folder)
    return folder


@pytest.fixture
def source(tmp_path) -> Path:
    """An empty folder to import from."""
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def films(source) -> Path:
    """A folder of three different PNG files: a.png, b.png and c.png."""
    for name in ("a.png", "b.png", "c.png"):
        make_image().save(source / name)
    return source
