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
    skip = page.get_by_role("button", name="Skip")
    onward = page.locator(".go-on .primary, .page-head .primary").first
    image = page.locator(".pane img").first
    for _screen in range(MOST_SCREENS):
        expect(skip.or_(onward).or_(image).first).to_be_visible()
        if CASE.search(page.url):
            break
        with page.expect_navigation():
            if skip.is_visible():
                skip.click()
            else:
                onward.press("Enter")
    expect(page.locator(".pane img").first).to_be_visible()
