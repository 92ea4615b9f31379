"""manage.py create_users NAME...: accounts whose password comes from the environment."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.management.passwords import random_password


class Command(BaseCommand):
    help = "Create accounts that do not exist yet. Password: USERS_PASSWORD, or random and printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("usernames", nargs="+")
        parser.add_argument("--manager", action="store_true", help="they may manage studies")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        given = os.environ.get("USERS_PASSWORD", "")
        for username in options["usernames"]:
            user, created = User.objects.get_or_create(username=username)
            if created:
                user.is_manager = options["manager"]
            if created or given:
                password = given or random_password()
                user.set_password(password)
                user.save()
            if created and not given:
                self.stdout.write(
                    _("%(user)s: %(password)s") % {"user": username, "password": password}
                )
