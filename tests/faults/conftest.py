"""One pair of servers for all faults, one empty database for each of them."""

from collections.abc import Iterator

import pytest

from tests.faults.servers import Servers, own_servers
from tests.faults.stand import Stand


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with own_servers() as running:
        yield running


@pytest.fixture
def stand(servers, tmp_path, django_db_blocker) -> Iterator[Stand]:
    """`stand.backend(...)` changes the scripted backend's options, before a worker starts."""
    servers.start_redis()
    servers.redis_client().flushall()
    with (
        django_db_blocker.unblock(),
        servers.new_database() as url,
        Stand(servers, url, tmp_path).entered() as entered,
    ):
        yield entered
