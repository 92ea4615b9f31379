"""Fixtures for every room: people, and a database whose append-only tables can be emptied."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.contrib.auth import user_logged_in
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from radrate.accounts.models import User
from tests.factories.people import make_user

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("calm", deadline=None)
hypothesis.settings.load_profile("calm")

APPEND_ONLY = (
    "radrate_event",
    "radrate_rating",
    "radrate_score",
    "radrate_mark",
    "radrate_blocksubmission",
    "radrate_consenttext",
    "radrate_consent",
    "radrate_phaseentry",
    "radrate_trail",
    "radrate_displaycheck",
    "radrate_reminder",
    "radrate_problemreport",
    "radrate_problemhandling",
)


def _flush_append_only_tables() -> None:
    """Only the owner of the tables can do this, and only by disabling the triggers by name."""
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        call_command("flush", verbosity=0, interactive=False, allow_cascade=False)
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture(autouse=True, scope="session")
def _teardown_of_transactional_tests() -> Iterator[None]:
    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        _flush_append_only_tables()

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(autouse=True, scope="session")
def _logins_ask_for_no_display_check() -> None:
    """Readers of tests have had theirs, though a test logs them in afterwards."""
    user_logged_in.disconnect(dispatch_uid="update_last_login")


@pytest.fixture
def manager(db) -> User:
    return make_user(username="manager", is_manager=True)


@pytest.fixture
def reader(db) -> User:
    return make_user(username="reader1")


@pytest.fixture
def outsider(db) -> User:
    return make_user(username="outsider")
