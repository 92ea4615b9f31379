import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from radrate import embedded
from radrate.embedded import lease


@contextmanager
def folder_open_to_all() -> Iterator[Path]:
    """A temporary folder that every user may pass through; pytest's own are for one user."""
    with tempfile.TemporaryDirectory(prefix="radrate-test-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o711)
        yield folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with folder_open_to_all() as folder:
        yield folder


@pytest.fixture
def var(open_folder: Path) -> Iterator[Path]:
    """A folder for servers; what a test left running there is stopped and deleted."""
    folder = open_folder / "var"
    yield folder
    if lease.exists(folder):
        lease.wipe(folder)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[embedded.Lease, Path]]:
    """Servers that a module's tests only look at, and the folder of their data."""
    with folder_open_to_all() as folder, embedded.attach(folder / "var") as held:
        yield held, folder / "var" / "servers"
