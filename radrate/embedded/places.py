"""Where the embedded servers keep their data and sockets, and the addresses that follow.

`var/embedded.json` records the folders; passwords lie beside the data, so that they live and end
with it.
"""

import hashlib
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from radrate.embedded.account import Account
from radrate.embedded.errors import EmbeddedError

SOCKET_PATH_LIMIT = 103  # bytes; sun_path holds 104 on macOS and 108 on Linux, with a NUL
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"
STATE = Path("/var/lib")


@dataclass(frozen=True, slots=True)
class Urls:
    """`database_url` as libpq and Django read it, `redis_url` as redis-py does.

    Both hold passwords. For Celery pass the second through `broker_url`.
    """

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Passwords:
    superuser: str
    application: str
    redis: str


@dataclass(frozen=True, slots=True)
class Places:
    home: Path
    sockets: Path
    account: Account
    passwords: Passwords

    @property
    def database(self) -> Path:
        return self.home / "postgres"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / REDIS_SOCKET

    def urls(self) -> Urls:
        host = quote(str(self.sockets), safe="")
        return Urls(
            database_url=f"postgresql://radrate:{self.passwords.application}@/radrate"
            f"?host={host}&port=5432",
            redis_url=f"unix://:{self.passwords.redis}@{quote(str(self.redis_socket))}?db=0",
        )


def settle(var: Path) -> Places:
    """Finds the recorded folders or chooses and makes them. Call it under the mutex of `var`."""
    record = var / "embedded.json"
    known = _read(record)
    home = _known_home(var, known) or _new_home(var)
    account = Account.owning(home)
    account.require_private(home)
    sockets = _socket_folder(home, account, known.get("sockets"))
    found = {"home": _relative(home, var), "sockets": _relative(sockets, var)}
    if found != known:
        Account(os.geteuid(), os.getegid()).write_private(record, json.dumps(found, indent=2))
    return Places(home, sockets, account, _passwords(home, account))


def _read(record: Path) -> dict[str, str]:
    try:
        return json.loads(record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise EmbeddedError(f"{record} is damaged: remove it and start again. ({error})") from error


def _relative(path: Path, var: Path) -> str:
    """Within `var` the record stays true when the project's folder is moved."""
    return str(path.relative_to(var) if path.is_relative_to(var) else path)


def _known_home(var: Path, known: dict[str, str]) -> Path | None:
    candidates = [var / known["home"]] if "home" in known else []
    candidates += [folder / name for folder, name in _usual_homes(var)]
    return next((home for home in candidates if home.is_dir()), None)


def _usual_homes(var: Path) -> list[tuple[Path, str]]:
    homes = [(var, "servers")]
    if os.geteuid() == 0:
        homes.append((STATE, f"radrate-{hashlib.sha256(os.fsencode(var)).hexdigest()[:12]}"))
    return homes


def _new_home(var: Path) -> Path:
    """`var/servers`; as root elsewhere if the servers' account cannot pass through `var`."""
    account = Account.choose(var)
    for folder, name in _usual_homes(var):
        if account.is_another and not account.can_enter(folder):
            continue
        try:
            account.make_folder(folder / name)
        except OSError as error:
            if folder == var:
                raise EmbeddedError(f"Cannot make a folder in {var}: {error.strerror}") from error
            continue
        return folder / name
    return _temporary_folder(account)


def _temporary_folder(account: Account) -> Path:
    """A new private folder with a short path, in the user's runtime folder or the system's."""
    for parent in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir()):
        if not parent or not Path(parent).is_dir() or not os.access(parent, os.W_OK):
            continue
        if account.is_another and not account.can_enter(Path(parent)):
            continue
        folder = Path(tempfile.mkdtemp(prefix="radrate-", dir=parent))
        account.give(folder)
        return folder
    raise EmbeddedError(
        f"No temporary folder can be reached by user id {account.uid}. Set TMPDIR to one that can."
    )


def _socket_folder(home: Path, account: Account, recorded: str | None) -> Path:
    """`run/` beside the data, or a short private folder where that path is too long for a socket.

    A recorded short folder is used again while it stands (the system may clear it at boot).
    """
    beside = home / "run"
    if _fits(beside):
        account.make_folder(beside)
        return beside
    if recorded and Path(recorded).is_absolute() and account.is_private(Path(recorded)):
        return Path(recorded)
    short = _temporary_folder(account)
    if not _fits(short):
        raise EmbeddedError(f"{short} is too long a path for a socket. Set TMPDIR to a short one.")
    return short


def _fits(folder: Path) -> bool:
    longest = max(POSTGRES_SOCKET, REDIS_SOCKET, key=len)
    return len(os.fsencode(folder / longest)) <= SOCKET_PATH_LIMIT


def _passwords(home: Path, account: Account) -> Passwords:
    path = home / "passwords.json"
    try:
        return Passwords(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        names = ("superuser", "application", "redis")
        made = {name: secrets.token_urlsafe(24) for name in names}
        account.write_private(path, json.dumps(made, indent=2))
        return Passwords(**made)
