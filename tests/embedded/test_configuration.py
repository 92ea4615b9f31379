"""Which servers the environment asks for, and that no others are started."""

from pathlib import Path

import pytest

from radrate import embedded
from radrate.embedded import EmbeddedError
from radrate.embedded.__main__ import main

OWN = {
    "DATABASE_URL": "postgresql://user:secret@db.example.org/radrate",
    "REDIS_URL": "redis://cache.example.org/0",
}
FILES = {"DATABASE_URL_FILE": "/run/secrets/database", "REDIS_URL_FILE": "/run/secrets/redis"}


@pytest.mark.parametrize("environ", [OWN, FILES, OWN | FILES])
def test_named_servers_are_used(environ: dict[str, str]) -> None:
    assert embedded.configured(environ)


@pytest.mark.parametrize("environ", [{}, {"DATABASE_URL": "", "REDIS_URL": ""}])
def test_without_names_the_embedded_ones_are_used(environ: dict[str, str]) -> None:
    assert not embedded.configured(environ)


@pytest.mark.parametrize("name", [*OWN, *FILES])
def test_half_a_configuration_is_an_error_that_names_what_is_missing(name: str) -> None:
    missing = "REDIS_URL" if name.startswith("DATABASE") else "DATABASE_URL"
    with pytest.raises(EmbeddedError, match=f"{missing} is not"):
        embedded.configured({name: "set"})


def test_nothing_is_started_or_made_when_servers_are_named(var: Path) -> None:
    environ = dict(OWN)
    with embedded.provided(environ, var):
        assert not var.exists()
        assert environ == OWN


def test_embedded_servers_are_named_to_what_runs_within(var: Path) -> None:
    environ = {"LANG": "C"}
    with embedded.provided(environ, var):
        urls = embedded.urls(var)
        assert environ == {
            "LANG": "C",
            "DATABASE_URL": urls.database_url,
            "REDIS_URL": urls.redis_url,
        }
    assert environ == {"LANG": "C"}


def test_the_folder_is_radrate_var_or_var_of_the_project(tmp_path: Path) -> None:
    assert embedded.var_folder({}, project=tmp_path) == tmp_path / "var"
    assert embedded.var_folder({"RADRATE_VAR": ""}, project=tmp_path) == tmp_path / "var"
    named = {"RADRATE_VAR": str(tmp_path / "else")}
    assert embedded.var_folder(named, project=tmp_path) == tmp_path / "else"


@pytest.mark.parametrize(
    ("redis", "celery"),
    [
        ("redis://:pw@host:6379/1", "redis://:pw@host:6379/1"),
        ("unix://:pw@/a%20b/r.sock?db=3", "redis+socket://:pw@/a%20b/r.sock?virtual_host=3"),
        ("unix://:pw@/r.sock", "redis+socket://:pw@/r.sock?virtual_host=0"),
    ],
)
def test_celery_gets_its_own_spelling_of_a_redis_address(redis: str, celery: str) -> None:
    assert embedded.broker_url(redis) == celery


def test_the_command_shows_stops_and_wipes(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RADRATE_VAR", str(var))

    def printed(command: str) -> tuple[int, str]:
        status = main([command])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    assert printed("status") == (0, f"No servers have been set up in {var}.\n")
    assert not var.exists()
    with embedded.attach(var):
        assert printed("status") == (0, "postgres: running\nredis: running\n")
        assert printed("wipe") == (1, f"RadRate still runs on {var}: end it first.\n")
    assert printed("status") == (0, "postgres: stopped\nredis: stopped\n")
    assert printed("stop") == (0, "Stopped.\n")
    assert printed("wipe") == (0, f"The servers' data of {var} are gone.\n")
    assert printed("status") == (0, f"No servers have been set up in {var}.\n")
