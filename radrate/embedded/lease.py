"""Who uses the servers: the first in starts them, the last out stops them.

Two lock files in `var`. The mutex is held while servers start or stop. The holders' lock is shared
by every lease and lasts as long as its process, however that ends; whoever can take it alone is the
last one. Servers that a crash of the last holder left running are found by the next lease.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from radrate.embedded import postgres, redis
from radrate.embedded.configuration import configured
from radrate.embedded.errors import EmbeddedError
from radrate.embedded.places import Urls, settle

Say = Callable[[str], None]


def _silent(_message: str) -> None:
    pass


class Lease:
    """The right to use the running servers, until `release` or the end of this process.

    Works as a context manager. A fork inherits the right but cannot give it back.
    """

    def __init__(self, var: Path, holder: int, urls: Urls) -> None:
        self.database_url = urls.database_url
        self.redis_url = urls.redis_url
        self._var = var
        self._holder: int | None = holder
        self._process = os.getpid()

    def release(self) -> None:
        """Gives the lease back; the last one stops both servers. A second call does nothing."""
        if self._holder is None or self._process != os.getpid():
            return
        holder, self._holder = self._holder, None
        with _mutex(self._var, _silent):
            fcntl.flock(holder, fcntl.LOCK_UN)
            os.close(holder)
            _stop_if_unused(self._var)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def attach(var: Path, say: Say = _silent) -> Lease:
    """Starts what is not running under `var` and returns a lease on it.

    `say` is told what takes long. Raises EmbeddedError with what the operator can do.
    """
    with _mutex(var, say) as folder:
        places = settle(folder)
        holder = _open_lock(folder / "embedded.holders")
        try:
            postgres.start(places, say)
            redis.start(places, say)
        except BaseException:
            os.close(holder)
            with suppress(EmbeddedError):
                _stop_if_unused(folder)
            raise
        fcntl.flock(holder, fcntl.LOCK_SH)
        return Lease(folder, holder, places.urls())


@contextmanager
def provided(environ: MutableMapping[str, str], var: Path, say: Say = _silent) -> Iterator[None]:
    """Within it both servers run and `environ` names them, for Django and for child processes.

    Starts nothing if `environ` already names the operator's own.
    """
    if configured(environ):
        yield
        return
    with attach(var, say) as lease:
        environ.update(DATABASE_URL=lease.database_url, REDIS_URL=lease.redis_url)
        try:
            yield
        finally:
            del environ["DATABASE_URL"], environ["REDIS_URL"]


def urls(var: Path) -> Urls:
    """Where the servers of `var` are or will be. Chooses the folders and passwords, starts none."""
    with _mutex(var, _silent) as folder:
        return settle(folder).urls()


def exists(var: Path) -> bool:
    """Whether folders for servers have been chosen under `var`. Creates nothing."""
    return (var.resolve() / "embedded.json").exists()


def running(var: Path) -> dict[str, bool]:
    with _mutex(var, _silent) as folder:
        places = settle(folder)
        return {"postgres": postgres.is_running(places), "redis": redis.is_running(places)}


def stop(var: Path) -> None:
    """Stops servers that nobody holds. Raises EmbeddedError while a process holds a lease."""
    with _mutex(var, _silent) as folder:
        if not _stop_if_unused(folder):
            raise EmbeddedError(f"RadRate still runs on {folder}: end it first.")


def wipe(var: Path) -> None:
    """Stops the servers and deletes all their data. Raises EmbeddedError while a lease is held."""
    with _mutex(var, _silent) as folder:
        if not _stop_if_unused(folder):
            raise EmbeddedError(f"RadRate still runs on {folder}: end it first.")
        places = settle(folder)
        shutil.rmtree(places.home)
        if places.sockets.exists():
            shutil.rmtree(places.sockets)
        (folder / "embedded.json").unlink()


def _stop_if_unused(var: Path) -> bool:
    """Call it under the mutex. False if another process or lease holds the servers."""
    alone = _open_lock(var / "embedded.holders")
    try:
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        places = settle(var)
        redis.stop(places)
        postgres.stop(places)
    except BlockingIOError:
        return False
    finally:
        os.close(alone)
    return True


@contextmanager
def _mutex(var: Path, say: Say) -> Iterator[Path]:
    """Makes `var` if need be, and yields its resolved path with its mutex held."""
    folder = var.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = _open_lock(folder / "embedded.lock")
    except OSError as error:
        raise EmbeddedError(
            f"Cannot write to {folder}: {error.strerror}. Set RADRATE_VAR to a folder of your own."
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another process that starts or stops the servers")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(lock)


def _open_lock(path: Path) -> int:
    """Closed on exec: a program that we start does not inherit the lock."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
