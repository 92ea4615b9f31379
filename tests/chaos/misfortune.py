"""What befalls readers while they read."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.people import Person

READER = (Path(__file__).parent / "reader.mjs").read_text().rstrip().removesuffix(";")
NO_MODULES = "Failed to fetch dynamically imported module"  # the server was just killed
LONGEST_CLOSE_S = 10
PAUSE_S = (1.0, 6.0)  # between two misfortunes of one reader


@dataclass
class Chaos:
    """What befalls the readers; `happened` counts it by name."""

    random: Random
    browser: Any
    url: str
    happened: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    async def read(self, person: Person) -> None:
        """From the first case to the last, in as many tabs as it takes."""
        context = await self.browser.new_context(base_url=self.url)
        place = {"name": "session", "value": person.cookie, "url": self.url}
        await context.add_cookies([place])
        await context.expose_function("tell", lambda *told: self._told(person, *told))
        while not person.is_done and not self.refused:
            await self._in_one_tab(context, person)
        await _close(context)

    def _told(self, person: Person, what: str, value: str, more: Any) -> None:
        if what == "kept":
            person.kept.setdefault(more, []).append(value)
        elif what == "done":
            person.is_done = True
        else:
            self.refused.append(f"{person.username}: {what} {value} {more}")

    async def _in_one_tab(self, context: Any, person: Person) -> None:
        """Until the last case is saved or something befalls the tab."""
        page = await context.new_page()
        await self._arrive(page)
        options = person.options | {"from": person.place}
        reading = asyncio.ensure_future(page.evaluate(f"({READER})", options))
        survives = await self._endure(context, page, reading)
        await _close(page)
        gone = await _error_of(reading)
        if survives and gone and NO_MODULES not in str(gone):
            raise RuntimeError(f"the reader's script failed: {gone}")

    async def _arrive(self, page: Any) -> None:
        """A page of the server's, tried for as often as the network fails."""
        while self.browser.is_connected():
            with suppress(Exception):
                answer = await page.goto("/reading/me", timeout=5000)
                if answer and answer.status == 200:
                    return
            await asyncio.sleep(0.05)
        raise RuntimeError("the browser is gone")

    async def _endure(self, context: Any, page: Any, reading: asyncio.Future[Any]) -> bool:
        """Whether the tab is still there when the reader has come to the end."""
        while not reading.done():
            await asyncio.wait([reading], timeout=self.random.uniform(*PAUSE_S))
            if self.refused:  # nothing may be: it is not waited for what comes after
                return False
            if not reading.done() and not await self._befall(context, page):
                return False
        return True

    async def _befall(self, context: Any, page: Any) -> bool:
        """One misfortune, or none; false when the tab has not survived it."""
        what = self.random.choices(
            ["nothing", "offline", "tab closed", "tab crashed", "second tab"], [12, 3, 1, 1, 1]
        )[0]
        if what == "nothing":
            return True
        self.happened[what] += 1
        match what:
            case "offline":
                await context.set_offline(True)
                await asyncio.sleep(self.random.uniform(0.2, 2))
                await context.set_offline(False)
            case "second tab":
                second = await context.new_page()
                with suppress(Exception):  # the network may fail here, too
                    await second.goto("/reading/")
                await asyncio.sleep(self.random.uniform(0.1, 1))
                await _close(second)
            case "tab closed":
                return False
            case "tab crashed":
                session = await context.new_cdp_session(page)
                with suppress(Exception):
                    await asyncio.wait_for(session.send("Page.crash"), 1)
                return False
        return True


async def _close(what: Any) -> None:
    """A crashed tab may never say that it is closed."""
    with suppress(Exception):
        await asyncio.wait_for(what.close(), LONGEST_CLOSE_S)


async def _error_of(reading: asyncio.Future[Any]) -> BaseException | None:
    await asyncio.wait([reading], timeout=LONGEST_CLOSE_S)
    if not reading.done():
        reading.cancel()
        return None
    return reading.exception()
