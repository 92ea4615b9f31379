"""The HTTP transport of this backend: pinned to a checked address, capped in size and in time.

Imports the client's HTTP library, so import this where it is used.
"""

import time
from collections.abc import Iterator
from typing import cast

import httpx2

from generation.backends.base import BackendError, Misconfigured, PermanentError
from generation.backends.openai.addresses import PORTS, AddressRefused, resolve
from generation.backends.openai.options import Settings

CONNECT_SECONDS = 10.0
USER_AGENT = "RadRate"


class Stopped(httpx2.RequestError):
    """This transport ended the request; `error` says why and what becomes of the job."""

    def __init__(self, error: BackendError) -> None:
        super().__init__(error.public_message)
        self.error = error


class GuardedTransport(httpx2.BaseTransport):
    """Connects to an address that has been checked, and to no other.

    The name is resolved and checked for every request, and the connection goes to that very
    address, so that a DNS answer that changes between check and use gains nothing. The Host header
    and the certificate are those of the name.
    """

    def __init__(self, settings: Settings, inner: httpx2.BaseTransport | None = None) -> None:
        self._settings = settings
        self._inner = inner or httpx2.HTTPTransport(
            limits=httpx2.Limits(max_keepalive_connections=0), trust_env=False
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        deadline = time.monotonic() + self._settings.timeout
        response = self._connected(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            response.close()
            raise Stopped(PermanentError("The answer is compressed, which was not asked for."))
        stream = cast(httpx2.SyncByteStream, response.stream)
        response.stream = CappedStream(stream, self._settings.max_answer_bytes, deadline)
        return response

    def close(self) -> None:
        self._inner.close()

    def _connected(self, request: httpx2.Request) -> httpx2.Response:
        """Try the addresses of the host one after the other until one takes the connection."""
        host = request.url.host
        failure: httpx2.RequestError | None = None
        for address in self._addresses(request):
            pinned = httpx2.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return self._inner.handle_request(pinned)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failure = error
        raise failure or httpx2.ConnectError(f"{host} has no address")

    def _addresses(self, request: httpx2.Request) -> list[str]:
        host = request.url.host
        port = request.url.port or PORTS[request.url.scheme]
        try:
            return resolve(host, port, allow_private=self._settings.allow_private)
        except AddressRefused as error:
            raise Stopped(
                Misconfigured(f"{host} is not spoken to: {error}; see ALLOW_PRIVATE.")
            ) from error
        except OSError as error:
            raise httpx2.ConnectError(f"{host} cannot be resolved: {error}") from error


class CappedStream(httpx2.SyncByteStream):
    """The body of an answer, ended when it grows too large or comes too slowly."""

    def __init__(self, stream: httpx2.SyncByteStream, most_bytes: int, deadline: float) -> None:
        self._stream = stream
        self._most_bytes = most_bytes
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > self._most_bytes:
                raise Stopped(
                    PermanentError(
                        f"The answer is larger than {self._most_bytes // 10**6} MB; "
                        "see MAX_ANSWER_MB."
                    )
                )
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("the answer came too slowly")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def http_client(settings: Settings) -> httpx2.Client:
    """A client that follows no redirect, obeys no proxy variable and asks for no compression."""
    return httpx2.Client(
        transport=GuardedTransport(settings),
        timeout=httpx2.Timeout(settings.timeout, connect=min(CONNECT_SECONDS, settings.timeout)),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity", "User-Agent": USER_AGENT},
    )
