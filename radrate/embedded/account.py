"""The user id that the servers run under: one's own, or as root an unprivileged one."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from radrate.embedded.errors import EmbeddedError

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int

    @classmethod
    def choose(cls, var: Path) -> Self:
        """Ourselves; as root whoever owns the folder or its parent, else `nobody`. Adds no user."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        known = {user.pw_uid: user for user in pwd.getpwall() if user.pw_uid != 0}
        owners = (var.stat().st_uid, var.parent.stat().st_uid)
        user = next((known[uid] for uid in owners if uid in known), pwd.getpwnam("nobody"))
        return cls(user.pw_uid, user.pw_gid)

    @classmethod
    def owning(cls, folder: Path) -> Self:
        """The owner of existing data. Raises EmbeddedError if we may not or must not act as it."""
        status = folder.stat()
        if os.geteuid() not in (0, status.st_uid):
            raise EmbeddedError(
                f"{folder} belongs to user id {status.st_uid}, not to you ({os.geteuid()}). Run "
                "RadRate as that user, or point RADRATE_VAR at a folder of your own."
            )
        if status.st_uid == 0:
            raise EmbeddedError(
                f"{folder} belongs to root, as whom no database server may run. Give it with all "
                "in it to an ordinary user: chown -R."
            )
        return cls(status.st_uid, status.st_gid)

    @property
    def is_another(self) -> bool:
        return self.uid != os.geteuid()

    def popen_arguments(self) -> dict[str, Any]:
        """Keyword arguments that make `subprocess` start a program apart from our terminal,
        our environment and, as root, our rights."""
        arguments: dict[str, Any] = {
            "cwd": "/",
            "env": ENVIRONMENT,
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
        }
        if self.is_another:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def can_run(self, command: Sequence[str | Path]) -> bool:
        """Whether the program can be reached and run, and succeeds, under this account."""
        try:
            done = subprocess.run(
                command, capture_output=True, check=False, timeout=30, **self.popen_arguments()
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may pass through the folder and all above it (ACLs included)."""
        return self.can_run(["test", "-x", folder])

    def make_folder(self, folder: Path) -> None:
        """A 0700 folder of this account. Raises EmbeddedError if another's is in its place."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            self.require_private(folder)
        else:
            self.give(folder)

    def require_private(self, folder: Path) -> None:
        """Raises EmbeddedError unless the path is a real folder of this account, mode 0700."""
        if not self.is_private(folder):
            raise EmbeddedError(
                f"{folder} is not a folder that only user id {self.uid} can open. Remove it, "
                "or point RADRATE_VAR at another folder."
            )

    def is_private(self, folder: Path) -> bool:
        try:
            status = folder.lstat()
        except OSError:
            return False
        return (status.st_mode, status.st_uid) == (0o040700, self.uid)

    def give(self, path: Path) -> None:
        if self.is_another:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def write_private(self, path: Path, text: str) -> None:
        """Replaces the file at once with one of mode 0600 that this account owns."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            self.give(Path(name))
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
