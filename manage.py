#!/usr/bin/env python
"""Run a command. Without DATABASE_URL and REDIS_URL, embedded servers stand in."""

import os
import sys

from radrate.embedded.environment import local_environment

WITHOUT_SERVERS = {"check", "collectstatic", "help", "makemessages", "compilemessages", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "radrate.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    with local_environment(start=command not in WITHOUT_SERVERS):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
