"""The processes beside `manage.py demo`, played by small programs."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from radrate.embedded import runner
from radrate.embedded.runner import NAMES, ProcessFailed, Runner, port_is_free

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STAYS = "import os, time; print(os.getpid()); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STAYS
FAILS = "for k in range(40): print('line', k)\nraise SystemExit(3)"


@pytest.fixture(autouse=True)
def _signals_are_given_back():
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Makes a runner whose children run the given Python code; by default they stay."""

    def make(**code: str) -> Runner:
        programs = {name: [sys.executable, "-c", code.get(name, STAYS)] for name in NAMES}
        monkeypatch.setattr(runner, "commands", lambda port, host, var: programs)
        return Runner(port=0, var=tmp_path)

    return make


def pids(tmp_path) -> list[int]:
    """Waits until each child has told its process id in its log."""
    deadline = time.monotonic() + 30
    logs = [tmp_path / "log" / f"{name}.log" for name in NAMES]
    while not all(log.exists() and log.read_text().endswith("\n") for log in logs):
        assert time.monotonic() < deadline, "a child did not start"
        time.sleep(0.02)
    return [int(log.read_text()) for log in logs]


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_port_is_free_until_somebody_listens_on_it():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not port_is_free(port)
    assert port_is_free(port)


def test_leaving_the_block_ends_every_child(start, tmp_path):
    with start() as running:
        children = pids(tmp_path)
        running.check()
        assert len(set(children)) == 3
        assert not any(is_gone(pid) for pid in children)
    assert all(is_gone(pid) for pid in children)


def test_a_child_that_ignores_the_signal_is_ended_all_the_same(start, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "GRACE_S", 0.2)
    with start(worker=STUBBORN):
        children = pids(tmp_path)
    assert all(is_gone(pid) for pid in children)


def test_a_child_that_ends_is_told_with_the_end_of_its_log(start, tmp_path):
    with pytest.raises(ProcessFailed) as failed, start(beat=FAILS) as running:
        running.wait()
    lines = str(failed.value).splitlines()
    assert lines[0] == "beat ended with status 3:"
    assert lines[1:] == [f"line {k}" for k in range(25, 40)]


def test_an_error_in_the_block_leaves_no_child_behind(start, tmp_path):
    class Broken(Exception):
        pass

    with pytest.raises(Broken), start():
        children = pids(tmp_path)
        raise Broken
    assert all(is_gone(pid) for pid in children)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_ends_the_children(start, tmp_path, number):
    with pytest.raises(KeyboardInterrupt), start() as running:
        children = pids(tmp_path)
        os.kill(os.getpid(), number)
        running.wait()
    assert all(is_gone(pid) for pid in children)


def test_a_program_that_does_not_exist_leaves_no_child_behind(monkeypatch, tmp_path):
    programs = {name: [sys.executable, "-c", STAYS] for name in NAMES}
    programs["beat"] = [str(tmp_path / "no-such-program")]
    monkeypatch.setattr(runner, "commands", lambda port, host, var: programs)
    begun = Runner(port=0, var=tmp_path)
    try:
        with pytest.raises(FileNotFoundError), begun:
            pytest.fail("the block was entered")
        assert not begun._alive()
    finally:
        begun.__exit__(None, None, None)


def test_waiting_for_health_ends_with_the_last_answer(start, tmp_path):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        with start() as running, pytest.raises(TimeoutError, match=r"not healthy .*refused"):
            pids(tmp_path)
            running.wait_until_healthy(port, timeout_s=0.1)


def test_waiting_for_health_ends_as_soon_as_a_child_fails(start):
    with pytest.raises(ProcessFailed, match="web ended"), start(web=FAILS) as running:
        running.wait_until_healthy(1, timeout_s=60)


INTERRUPTED = """
import sys, time
from pathlib import Path
from radrate.embedded import runner
stays = [sys.executable, "-c", "import time; time.sleep(600)"]
runner.commands = lambda port, host, var: {name: stays for name in runner.NAMES}
try:
    with runner.Runner(port=0, var=Path(sys.argv[1])) as running:
        print(*[child.pid for child in running._children.values()], flush=True)
        running.wait()
except KeyboardInterrupt:
    print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupts_that_come_twice_end_every_child(tmp_path, number):
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as demo:
        pids = [int(pid) for pid in demo.stdout.readline().split()]
        assert len(pids) == len(NAMES)
        demo.send_signal(number)
        demo.send_signal(number)
        assert demo.stdout.read() == "ended\n"
    assert demo.returncode == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
