"""Which servers the environment asks for."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from radrate.embedded.errors import EmbeddedError

PROJECT = Path(__file__).resolve().parents[2]
NAMES = ("DATABASE_URL", "REDIS_URL")


def configured(environ: Mapping[str, str]) -> bool:
    """Whether both servers are named (by NAME or NAME_FILE), so that none is to be started.

    Raises EmbeddedError if only one of them is: half a configuration is a mistake.
    """
    missing = [name for name in NAMES if not (environ.get(name) or environ.get(f"{name}_FILE"))]
    if len(missing) == 1:
        present = next(name for name in NAMES if name not in missing)
        raise EmbeddedError(
            f"{present} is set but {missing[0]} is not. Set both to use your own servers, "
            "or neither to use the embedded ones."
        )
    return not missing


def var_folder(environ: Mapping[str, str], *, project: Path = PROJECT) -> Path:
    """The folder for what RadRate keeps: RADRATE_VAR, else `var/` of the project."""
    return Path(environ.get("RADRATE_VAR") or project / "var").expanduser().resolve()


def broker_url(redis_url: str) -> str:
    """The same Redis in Celery's spelling: it wants `redis+socket:` where redis-py has `unix:`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    query = urlencode({"virtual_host": database})
    return urlunsplit(("redis+socket", parts.netloc, parts.path, query, ""))
