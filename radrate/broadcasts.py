"""Mends how a worker reads broadcasts from Redis (kombu 5.7 with redis-py 8).

Its event loop reads them by a call that blocks. When the connection was made anew after the loop
saw the old one readable, as when Redis is killed and back at once, nothing is there to be read:
the worker then takes no job until somebody happens to broadcast.
"""

import functools
from queue import Empty
from typing import Any

from kombu.transport.redis import Channel


def never_block() -> None:
    """From now on a broadcast is read only where there is one. Harmless when called twice."""
    read = Channel._receive_one
    if hasattr(read, "__wrapped__"):
        return

    @functools.wraps(read)
    def if_there_is_one(channel: Any, subscription: Any) -> Any:
        try:
            waits = subscription.connection.can_read(timeout=0)
        except channel.connection_errors:
            channel._in_listen = None
            raise
        if not waits:
            raise Empty
        return read(channel, subscription)

    Channel._receive_one = if_there_is_one  # type: ignore[method-assign]
