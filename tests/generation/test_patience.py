"""A write that meets a database that is away."""

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction

from generation import patience
from generation.patience import patient


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(patience, "PAUSE_S", 0)


def failing(times: int, error: type[Exception] = OperationalError):
    """A write that fails so often and then says 7; and a list of its calls."""
    calls: list[int] = []

    def write(add: int) -> int:
        calls.append(add)
        if len(calls) <= times:
            raise error("terminating connection due to administrator command")
        return 7 + add

    return write, calls


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_it_is_done_again_on_a_new_connection(error):
    connection.ensure_connection()
    before = connection.connection
    write, calls = failing(2, error)
    assert patient(write)(add=1) == 8
    assert len(calls) == 3
    connection.ensure_connection()
    assert connection.connection is not before


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_done_twice():
    write, calls = failing(1)
    with pytest.raises(OperationalError), transaction.atomic():
        patient(write)(1)
    assert len(calls) == 1


@pytest.mark.django_db(transaction=True)
def test_patience_ends(monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_S", 0)
    write, calls = failing(100)
    with pytest.raises(OperationalError):
        patient(write)(1)
    assert len(calls) <= 2


@pytest.mark.django_db(transaction=True)
def test_another_error_is_nobodys_patience():
    write, calls = failing(1, ValueError)
    with pytest.raises(ValueError, match="administrator"):
        patient(write)(1)
    assert len(calls) == 1
