"""A real browser against a real server, with a real worker where the queue matters."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser import arguments, ensure_browser
from tests.factories.people import PASSWORD

SIZE = {"width": 1440, "height": 900}
Login = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright_of_the_run() -> Iterator[Playwright]:
    # Playwright's loop runs in this thread, where Django would refuse every query
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_of_the_run) -> Iterator[Browser]:
    chromium = playwright_of_the_run.chromium.launch(
        executable_path=ensure_browser(), args=arguments(), headless=True
    )
    yield chromium
    chromium.close()


@pytest.fixture
def login(browser, live_server) -> Iterator[Login]:
    """`login(username)` opens a window of its own, logged in through the form."""
    contexts: list[BrowserContext] = []

    def enter(username: str, **options) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=SIZE, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto("/accounts/login/")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()


def url_of_this_runs_database(url: str) -> str:
    """The same server, but the database of this test run."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@pytest.fixture
def worker(transactional_db, tmp_path) -> Iterator[None]:
    """A Celery worker process on the database and the queue of this test."""
    env = os.environ | {
        "DATABASE_URL": url_of_this_runs_database(os.environ["DATABASE_URL"]),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    cache.delete("heartbeat")
    command = [sys.executable, "-m", "celery", "-A", "radrate.celery", "worker"]
    options = ["--queues", "default,phantom", "--concurrency", "2", "--loglevel", "info"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *options], env=env, cwd=Path(settings.BASE_DIR), stdout=log, stderr=log
        )
    try:
        _wait_for_heartbeat(process, tmp_path / "worker.log")
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_heartbeat(process: subprocess.Popen, log: Path) -> None:
    from radrate.operations.tasks import heartbeat

    heartbeat.delay()
    deadline = time.monotonic() + 60
    while cache.get("heartbeat") is None:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
