"""One Postgres cluster: made once, started, found again, stopped."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from radrate.embedded import binaries, server
from radrate.embedded.errors import EmbeddedError
from radrate.embedded.places import POSTGRES_SOCKET, Places

ROLE = DATABASE = "radrate"
SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
START_S = 120.0  # crash recovery replays what was written since the last checkpoint
STOP_S = 60.0
ATTEMPTS = 40
STILL_IN_USE = "is still in use"  # by a child of a killed server, which ends when it notices
NEEDED_BYTES = 300 * 1024 * 1024


def start(places: Places, say: Callable[[str], None]) -> None:
    """Makes the cluster if there is none, starts it if it does not answer, makes the database.

    Raises EmbeddedError with the end of the log.
    """
    if not places.database.exists():
        say("Preparing the database server (once)")
        _initialise(places)
    if not _answers(places):
        say("Starting the database server")
        _launch(places)
    _make_application_database(places)


def stop(places: Places) -> None:
    """Fast shutdown: open transactions are rolled back, what was committed stays."""
    pid = _recorded_pid(places)
    if pid and not server.end(pid, places.database, signal.SIGINT, seconds=STOP_S):
        raise server.failure(f"Postgres (process {pid}) did not stop", _log(places))


def is_running(places: Places) -> bool:
    pid = _recorded_pid(places)
    return pid is not None and server.belongs(pid, places.database)


def _log(places: Places) -> Path:
    return places.home / "postgres.log"


def _initialise(places: Places) -> None:
    """`initdb` beside the final place, then one rename: an interrupted one leaves nothing half."""
    free = shutil.disk_usage(places.home).free
    if free < NEEDED_BYTES:
        raise EmbeddedError(
            f"{places.home} has {free // 2**20} MB left; the database server needs "
            f"{NEEDED_BYTES // 2**20} MB to start. Free some space or set RADRATE_VAR."
        )
    partial = places.home / "postgres.partial"
    shutil.rmtree(partial, ignore_errors=True)
    password = places.home / "initdb.password"
    places.account.write_private(password, places.passwords.superuser)
    try:
        _initdb(places, partial, password)
    finally:
        password.unlink()
    partial.rename(places.database)


def _initdb(places: Places, folder: Path, password: Path) -> None:
    """UTF-8 with Postgres's own collation, so that no system update can reorder an index."""
    command: list[str | Path] = [
        binaries.program(binaries.INITDB, places),
        f"--pgdata={folder}",
        f"--username={SUPERUSER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
        *(f"--set={name}={value}" for name, value in SETTINGS.items()),
    ]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
        **places.account.popen_arguments(),
    )
    if done.returncode:
        raise EmbeddedError(f"initdb failed in {places.home}:\n{done.stdout[-2000:]}")


def _launch(places: Places) -> None:
    """Starts the server and waits until it answers; waits for a live one that does not yet."""
    for _ in range(ATTEMPTS):
        pid = _recorded_pid(places)
        if pid is None or not server.belongs(pid, places.database):
            pid = _spawn(places, stale=pid)
        if _becomes_ready(places, pid):
            return
        if STILL_IN_USE not in server.tail(_log(places), lines=3):
            break
        time.sleep(0.5)
    raise server.failure("Postgres did not start", _log(places))


def _becomes_ready(places: Places, pid: int) -> bool:
    def ready_or_gone() -> bool:
        return _answers(places) or not server.belongs(pid, places.database)

    return server.wait_until(ready_or_gone, seconds=START_S) and _answers(places)


def _spawn(places: Places, *, stale: int | None) -> int:
    """`stale` is the id in a pid file whose server is gone. Postgres would refuse to start if
    another process has got that id; named as its grandparent, it is passed over, and the check
    that no process still uses the shared memory is kept (removing the file would lose it). The
    sockets' folder is this cluster's alone, so what a killed server left there can go."""
    for leftover in (POSTGRES_SOCKET, f"{POSTGRES_SOCKET}.lock"):
        (places.sockets / leftover).unlink(missing_ok=True)
    sockets = str(places.sockets).replace('"', '""')
    program = binaries.program(binaries.POSTGRES, places)
    command: list[str | Path] = [program, "-D", places.database, "-k", f'"{sockets}"']
    if stale:
        command = ["env", f"PG_GRANDPARENT_PID={stale}", *command]
    return server.spawn(command, _log(places), places.account)


def _recorded_pid(places: Places) -> int | None:
    try:
        first = (places.database / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0]
        return int(first)
    except (FileNotFoundError, ValueError):
        return None


def _connect(places: Places) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=str(places.sockets),
        port=5432,
        dbname=SUPERUSER,
        user=SUPERUSER,
        password=places.passwords.superuser,
        connect_timeout=5,
        autocommit=True,
    )


def _answers(places: Places) -> bool:
    try:
        _connect(places).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise EmbeddedError(
                f"The passwords in {places.home} are not those of the data beside them. Restore "
                "passwords.json from a backup, or wipe: python -m radrate.embedded wipe."
            ) from error
        return False
    return True


def _make_application_database(places: Places) -> None:
    """A role that is no superuser but may create databases (tests do), and its database."""
    with _connect(places) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount:
            statement = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                sql.Identifier(ROLE), sql.Literal(places.passwords.application)
            )
            connection.execute(statement)
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
        if not found.rowcount:
            statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(ROLE)
            )
            connection.execute(statement)
