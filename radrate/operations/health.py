"""Whether the parts that RadRate needs answer."""

import time

from django.core.cache import cache
from django.db import connection

HEARTBEAT_KEY = "heartbeat"
HEARTBEAT_MAX_AGE_S = 60


def beat() -> None:
    """Store that a task was completed now."""
    cache.set(HEARTBEAT_KEY, time.time(), timeout=HEARTBEAT_MAX_AGE_S)


def database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Exception:  # whatever it is, the answer is no
        return False


def redis_and_workers() -> tuple[bool, bool]:
    """(Redis answers, a heartbeat task was completed within 60 s)."""
    try:
        last = cache.get(HEARTBEAT_KEY)
    except Exception:
        return False, False
    return True, last is not None and time.time() - last <= HEARTBEAT_MAX_AGE_S


def report() -> dict[str, str]:
    """`status`, `database`, `redis` and `workers`, each `ok` or `down`."""
    redis, workers = redis_and_workers()
    parts = {"database": database(), "redis": redis, "workers": workers}
    words = {name: "ok" if up else "down" for name, up in parts.items()}
    return {"status": "ok" if all(parts.values()) else "down", **words}
