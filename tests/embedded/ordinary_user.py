"""Run as a script: attaches as an ordinary user and prints as JSON what it saw.

Everything is imported before the rights of root are given up, since an ordinary user may not
reach this Python. Arguments: the folder for the servers, the folder with the wheels' programs.
"""

import json
import os
import pwd
import sys
from pathlib import Path

import psycopg
import redis

from radrate import embedded


def become_ordinary() -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)


def main(var: Path, site: str) -> None:
    sys.path.insert(0, site)
    become_ordinary()
    with embedded.attach(var) as lease:
        with psycopg.connect(lease.database_url) as connection:
            user = connection.execute("SELECT current_user").fetchone()
        client = redis.Redis.from_url(lease.redis_url)
        seen = {
            "uid": os.geteuid(),
            "database_user": user[0] if user else None,
            "redis": client.ping(),
            "data_owner": (var / "servers" / "postgres").stat().st_uid,
        }
        client.close()
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
