"""A short `make chaos-ratings`: real browser, server and database, and a network that fails."""

import re
import subprocess
import sys

import pytest

from tests.faults.servers import ROOT

FIGURES = re.compile(r"lost 0, otherwise wrong 0, refused 0")


@pytest.mark.browser
def test_nothing_is_lost_and_nothing_saved_twice_on_a_network_that_fails():
    command = ["-m", "tests.chaos.ratings", "--ratings", "240", "--cases", "40", "--every", "12"]
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    print(ran.stdout)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert FIGURES.search(ran.stdout)
    requests, faults = re.search(r"(\d+) requests, (\d+) met a fault", ran.stdout).groups()
    assert int(requests) >= 240
    assert int(faults) >= 0.2 * int(requests)
