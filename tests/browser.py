"""A Chromium for the browser tests: one that is there, else Debian's if we may install it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_browser() -> str | None:
    """CHROMIUM, one on PATH, or one that Playwright has installed."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    for name in NAMES:
        if found := shutil.which(name):
            return found
    cache = Path.home() / ".cache" / "ms-playwright"
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"))), None)


def ensure_browser() -> str:
    """The path of a Chromium. Ends the run with what to do where there is none."""
    found = find_browser()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's chromium for the browser tests", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
        found = find_browser()
    if found is None:
        sys.exit(
            "The browser tests need a Chromium. Install one (for example: apt-get install "
            "chromium, or .venv/bin/playwright install chromium), or name it in CHROMIUM."
        )
    return found


def arguments() -> list[str]:
    """Chromium refuses its sandbox to root."""
    return [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
