"""Who holds the servers, who is last, and what a crash leaves behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from radrate import embedded
from radrate.embedded import EmbeddedError, lease, server
from radrate.embedded.account import Account

PROJECT = Path(__file__).resolve().parents[2]
STOPPED = {"postgres": False, "redis": False}
RUNNING = {"postgres": True, "redis": True}


def pid_of_postgres(var: Path) -> int:
    return int((var / "servers" / "postgres" / "postmaster.pid").read_text().split()[0])


def pid_of_redis(var: Path) -> int:
    return int((var / "servers" / "redis.pid").read_text())


def kill(pid: int, mark: Path) -> None:
    assert server.end(pid, mark, signal.SIGKILL, seconds=10)


def select_one(held: embedded.Lease) -> tuple | None:
    with psycopg.connect(held.database_url) as connection:
        return connection.execute("SELECT 1").fetchone()


@contextmanager
def another_process_holding(var: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("holder.py"), var],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "attached\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_last_of_two_processes_stops_the_servers(var: Path) -> None:
    held = embedded.attach(var)
    with another_process_holding(var) as other:
        started = pid_of_postgres(var)
        held.release()
        assert lease.running(var) == RUNNING
        other.communicate("")
        assert other.returncode == 0
    assert lease.running(var) == STOPPED
    assert not server.belongs(started, var / "servers" / "postgres")


def test_two_leases_of_one_process_count_as_two(var: Path) -> None:
    first, second = embedded.attach(var), embedded.attach(var)
    first.release()
    assert lease.running(var) == RUNNING
    second.release()
    assert lease.running(var) == STOPPED


def test_giving_a_lease_back_twice_takes_nothing_from_another_holder(var: Path) -> None:
    first, second = embedded.attach(var), embedded.attach(var)
    first.release()
    first.release()
    assert lease.running(var) == RUNNING
    second.release()


def test_a_forked_child_cannot_give_back_its_parents_lease(var: Path) -> None:
    with embedded.attach(var) as held:
        child = os.fork()
        if child == 0:
            held.release()
            os._exit(0)
        os.waitpid(child, 0)
        assert lease.running(var) == RUNNING
    assert lease.running(var) == STOPPED


def test_servers_left_by_a_crashed_holder_are_used_and_stopped_by_the_next(var: Path) -> None:
    with another_process_holding(var) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
    left = pid_of_postgres(var)
    assert lease.running(var) == RUNNING
    with embedded.attach(var) as held:
        assert pid_of_postgres(var) == left
        assert select_one(held) == (1,)
    assert lease.running(var) == STOPPED


def test_a_crashed_holder_does_not_keep_the_servers_from_stopping(var: Path) -> None:
    with embedded.attach(var), another_process_holding(var) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert lease.running(var) == STOPPED


def test_a_killed_postgres_is_started_again_with_what_was_committed(var: Path) -> None:
    held = embedded.attach(var)
    with psycopg.connect(held.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    idle = psycopg.connect(held.database_url)
    kill(pid_of_postgres(var), var / "servers" / "postgres")
    with embedded.attach(var) as again, psycopg.connect(again.database_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    idle.close()
    held.release()
    assert lease.running(var) == STOPPED


def test_a_killed_redis_is_started_again(var: Path) -> None:
    with embedded.attach(var):
        kill(pid_of_redis(var), var / "servers" / "redis.conf")
        assert lease.running(var) == {"postgres": True, "redis": False}
        embedded.attach(var).release()
        assert lease.running(var) == RUNNING


def test_a_recorded_process_id_that_is_now_anothers_is_left_alone(var: Path) -> None:
    first = embedded.attach(var)
    kill(pid_of_postgres(var), var / "servers" / "postgres")
    kill(pid_of_redis(var), var / "servers" / "redis.conf")
    home = var / "servers"
    arguments = Account.owning(home).popen_arguments()
    with subprocess.Popen(["sleep", "60"], **arguments) as stranger:
        record = home / "postgres" / "postmaster.pid"
        lines = record.read_text().splitlines()
        record.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        (home / "redis.pid").write_text(str(stranger.pid))
        assert lease.running(var) == STOPPED
        with embedded.attach(var) as held:
            assert select_one(held) == (1,)
        assert stranger.poll() is None
        stranger.kill()
    first.release()


def test_servers_are_neither_stopped_nor_wiped_under_a_holder(var: Path) -> None:
    with embedded.attach(var) as held:
        for act in (lease.stop, lease.wipe):
            with pytest.raises(EmbeddedError, match="still runs"):
                act(var)
        assert select_one(held) == (1,)


def test_stop_ends_what_a_crash_left_running(var: Path) -> None:
    with another_process_holding(var) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
    lease.stop(var)
    assert lease.running(var) == STOPPED


def test_wipe_deletes_the_data_and_the_next_start_is_fresh(var: Path) -> None:
    with embedded.attach(var) as held, psycopg.connect(held.database_url) as connection:
        connection.execute("CREATE TABLE kept ()")
    lease.wipe(var)
    assert not (var / "servers").exists()
    with embedded.attach(var) as held, psycopg.connect(held.database_url) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)
