"""A network between browser and server that drops, repeats, holds back and garbles."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

BAD_GATEWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 11\r\n"
    b"Connection: close\r\n\r\nBad gateway"
)
HEADERS_END = b"\r\n\r\n"
HELD_S = (0.5, 4.0)  # some of it longer than the browser waits for an answer

Send = Callable[[], Awaitable[bytes]]


@dataclass
class Network:
    """Listens at `port` and passes each request to `upstream`, one connection a request.

    A share of the requests for what is `at_risk` meets a fault; `happened` counts them by name.
    """

    upstream: int
    random: Random
    share: float = 0.3
    at_risk: Callable[[bytes], bool] = lambda line: b"/static/" not in line
    happened: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    port: int = 0
    _later: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> asyncio.Server:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def settle(self) -> None:
        """Wait until nothing that was held back or repeated is still under way."""
        deadline = time.monotonic() + 2 * HELD_S[1]
        while self._later and time.monotonic() < deadline:
            await asyncio.wait(self._later, timeout=0.1)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._hold(self._serve(reader, writer))

    def _hold(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it beside; the loop itself would forget it."""
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            request = await _read_request(reader)
            answer = await self._answer(request)
            if answer:
                writer.write(answer)
                await writer.drain()
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _answer(self, request: bytes) -> bytes:
        """What goes back to the browser; nothing closes the connection."""
        line = request.partition(b"\r\n")[0]
        send = self._sending(request)
        if not self.at_risk(line):
            return await send()
        self.requests += 1
        if self.random.random() >= self.share:
            return await send()
        name = self.random.choice(list(FAULTS))
        self.happened[name] += 1
        return await FAULTS[name](self, send)

    def _sending(self, request: bytes) -> Send:
        async def send() -> bytes:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
            except OSError:
                return b""  # the server is down
            try:
                writer.write(request)
                await writer.drain()
                return await reader.read()
            except OSError:
                return b""
            finally:
                writer.close()

        return send

    def _again(self, send: Send, wait_s: float) -> None:
        async def later() -> None:
            await asyncio.sleep(wait_s)
            await send()

        self._hold(later())

    async def drop_request(self, send: Send) -> bytes:
        return b""

    async def drop_answer(self, send: Send) -> bytes:
        await send()
        return b""

    async def refuse(self, send: Send) -> bytes:
        return BAD_GATEWAY

    async def refuse_what_arrived(self, send: Send) -> bytes:
        await send()
        return BAD_GATEWAY

    async def cut_answer(self, send: Send) -> bytes:
        return (await send())[:-20]

    async def duplicate(self, send: Send) -> bytes:
        """Both at once; the answer is the first's."""
        self._again(send, 0)
        return await send()

    async def repeat_later(self, send: Send) -> bytes:
        """The same arrives again when others have overtaken it."""
        self._again(send, self.random.uniform(*HELD_S))
        return await send()

    async def hold_back(self, send: Send) -> bytes:
        """Arrives when the browser may have given it up and sent anew."""
        await asyncio.sleep(self.random.uniform(*HELD_S))
        return await send()


FAULTS: dict[str, Callable[[Network, Send], Awaitable[bytes]]] = {
    "request dropped": Network.drop_request,
    "answer dropped": Network.drop_answer,
    "502": Network.refuse,
    "502 after the commit": Network.refuse_what_arrived,
    "answer cut": Network.cut_answer,
    "duplicated": Network.duplicate,
    "repeated later": Network.repeat_later,
    "held back": Network.hold_back,
}


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    """One whole request that asks the server to close the connection after it."""
    head = await reader.readuntil(HEADERS_END)
    lines = head[: -len(HEADERS_END)].split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    length = next(
        (int(line[15:]) for line in kept if line.lower().startswith(b"content-length:")), 0
    )
    body = await reader.readexactly(length)
    return b"\r\n".join([*kept, b"Connection: close"]) + HEADERS_END + body
