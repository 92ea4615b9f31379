"""The reading room with as many images as a test wants, whatever the study shows."""

import json
import re
from typing import Any

from playwright.sync_api import Page, Route

LABELS = "ABCD"
CASE = re.compile(r'(<script id="case" type="application/json">)(.*?)(</script>)', re.DOTALL)


def show_images(page: Page, count: int) -> None:
    """What the server tells of a pair is changed on its way: fewer images, or some once more."""

    def change(case: dict[str, Any]) -> dict[str, Any]:
        sent = case["images"]
        images = [
            {"label": label, "url": f"{sent[k % len(sent)]['url']}?{label}"}
            for k, label in enumerate(LABELS[:count])
        ]
        return case | {"images": images, "preload": []}

    def handle(route: Route) -> None:
        response = route.fetch()
        text = response.text()
        if response.headers["content-type"].startswith("application/json"):
            text = json.dumps(change(json.loads(text)))
        else:
            text = CASE.sub(
                lambda found: found[1] + _script(change(json.loads(found[2]))) + found[3], text
            )
        route.fulfill(response=response, body=text)

    page.route(re.compile(r"/reading/case/[^/]+/$"), handle)


def _script(value: dict[str, Any]) -> str:
    return json.dumps(value).replace("<", "\\u003C")
