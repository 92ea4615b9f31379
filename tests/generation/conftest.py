"""A scripted backend for every test of generation, and campaigns made of its words."""

import pytest
from celery import current_app

from generation.tasks import messages_in

QUEUE = "scripted"
SCRIPTED = "tests.generation.scripted.ScriptedBackend"


@pytest.fixture(autouse=True)
def image_backends(settings, tmp_path):
    settings.IMAGE_BACKENDS = {
        "scripted": {
            "BACKEND": SCRIPTED,
            "OPTIONS": {"QUEUE": QUEUE, "LOG": str(tmp_path / "requests.log")},
        },
    }
    return settings.IMAGE_BACKENDS


@pytest.fixture
def page(client, manager):
    """A browser in which a manager is logged in."""
    client.force_login(manager)
    return client


@pytest.fixture
def requests(tmp_path):
    """The request ids that the backend has seen so far."""

    def seen() -> list[str]:
        log = tmp_path / "requests.log"
        return log.read_text().splitlines() if log.exists() else []

    return seen


@pytest.fixture
def messages():
    """What waits in the broker: take it out as (task, first argument). Empty at the start."""

    def take(queue: str = QUEUE) -> list[tuple[str, str]]:
        taken = []
        with current_app.connection_for_write() as connection:
            waiting = connection.SimpleQueue(queue, queue_opts={"durable": True})
            for _number in range(messages_in(queue)):
                message = waiting.get(block=True, timeout=5)
                message.ack()
                taken.append((message.headers["task"].rpartition(".")[2], message.payload[0][0]))
            waiting.close()
        return taken

    for queue in (QUEUE, "default"):
        take(queue)
    return take
