"""Writes that outlast a restart of the database."""

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

PATIENCE_S = 60.0
PAUSE_S = 0.5

P = ParamSpec("P")
R = TypeVar("R")


def patient(write: Callable[P, R]) -> Callable[P, R]:
    """Do it again, on a new connection, while the database is away, for PATIENCE_S at most: what
    was made meanwhile, and paid for, is not thrown away. Within a transaction it changes nothing.

    `write` must bear to be done twice, for an answer may be lost after the commit.
    """

    @functools.wraps(write)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return write(*args, **kwargs)
            except (OperationalError, InterfaceError):
                if connection.in_atomic_block or time.monotonic() > deadline:
                    raise
                connection.close()
                time.sleep(PAUSE_S)

    return tried
