"""Writes the secrets that docker-compose.yml mounts, each once: `python3 deploy/make_secrets.py`.

They go to `secrets/`, a folder that only its owner can enter. The files in it can be read by all,
since a container's user is not the owner here and Compose mounts files with their own mode.
"""

import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "secrets"
NEXT = """\
Put the certificate of your host beside them: tls.crt (with its chain) and tls.key.
For mail, write its address to email_url: smtp+tls://user:password@host:587
"""


def contents() -> dict[str, str]:
    """File name to content. The addresses and the servers' own files hold the same passwords."""
    database, redis = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    return {
        "secret_key": secrets.token_urlsafe(50),
        "postgres_password": secrets.token_urlsafe(24),
        "database_password": database,
        "database_url": f"postgresql://radrate:{database}@postgres:5432/radrate",
        "redis.conf": f"requirepass {redis}\nmaxmemory-policy noeviction\n",
        "redis_url": f"redis://:{redis}@redis:6379/0",
        "email_url": "consolemail://",
    }


def write(folder: Path) -> list[str]:
    """Returns what was written: all or, if there is a secret already, nothing."""
    folder.mkdir(mode=0o700, exist_ok=True)
    wanted = contents()
    if any((folder / name).exists() for name in wanted):
        return []
    for name, content in wanted.items():
        path = folder / name
        path.write_text(content, encoding="utf-8")
        path.chmod(0o444)
    return list(wanted)


def main() -> int:
    written = write(FOLDER)
    if not written:
        sys.stdout.write(f"{FOLDER} already holds secrets; nothing was changed.\n")
        return 1
    sys.stdout.write(f"Wrote {', '.join(written)} to {FOLDER}.\n{NEXT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
