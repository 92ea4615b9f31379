"""The child: what it may use, what it knows, and what happens when it dies."""

import os
import resource
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from radrate.images.decoding import Decoder, Rejected, decode_file
from radrate.images.decoding.opening import open_regular


@pytest.fixture
def film(tmp_path) -> Path:
    Image.new("L", (80, 80), 7).save(tmp_path / "film.png")
    return tmp_path / "film.png"


@pytest.fixture
def decoder():
    with Decoder(salt=b"salt") as decoder:
        yield decoder


def test_one_file_can_be_decoded_alone(film):
    assert decode_file(film, name="film.png", salt=b"salt").columns == 80


def test_one_child_serves_many_files(decoder, film):
    decoder.decode(film, name="film.png")
    first = decoder.child_pid
    decoder.decode(film, name="film.png")
    assert decoder.child_pid == first


def test_the_child_ends_with_its_decoder(film):
    with Decoder(salt=b"salt") as decoder:
        decoder.decode(film, name="film.png")
        pid = decoder.child_pid
    assert not Path(f"/proc/{pid}").exists()


def test_the_child_is_bounded(decoder, film):
    decoder.decode(film, name="film.png")
    limits = {
        name: resource.prlimit(decoder.child_pid, getattr(resource, f"RLIMIT_{name}"))
        for name in ("AS", "FSIZE", "CORE", "CPU")
    }
    assert limits["AS"] == (1 << 30, 1 << 30)
    assert limits["FSIZE"] == limits["CORE"] == (0, 0)
    assert limits["CPU"][0] <= 30


def test_the_child_knows_no_secret_and_holds_no_connection(decoder, film, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "the secret of the installation")
    decoder.decode(film, name="film.png")
    folder = Path(f"/proc/{decoder.child_pid}")
    assert b"secret" not in (folder / "environ").read_bytes().lower()
    assert folder.joinpath("cwd").resolve() == Path("/")
    opened = [str(link.readlink()) for link in folder.joinpath("fd").iterdir()]
    assert [name for name in opened if not name.startswith(("pipe:", "/dev/null"))] == []


def test_a_child_that_dies_idle_is_replaced(decoder, film):
    decoder.decode(film, name="film.png")
    pid = decoder.child_pid
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert decoder.decode(film, name="film.png").columns == 80
    assert decoder.child_pid != pid


def test_a_child_that_dies_at_work_costs_one_file(decoder, film):
    decoder.decode(film, name="film.png")
    pid = decoder.child_pid
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(Rejected, match="the decoder crashed on this file"):
        decoder.decode(film, name="film.png")
    assert decoder.decode(film, name="film.png").columns == 80


def test_a_child_that_hangs_is_stopped(film):
    with Decoder(salt=b"salt", wall_seconds=0.5) as decoder:
        decoder.decode(film, name="film.png")
        os.kill(decoder.child_pid, signal.SIGSTOP)
        with pytest.raises(Rejected, match="decoding took too long and was stopped"):
            decoder.decode(film, name="film.png")
        assert decoder.decode(film, name="film.png").columns == 80


def test_cpu_time_is_limited_for_each_file_anew():
    spin = (
        "import time\n"
        "from radrate.images.decoding.child import allow_cpu_seconds\n"
        "while time.process_time() < 2.5: allow_cpu_seconds(1)\n"
        "print('lived', flush=True)\n"
        "while True: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", spin], capture_output=True, timeout=60, check=False
    )
    assert (done.stdout, done.returncode) == (b"lived\n", -signal.SIGXCPU)


def test_an_empty_file_is_refused(tmp_path, why_not):
    (tmp_path / "film.png").touch()
    assert why_not(tmp_path / "film.png").message == "the file is empty"


def test_a_file_that_vanished_is_refused(tmp_path, why_not):
    rejected = why_not(tmp_path / "film.png")
    assert (rejected.name, str(rejected)) == ("film.png", "the file is no longer there")


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_is_not_a_regular_file_is_refused_without_waiting(tmp_path, why_not, film, kind):
    path = tmp_path / "thing.png"
    make = {"folder": path.mkdir, "pipe": partial(os.mkfifo, path)}
    make.get(kind, partial(path.symlink_to, film))()
    assert why_not(path).code == "not_a_file"


def test_a_file_larger_than_the_limit_is_refused_unread(tmp_path, why_not):
    path = tmp_path / "film.png"
    with path.open("wb") as file:
        file.truncate((512 << 20) + 1)
    assert why_not(path).message == "the file is larger than 512 MB"


def test_an_opened_file_is_closed_when_it_is_refused(tmp_path):
    (tmp_path / "film.png").touch()
    descriptors = Path("/proc/self/fd")
    before = len(list(descriptors.iterdir()))
    for _ in range(5):
        with pytest.raises(Exception, match="empty"):
            open_regular(tmp_path / "film.png")
    assert len(list(descriptors.iterdir())) == before
