"""Ratings under a network that fails: `make chaos-ratings RATINGS=10000`.

Readers in a real Chromium answer case after case with the reading room's own modules, against a
real server and Postgres, through a network of which 30 % of the requests meet a fault. Tabs crash
or are closed, the network goes away, the server and the database are killed. Afterwards each answer
must be in the database once, as it was given. Prints what happened; exits with 1 if anything was
not as it must be.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random
from typing import Any

from tests.browser import arguments, ensure_browser
from tests.chaos.misfortune import Chaos
from tests.chaos.people import Person, enrol, violations
from tests.chaos.proxy import Network
from tests.chaos.web import Web, free_port, until_it_answers
from tests.faults.servers import Servers, own_servers

TABS = 6  # readers at once
LIMIT_S = 3600
SETTINGS = {
    "SECRET_KEY": "only-for-chaos-" + "x" * 40,
    "SECURE_SSL": "false",
    "OMP_NUM_THREADS": "1",
}


async def _servers_fail(chaos: Chaos, web: Web, servers: Servers, every_s: float) -> None:
    """Now and then the server or the database is killed, and comes back."""
    while True:
        await asyncio.sleep(chaos.random.uniform(0.5, 1.5) * every_s)
        if chaos.random.random() < 0.5:
            chaos.happened["server killed"] += 1
            web.kill()
            await asyncio.sleep(chaos.random.uniform(0.1, 1))
            web.start()
        else:
            chaos.happened["database killed"] += 1
            await asyncio.to_thread(servers.restart_postgres, signal.SIGKILL)


async def _tell(people: list[Person], chaos: Chaos, network: Network) -> None:
    """Every half minute how far it is."""
    while True:
        await asyncio.sleep(30)
        kept = sum(len(person.kept) for person in people)
        print(
            f"  {kept} kept, {network.requests} requests, {chaos.happened.total()} misfortunes",
            flush=True,
        )


async def rate(people: list[Person], web: Web, servers: Servers, options: Any) -> tuple[Any, ...]:
    """All readers to their end; returns what happened, by whom it was done and how long it took."""
    from playwright.async_api import async_playwright

    random = Random(options.seed)
    network = Network(web.port, random, at_risk=lambda line: b"/static/" not in line)
    listening = await network.start()
    web.start()
    await until_it_answers(web.port)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=ensure_browser(), args=arguments()
        )
        chaos = Chaos(random, browser, f"http://127.0.0.1:{network.port}")
        telling = asyncio.create_task(_tell(people, chaos, network))
        failing = asyncio.create_task(_servers_fail(chaos, web, servers, options.every))
        seats = asyncio.Semaphore(TABS)

        async def sit_down(person: Person) -> None:
            async with seats:
                await chaos.read(person)

        begun = time.monotonic()
        async with asyncio.timeout(LIMIT_S):
            await asyncio.gather(*(sit_down(person) for person in people))
        seconds = time.monotonic() - begun
        telling.cancel()
        failing.cancel()
        with suppress(asyncio.CancelledError):
            await failing
        await until_it_answers(web.port)
        await network.settle()
        await browser.close()
    listening.close()
    return chaos, network, seconds


def report(people: list[Person], cases: int, outcome: tuple[Any, ...]) -> int:
    """Print all of it; 1 if anything was not as it must be."""
    chaos, network, seconds = outcome
    kept = sum(len(ids) for person in people for ids in person.kept.values())
    wrong = violations(people, cases)
    lost = sum(line.startswith("lost") or line.startswith("0 sheets") for line in wrong)
    total = len(people) * cases
    faults = sum(network.happened.values())
    print(
        f"{total} ratings of {len(people)} readers in {seconds:.0f} s ({total / seconds:.0f} a "
        f"second): {network.requests} requests, {faults} met a fault "
        f"({100 * faults / network.requests:.0f} %)"
    )
    for name, count in sorted((network.happened + chaos.happened).items()):
        print(f"  {count:6} {name}")
    print(
        f"{kept} times a sheet was said to be kept; lost {lost}, otherwise wrong "
        f"{len(wrong) - lost}, refused {len(chaos.refused)}"
    )
    for line in [*wrong, *chaos.refused][:20]:
        print(f"    {line}")
    return int(bool(wrong or chaos.refused))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ratings", type=int, default=10_000)
    parser.add_argument("--cases", type=int, default=100, help="of each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=20, help="seconds between killed servers")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # end what was started
    os.environ |= SETTINGS
    with ExitStack() as stack:
        servers = stack.enter_context(own_servers())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="radrate-chaos-")))
        os.environ |= environment(servers, stack.enter_context(servers.new_database()), folder)
        import django

        django.setup()
        from django.db import connections

        people = enrol(max(1, options.ratings // options.cases), options.cases)
        connections.close_all()  # the server of these may be killed
        web = Web(folder, dict(os.environ), free_port())
        stack.callback(web.kill)
        outcome = asyncio.run(rate(people, web, servers, options))
        status = report(people, options.cases, outcome)
        connections.close_all()
        return status


def environment(servers: Servers, database_url: str, folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis_url,
        "RADRATE_VAR": str(folder),
    }


if __name__ == "__main__":
    sys.exit(main())
