"""From one case to the next: all images in one frame, nothing fetched, nothing left behind."""

import json
import re
import statistics
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_reading_room import press, start
from tests.factories.people import make_user
from tests.factories.studies import make_open_study

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASES = 8
ANSWERS = "5 1 4 2 3 3 2 4 4 4 5 5 2 4"

# Before the page's own scripts: when keys come, what each frame shows, which addresses live.
WATCH = """
(() => {
  const watch = { keys: [], frames: [], paints: [], live: new Map(), revoked: 0 };
  globalThis.watch = watch;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.code === "Enter") watch.keys.push(event.timeStamp);
  }, true);
  const look = () => {
    const images = [...document.querySelectorAll(".pane img")];
    const addresses = images.filter((image) => image.complete).map((image) => image.src);
    const last = watch.frames.at(-1);
    if (last?.addresses.join() !== addresses.join()) {
      const frame = { at: performance.now(), addresses };
      watch.frames.push(frame);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { frame.painted = performance.now(); };
      channel.port2.postMessage(null);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const { identifier, renderTime } of list.getEntries()) {
      watch.paints.push([identifier, renderTime]);
    }
  }).observe({ type: "element", buffered: true });
  const make = URL.createObjectURL.bind(URL);
  const revoke = URL.revokeObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    const address = make(blob);
    watch.live.set(address, blob.size);
    return address;
  };
  URL.revokeObjectURL = (address) => {
    if (watch.live.delete(address)) watch.revoked += 1;
    revoke(address);
  };
  const { set, get } = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
  Object.defineProperty(HTMLImageElement.prototype, "src", {
    get,
    set(address) {
      this.setAttribute("elementtiming", address);
      set.call(this, address);
    },
  });
})();
"""


@pytest.fixture
def page(transactional_db, login) -> Page:
    manager, reader = make_user(username="manager", is_manager=True), make_user(username="reader1")
    make_open_study(manager=manager, readers=(reader,), block_size=CASES, n=CASES)
    page = login("reader1")
    page.add_init_script(WATCH)
    start(page)
    return page


def watched(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate("JSON.stringify({ ...watch, live: [...watch.live.keys()] })"))


def wait_until_preloaded(page: Page, count: int = 4) -> None:
    page.wait_for_function("count => watch.live.size >= count", arg=count)
    page.wait_for_load_state("networkidle")


def go_on(page: Page) -> None:
    press(page, ANSWERS)
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)


def test_going_on_shows_all_images_at_once_from_the_pages_memory(page):
    for _case in range(CASES - 1):
        wait_until_preloaded(page)
        ahead = set(watched(page)["live"])
        go_on(page)
        expect(page.locator(".pane[data-state=shown]")).to_have_count(2)
        now = page.eval_on_selector_all(".pane img", "all => all.map((image) => image.src)")
        assert set(now) <= ahead  # decoded before they were asked for
    page.wait_for_timeout(300)
    seen = watched(page)
    told(seen)
    assert {len(frame["addresses"]) for frame in seen["frames"]} <= {0, 2}
    for frame in seen["frames"]:
        times = [time for address, time in seen["paints"] if address in frame["addresses"]]
        assert len({round(time, 1) for time in times}) <= 1, "painted in different frames"
    painted = {address for address, _ in seen["paints"]}
    assert len(painted) == 2 * CASES


def told(seen: dict[str, Any]) -> None:
    """From the key press to the frame with the next images, painted: printed, never judged."""
    latencies = []
    for key in seen["keys"]:
        later = [frame for frame in seen["frames"] if frame["at"] > key and frame["addresses"]]
        if later and "painted" in later[0]:
            latencies.append(later[0]["painted"] - key)
    assert len(latencies) >= CASES - 2
    print(
        f"\ngoing on, key press to images painted: median {statistics.median(latencies):.0f} ms, "
        f"maximum {max(latencies):.0f} ms over {len(latencies)} cases"
    )


def test_no_image_is_asked_for_in_the_moment_of_going_on(page):
    wait_until_preloaded(page)
    page.route(re.compile("/i/"), lambda route: route.abort())
    go_on(page)
    expect(page.locator(".pane img")).to_have_count(2)
    expect(page.locator(".pane[data-state=shown]")).to_have_count(2)


def test_what_has_been_shown_is_revoked_and_at_most_two_cases_are_held(page):
    held = []
    for _case in range(4):
        wait_until_preloaded(page)
        earlier = page.eval_on_selector_all(".pane img", "all => all.map((image) => image.src)")
        go_on(page)
        wait_until_preloaded(page)
        live = watched(page)["live"]
        assert not set(earlier) & set(live)
        held.append(len(live))
        for address in earlier:
            gone = "address => fetch(address).then(() => false, () => true)"
            assert page.evaluate(gone, address)
    assert max(held) <= 6, held
    assert watched(page)["revoked"] >= 8


def test_images_that_cannot_be_fetched_are_told_of_and_tried_again(page):
    wait_until_preloaded(page, 6)  # this case and two ahead
    page.route(re.compile("/i/"), lambda route: route.abort())
    for number in (1, 2, 3):
        expect(page.get_by_text(f"Case {number} of").first).to_be_visible()
        expect(page.locator(".pane[data-state=shown]")).to_have_count(2)
        expect(page.locator(".criterion.is-in-hand input").first).to_be_enabled()
        go_on(page)
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    expect(page.locator(".pane img")).to_have_count(0)
    page.unroute(re.compile("/i/"))
    again.press("Enter")
    expect(page.locator(".pane img")).to_have_count(2)
