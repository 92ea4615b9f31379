"""A reader in the reading room, by keys; and what the browser keeps."""

import re
import time
from typing import Any

from playwright.sync_api import Error, Page, expect

from radrate.reading.models import Rating

KEYS = "5 1 4 2 3 3 2 4 4 4 5 5 2 4"
OTHER_KEYS = "1 2 3 4 5 1 2 3 4 4 4 5 1 3"
READ_STORE = """store => new Promise((resolve, reject) => {
    const opening = indexedDB.open("radrate", 1);
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onsuccess = () => {
        const reading = opening.result.transaction(store).objectStore(store).getAll();
        reading.onsuccess = () => { opening.result.close(); resolve(reading.result); };
    };
})"""


def images_shown(page: Page) -> None:
    expect(page.locator(".pane img").first).to_be_visible()


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def submit(page: Page) -> None:
    page.keyboard.press("Control+Enter")


def kept(page: Page, store: str) -> list[dict[str, Any]]:
    """What the browser keeps for its readers."""
    try:
        return page.evaluate(READ_STORE, store)
    except Error:  # the page was just being left
        page.wait_for_load_state()
        return page.evaluate(READ_STORE, store)


def rate(page: Page, keys: str) -> None:
    """Answer a case and go on; returns when the server has it and the next case is there."""
    before = page.url
    press(page, keys)
    submit(page)
    page.wait_for_url(lambda url: url != before)
    all_sent(page)


def all_sent(page: Page) -> None:
    wait_until(lambda: kept(page, "outbox") == [])


def waiting(page: Page, count: int) -> None:
    """Returns when so many sheets wait in the browser and the page says so."""
    wait_until(lambda: len(kept(page, "outbox")) == count)
    said = "1 case waits to be saved" if count == 1 else f"{count} cases wait to be saved"
    expect(page.locator("#save-state")).to_have_text(said)


def ahead_is_ready(page: Page, cases: int = 1) -> None:
    """Wait until the images of so many cases after this one are here as well."""
    wanted = 2 * (cases + 1)
    page.wait_for_function(
        "wanted => performance.getEntriesByType('resource')"
        ".filter(entry => /\\/i\\//.test(entry.name) && entry.responseEnd > 0).length >= wanted",
        arg=wanted,
    )
    page.wait_for_timeout(100)  # decoded


def case_number(page: Page) -> int:
    return int(re.search(r"Case (\d+) of", page.locator("body").inner_text())[1])


def scores(position: int) -> dict[str, int | None]:
    """Of the last sheet of a case."""
    rating = Rating.objects.filter(assignment__position=position).order_by("-revision").first()
    return {f"{score.criterion.key}{score.image}": score.value for score in rating.scores.all()}


def wait_until(holds: Any, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
