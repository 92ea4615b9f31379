"""A Postgres and a Redis for one benchmark, with a migrated database, removed at the end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(**backends: dict[str, object]) -> Iterator[None]:
    """Within it Django is set up on servers of its own, with these backends."""
    from radrate.embedded import provided

    var = Path(tempfile.mkdtemp(prefix="radrate-bench-"))
    var.chmod(0o711)  # the servers may run as another user, who has to pass through
    os.environ |= {"RADRATE_VAR": str(var), "SECRET_KEY": "only-for-benchmarks-" + "x" * 40}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "radrate.settings", "SECURE_SSL": "false"}
    try:
        with provided(os.environ, var):
            import django
            from django.conf import settings
            from django.core.management import call_command

            django.setup()
            settings.IMAGE_BACKENDS |= backends
            call_command("migrate", verbosity=0)
            yield
            from django.db import connections

            connections.close_all()
    finally:
        shutil.rmtree(var, ignore_errors=True)
