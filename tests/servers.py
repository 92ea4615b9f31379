"""A pytest plugin, loaded before Django: real Postgres and Redis for the whole run.

With DATABASE_URL and REDIS_URL set it starts nothing. Workers of pytest-xdist inherit the
environment of the process that started the servers; each has its own Redis database.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

STACK = ExitStack()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def pytest_addhooks() -> None:
    """Runs when the plugin is registered, before pytest-django reads the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    if WORKER:
        return
    from radrate.embedded.environment import local_environment

    var = Path(tempfile.mkdtemp(prefix="radrate-test-"))
    var.chmod(0o711)  # the servers may run as another user, who has to pass through
    STACK.callback(shutil.rmtree, var, ignore_errors=True)
    os.environ["RADRATE_VAR"] = str(var)
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
    os.environ.setdefault("SECURE_SSL", "false")
    STACK.enter_context(local_environment())


def pytest_unconfigure() -> None:
    if not WORKER:
        STACK.close()
