"""The container's health check against a real HTTP server."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy import healthcheck


class Healthz(BaseHTTPRequestHandler):
    """Answers as /healthz does, and refuses an unknown host as Django would."""

    parts = {"database": "ok", "redis": "ok", "workers": "down"}

    def do_GET(self) -> None:
        known = self.headers["Host"] == "radrate.example.org"
        secure = self.headers["X-Forwarded-Proto"] == "https"
        self.send_response(503 if known and secure else 400)
        self.end_headers()
        self.wfile.write(json.dumps(self.parts).encode() if known and secure else b"<h1>no</h1>")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Healthz) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("parts", "status"), [(["database", "redis"], 0), (["workers"], 1), (["nonsense"], 1)]
)
def test_only_the_named_parts_decide(
    port: int, parts: list[str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "radrate.example.org,other.example.org")
    assert healthcheck.main(parts, port) == status


def test_a_web_process_that_refuses_or_is_gone_is_unhealthy(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "unknown.example.org")
    assert healthcheck.main(["database"], port) == 1
    assert healthcheck.main(["database"], 1) == 1


@pytest.mark.parametrize(
    ("setting", "host"),
    [
        ("a.example.org,b.example.org", "a.example.org"),
        (" .example.org", "example.org"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_the_check_names_a_host_that_django_allows(setting: str, host: str) -> None:
    assert healthcheck.allowed_host(setting) == host
