"""The way of a reader from "my readings" to a case, whatever lies between."""

import re

from playwright.sync_api import Page, expect

CASE = re.compile("/reading/case/")
MOST_SCREENS = 8


def start(page: Page) -> None:
    """Press the button that leads on until images are shown. What the profile asks must have been
    answered before."""
    page.goto("/reading/")
    page.get_by_role("link", name=re.compile("^(Start|Continue)$")).click()
    for _screen in range(MOST_SCREENS):
        if CASE.search(page.url):
            break
        before = page.url
        if "/display/" in before and not before.endswith("/advice/"):
            page.get_by_role("button", name="Skip").click()
        else:
            page.locator(".go-on .primary, .page-head .primary").first.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    expect(page.locator(".pane img").first).to_be_visible()
