"""One pair of servers for all faults, one empty database for each of them."""

from collections.abc import Iterator

import pytest

from tests.faults.servers import Servers, own_servers
from tests.faults.stand import Stand

IN_MAKE_TEST = (
    "test_a_child_that_is_killed_costs_one_call_at_most[4 after the files, before the commit]",
    "test_14_a_crash_between_the_commit_and_the_message_loses_nothing",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs the stand runs real workers, and all but two of it only in make test-all."""
    for item in items:
        if "stand" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.worker)
            if item.name not in IN_MAKE_TEST:
                item.add_marker(pytest.mark.long)


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
