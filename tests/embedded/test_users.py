"""Whom the servers run as, and that no other folder's mode is touched."""

import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from radrate import embedded
from radrate.embedded import EmbeddedError, binaries, lease

PROJECT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about being root")


def install_wheels(site: Path) -> Path:
    """The wheels' programs in a folder of their own, as pip would unpack them."""
    for package, trees in binaries.TREES.items():
        source = binaries.installed_in(package)
        for tree in trees:
            shutil.copytree(source / tree, site / tree, symlinks=True)
        (site / package / "__init__.py").touch()
    return site


def modes(path: Path) -> dict[Path, int]:
    return {folder: folder.stat().st_mode for folder in (path, *path.parents)}


def owner_of_process(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def pid_of_postgres(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def test_an_ordinary_user_needs_no_right_of_root(open_folder: Path) -> None:
    site = install_wheels(open_folder / "site")
    var = open_folder / "var"
    var.mkdir()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(var, nobody.pw_uid, nobody.pw_gid)
    script = Path(__file__).with_name("ordinary_user.py")
    done = subprocess.run(
        [sys.executable, script, var, site],
        cwd=open_folder,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    expected = var.stat().st_uid
    assert expected != 0
    assert json.loads(done.stdout) == {
        "uid": expected,
        "database_user": "radrate",
        "redis": True,
        "data_owner": expected,
    }


@as_root
def test_root_runs_the_servers_as_an_unprivileged_user(var: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    with embedded.attach(var):
        home = var / "servers"
        redis_pid = int((home / "redis.pid").read_text())
        assert owner_of_process(pid_of_postgres(home)) == nobody
        assert owner_of_process(redis_pid) == nobody
        assert (home / "postgres").stat().st_uid == nobody


@as_root
def test_data_that_root_owns_are_refused_with_what_to_do(open_folder: Path) -> None:
    (open_folder / "var" / "servers").mkdir(mode=0o700, parents=True)
    with pytest.raises(EmbeddedError, match=r"belongs to root.*chown"):
        embedded.attach(open_folder / "var")


@as_root
def test_root_in_a_users_folder_runs_the_servers_as_that_user(open_folder: Path) -> None:
    user = next(user for user in pwd.getpwall() if user.pw_name not in ("root", "nobody"))
    os.chown(open_folder, user.pw_uid, user.pw_gid)
    var = open_folder / "var"
    with embedded.attach(var):
        assert owner_of_process(pid_of_postgres(var / "servers")) == user.pw_uid
    lease.wipe(var)


@as_root
def test_root_with_all_under_a_closed_folder_opens_none_of_it(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    site = install_wheels(closed / "site")
    monkeypatch.syspath_prepend(site)
    var = closed / "deep" / "var"
    programs = site / binaries.POSTGRES
    var.mkdir(parents=True)
    before = modes(var) | modes(programs)
    with embedded.attach(var) as held:
        home = Path(json.loads((var / "embedded.json").read_text())["home"])
        assert not home.is_relative_to(closed)
        assert home.stat().st_mode & 0o777 == 0o700
        assert Path(f"/proc/{pid_of_postgres(home)}/exe").resolve().is_relative_to(home)
        with psycopg.connect(held.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert modes(var) | modes(programs) == before
    lease.wipe(var)
    assert not home.exists()


@as_root
def test_root_closed_out_of_everywhere_else_falls_back_on_the_temporary_folder(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr("radrate.embedded.places.STATE", closed)
    monkeypatch.setattr("tempfile.tempdir", str(open_folder))
    open_folder.chmod(0o755)
    var = closed / "var"
    with embedded.attach(var) as held, psycopg.connect(held.database_url) as connection:
        home = Path(json.loads((var / "embedded.json").read_text())["home"])
        assert home.parent == open_folder
        assert connection.execute("SELECT 1").fetchone() == (1,)
    lease.wipe(var)
