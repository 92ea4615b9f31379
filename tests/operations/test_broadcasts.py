"""A worker's loop never waits for a broadcast."""

from concurrent.futures import ThreadPoolExecutor
from queue import Empty

import pytest
from celery import current_app

from radrate import broadcasts

PATTERN = "nothing-is-said-here*"


@pytest.fixture
def channel():
    with current_app.connection_for_read() as connection:
        yield connection.default_channel


def test_where_there_is_no_broadcast_none_is_waited_for(channel):
    subscription = channel.subclient
    subscription.psubscribe(PATTERN)
    assert subscription.connection.can_read(timeout=5)
    assert channel._receive_one(subscription) is None  # Redis says that it has subscribed
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(channel._receive_one, subscription)
        try:
            with pytest.raises(Empty):
                reading.result(timeout=5)
        finally:
            channel.client.publish(PATTERN.replace("*", ""), "")  # ends a read that waits


def test_it_is_mended_once():
    before = broadcasts.Channel._receive_one
    broadcasts.never_block()
    assert broadcasts.Channel._receive_one is before
