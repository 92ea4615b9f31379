"""One Redis: started, found again, stopped. It holds the queue, which may be lost at any time."""

import signal
from collections.abc import Callable
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from radrate.embedded import binaries, server
from radrate.embedded.errors import EmbeddedError
from radrate.embedded.places import Places

START_S = 30.0
STOP_S = 15.0
CONFIGURATION = """\
port 0
unixsocket {socket}
unixsocketperm 700
requirepass {password}
dir {folder}
pidfile {pid}
appendonly no
save 60 1
maxmemory-policy noeviction
daemonize no
set-proc-title no
"""


def start(places: Places, say: Callable[[str], None]) -> None:
    """Starts it if it does not answer. Raises EmbeddedError with the end of the log."""
    if _answers(places):
        return
    say("Starting the queue's server")
    pid = _recorded_pid(places)
    if pid is None or not server.belongs(pid, _configuration(places)):
        pid = _spawn(places)

    def ready_or_gone() -> bool:
        return _answers(places) or not server.belongs(pid, _configuration(places))

    if not (server.wait_until(ready_or_gone, seconds=START_S) and _answers(places)):
        raise server.failure("Redis did not start", _log(places))


def stop(places: Places) -> None:
    """Asks it to save and end. One that cannot save (a full disk) is ended all the same."""
    pid = _recorded_pid(places)
    if pid is None:
        return
    mark = _configuration(places)
    for how in (signal.SIGTERM, signal.SIGKILL):
        if server.end(pid, mark, how, seconds=STOP_S):
            return
    raise server.failure(f"Redis (process {pid}) did not stop", _log(places))


def is_running(places: Places) -> bool:
    pid = _recorded_pid(places)
    return pid is not None and server.belongs(pid, _configuration(places))


def _configuration(places: Places) -> Path:
    return places.home / "redis.conf"


def _pid_file(places: Places) -> Path:
    return places.home / "redis.pid"


def _log(places: Places) -> Path:
    return places.home / "redis.log"


def _spawn(places: Places) -> int:
    """The password goes by file: a process's arguments can be read by everyone."""
    folder = places.home / "redis"
    places.account.make_folder(folder)
    text = CONFIGURATION.format(
        socket=_quoted(places.redis_socket),
        password=places.passwords.redis,
        folder=_quoted(folder),
        pid=_quoted(_pid_file(places)),
    )
    places.account.write_private(_configuration(places), text)
    program = binaries.program(binaries.REDIS, places)
    return server.spawn([program, _configuration(places)], _log(places), places.account)


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _recorded_pid(places: Places) -> int | None:
    try:
        return int(_pid_file(places).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _answers(places: Places) -> bool:
    client = redis.Redis(
        unix_socket_path=str(places.redis_socket),
        password=places.passwords.redis,
        socket_timeout=5,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        return bool(client.ping())
    except redis.AuthenticationError as error:
        raise EmbeddedError(
            f"The Redis at {places.redis_socket} has another password than {places.home} holds. "
            "Stop it: it was started from other data."
        ) from error
    except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError):
        return False
    finally:
        client.close()
