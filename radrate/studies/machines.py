"""Machine readers: a model that takes the same blinded protocol as people, over the API.

Each has an account of its own without a password, which reads this one study, and one token.
"""

import re

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from knox.models import AuthToken

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError
from radrate.studies import enrolment
from radrate.studies.models import ReaderStudy, StudyReader

NAME = re.compile(r"[\w.+-][\w.+ -]{0,80}")


def machines(study: ReaderStudy) -> QuerySet[StudyReader]:
    """With `token_at`, when their token was made; None if they have none."""
    found = study.readers.filter(reader_class=StudyReader.ReaderClass.MACHINE)
    return found.select_related("user").annotate(token_at=Max("user__auth_token_set__created"))


@transaction.atomic
def add_machine(*, actor: User, study: ReaderStudy, name: str) -> tuple[StudyReader, str]:
    """The reader and its token, which is told this once. It takes a place as a person does."""
    name = name.strip()
    if not NAME.fullmatch(name):
        raise DomainError(_("A name has letters, digits and . + - _, at most 80 of them."))
    username = f"machine:{study.number}:{name}".replace(" ", "-")
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(_("This study has a machine reader of that name already."))
    user = User(username=username)
    user.set_unusable_password()
    user.save()
    reader = enrolment.add_reader(actor=actor, study=study, user=user)
    reader.reader_class = StudyReader.ReaderClass.MACHINE
    reader.save(update_fields=["reader_class"])
    record(actor=actor, verb="add_machine", target=study, reader=user.pk, name=name)
    return reader, renew_token(actor=actor, reader=reader)


@transaction.atomic
def renew_token(*, actor: User, reader: StudyReader) -> str:
    """A new token; the one before stops working."""
    AuthToken.objects.filter(user=reader.user).delete()
    _instance, secret = AuthToken.objects.create(user=reader.user)
    record(actor=actor, verb="create_token", target=reader.user)
    return secret


@transaction.atomic
def revoke_token(*, actor: User, reader: StudyReader) -> None:
    if AuthToken.objects.filter(user=reader.user).delete()[0]:
        record(actor=actor, verb="revoke_token", target=reader.user)
