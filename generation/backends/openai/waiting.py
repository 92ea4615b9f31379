"""Waiting for a provider without falling silent: the lease is renewed, a cancellation is heard."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from generation.backends.base import RunContext

Answer = TypeVar("Answer")

LISTEN_S = 1.0


def attended(work: Callable[[], Answer], context: RunContext, fraction: float) -> Answer:
    """What `work` returns or raises. Meanwhile progress is told and a cancellation raises.

    A request that is under way cannot be taken back: when cancelled, its thread is left to end by
    the request's own timeout, and what comes is thrown away.
    """
    future: Future[Answer] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    context.raise_if_cancelled()
    threading.Thread(target=run, name="image request", daemon=True).start()
    while not wait([future], timeout=LISTEN_S).done:
        context.progress(fraction)
        context.raise_if_cancelled()
    return future.result()
