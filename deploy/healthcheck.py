"""Asks /healthz of the web process whether the named parts are `ok`; the exit status says so.

`python deploy/healthcheck.py database redis`. Runs within the container, so it calls the web
process directly and tells it what nginx would: an allowed host name, and that TLS was used.
"""

import http.client
import json
import os
import sys

PORT = 8000
TIMEOUT_S = 5.0


def allowed_host(setting: str) -> str:
    """The first of ALLOWED_HOSTS as a browser would name it: `.example.org` stands for all below
    it and `*` for any."""
    first = setting.split(",", maxsplit=1)[0].strip().removeprefix(".")
    return first if first not in ("", "*") else "localhost"


def report(port: int, host: str) -> dict[str, str]:
    """What /healthz answers, with status 200 or, if any part is down, 503."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return json.load(connection.getresponse())
    finally:
        connection.close()


def main(parts: list[str], port: int = PORT) -> int:
    try:
        found = report(port, allowed_host(os.environ.get("ALLOWED_HOSTS", "")))
    except (OSError, ValueError, http.client.HTTPException) as error:
        sys.stdout.write(f"no answer: {error}\n")
        return 1
    sys.stdout.write(json.dumps(found) + "\n")
    return 0 if all(found.get(part) == "ok" for part in parts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
