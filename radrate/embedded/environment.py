"""The environment of a command on this machine: the operator's own, or embedded servers."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from radrate.embedded.configuration import configured, var_folder
from radrate.embedded.lease import Say, provided, urls

BASE_DIR = Path(__file__).resolve().parents[2]


def to_stderr(message: str) -> None:
    print(message, file=sys.stderr, flush=True)  # noqa: T201


def secret_key(var: Path) -> str:
    """The installation's own key, made once and readable by its owner only."""
    path = var / "secret_key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


@contextmanager
def local_environment(*, start: bool = True, say: Say = to_stderr) -> Iterator[None]:
    """Set what settings need. With DATABASE_URL and REDIS_URL given it sets and starts nothing."""
    if configured(os.environ):
        yield
        return
    var = var_folder(os.environ, project=BASE_DIR)
    os.environ.setdefault("SECRET_KEY", secret_key(var))
    os.environ.setdefault("SECURE_SSL", "false")
    os.environ["RADRATE_VAR"] = str(var)
    if start:
        with provided(os.environ, var, say):
            yield
    else:
        places = urls(var)
        os.environ |= {"DATABASE_URL": places.database_url, "REDIS_URL": places.redis_url}
        yield
