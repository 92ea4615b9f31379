"""manage.py anonymise_user NAME: erase who a person is, keep what they answered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.accounts.services import anonymise
from radrate.reading import certificates
from radrate.studies.invitations import services as invitations


class Command(BaseCommand):
    help = "Erase a person's name, address, password, tokens and certificates; keep the ratings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--yes", action="store_true", help="do it; else only say what it does")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(_("There is no user %(name)s.") % {"name": options["username"]})
        if not options["yes"]:
            raise CommandError(_("This cannot be undone. Add --yes to do it."))
        with transaction.atomic():
            invitations.forget(user)
            certificates.forget(user)
            anonymise(actor=None, user=user)
        self.stdout.write(_("The person is now %(name)s.") % {"name": user.username})
