"""What a load balancer asks."""

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from radrate.operations import health
from radrate.operations.tasks import heartbeat

pytestmark = pytest.mark.django_db
NOBODY_LISTENS = 1


@pytest.fixture(autouse=True)
def _no_heartbeat_before_or_after():
    cache.delete(health.HEARTBEAT_KEY)
    yield
    cache.delete(health.HEARTBEAT_KEY)


def test_all_is_well_once_a_worker_has_completed_a_heartbeat(client):
    heartbeat()
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "redis": "ok", "workers": "ok"}


def test_workers_are_down_when_no_heartbeat_was_completed(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "ok", "redis": "ok", "workers": "down"}


@pytest.mark.parametrize(("age_s", "word"), [(30, "ok"), (61, "down")])
def test_a_heartbeat_counts_for_sixty_seconds(client, age_s, word):
    cache.set(health.HEARTBEAT_KEY, time.time() - age_s)
    assert client.get("/healthz").json()["workers"] == word


def test_a_dead_redis_is_told_and_takes_the_workers_with_it(client, settings):
    default = settings.CACHES["default"]
    dead = default | {"LOCATION": f"redis://127.0.0.1:{NOBODY_LISTENS}/0"}
    alive = settings.CACHES
    settings.CACHES = {"default": dead}
    answer = client.get("/healthz")
    settings.CACHES = alive
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "ok", "redis": "down", "workers": "down"}


def test_a_dead_database_is_told(client, monkeypatch):
    heartbeat()
    dead = connection.settings_dict | {"HOST": "127.0.0.1", "PORT": str(NOBODY_LISTENS)}
    monkeypatch.setattr(health, "connection", DatabaseWrapper(dead))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "down", "redis": "ok", "workers": "ok"}


def test_health_is_only_read(client):
    heartbeat()
    assert client.head("/healthz").status_code == 200
    for method in (client.post, client.put, client.patch, client.delete):
        assert method("/healthz").status_code == 405


def test_health_is_told_over_plain_http_where_all_else_is_sent_to_https(client, settings):
    heartbeat()
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/reading/").headers["Location"].startswith("https://")
