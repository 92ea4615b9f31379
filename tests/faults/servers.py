"""A Postgres and a Redis of these tests' own, which may be killed without hurting other tests."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import redis as redis_client
from psycopg import sql

from radrate.embedded import attach, postgres, redis, server
from radrate.embedded.places import Places, settle

ROOT = Path(__file__).resolve().parents[2]


class Servers:
    """Both servers by their process ids. `new_database` gives each test an empty migrated one."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.redis_url = places.urls().redis_url

    def redis_client(self) -> redis_client.Redis:
        return redis_client.Redis.from_url(self.redis_url)

    def kill_redis(self) -> None:
        """SIGKILL, and nothing of it is kept: its dump is removed."""
        server.end(self._redis, redis._configuration(self._places), signal.SIGKILL, seconds=10)
        (self._places.home / "redis" / "dump.rdb").unlink(missing_ok=True)

    def start_redis(self) -> None:
        redis.start(self._places, lambda _message: None)

    @contextmanager
    def redis_stopped(self) -> Iterator[None]:
        """Within it Redis takes connections and answers none of them."""
        os.kill(self._redis, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._redis, signal.SIGCONT)

    @property
    def _redis(self) -> int:
        pid = redis._recorded_pid(self._places)
        assert pid is not None
        return pid

    def restart_postgres(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is its fast shutdown; SIGKILL leaves it to recover from its log."""
        pid = postgres._recorded_pid(self._places)
        assert pid is not None
        assert server.end(pid, self._places.database, how, seconds=30)
        postgres.start(self._places, lambda _message: None)

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """The address of a copy of the migrated database, dropped at the end."""
        name = f"faults_{uuid4().hex[:12]}"
        self._administer("CREATE DATABASE {} TEMPLATE radrate OWNER radrate", name)
        try:
            yield self._address(name)
        finally:
            self._administer("DROP DATABASE {} WITH (FORCE)", name)

    def migrate(self) -> None:
        environment = os.environ | {
            "DATABASE_URL": self._address("radrate"),
            "REDIS_URL": self.redis_url,
            "DJANGO_SETTINGS_MODULE": "radrate.settings",
        }
        command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)

    def _address(self, database: str) -> str:
        return urlunsplit(urlsplit(self._places.urls().database_url)._replace(path=f"/{database}"))

    def _administer(self, statement: str, database: str) -> None:
        """As the superuser, who may also end the server's own processes in a database."""
        with postgres._connect(self._places) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))


@contextmanager
def own_servers() -> Iterator[Servers]:
    """Both servers, running, in a folder of their own that is removed at the end."""
    var = Path(tempfile.mkdtemp(prefix="radrate-faults-"))
    var.chmod(0o711)  # the servers may run as another user, who has to pass through
    try:
        with attach(var):
            servers = Servers(settle(var.resolve()))
            servers.migrate()
            try:
                yield servers
            finally:
                servers.start_redis()
    finally:
        shutil.rmtree(var, ignore_errors=True)
