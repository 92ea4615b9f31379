"""Who reads a study: places for readers, and what each is to read."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, NotAllowed
from radrate.images.services import set_embargo
from radrate.studies import assigning, queries
from radrate.studies.models import ReaderStudy, StudyReader
from radrate.studies.services import READABLE, locked, require
from radrate.studies.states import State


@transaction.atomic
def add_reader(*, actor: User, study: ReaderStudy, user: User) -> StudyReader:
    """Enrol a reader. In a locked study the allocation for the new slot is made at once."""
    study = locked(study)
    if study.state not in (State.DRAFT, *READABLE):
        raise Conflict(_("Readers can be added until the study is closed."))
    _refuse_unblind(study, user)
    last = study.readers.order_by("-slot").values_list("slot", flat=True).first()
    try:
        with transaction.atomic():
            reader = StudyReader.objects.create(
                study=study, user=user, slot=0 if last is None else last + 1
            )
    except IntegrityError as error:
        raise Conflict(_("%(user)s reads this study already.") % {"user": user}) from error
    record(actor=actor, verb="add_reader", target=study, reader=user.pk)
    if study.state in READABLE:
        admit(reader=reader)
    return reader


@transaction.atomic
def remove_reader(*, actor: User, study: ReaderStudy, reader: StudyReader) -> None:
    """Take a reader out of a draft. Later a reader withdraws instead."""
    require(locked(study), State.DRAFT)
    record(actor=actor, verb="remove_reader", target=study, reader=reader.user_id)
    reader.delete()


def admit(*, reader: StudyReader) -> None:
    """Allocate the reader's slot and keep the study's images from the reader's eyes elsewhere."""
    study = reader.study
    _refuse_unblind(study, reader.user)
    assigning.allocate(reader)
    set_embargo(user=reader.user, ids=queries.image_ids(study), held_by=study.pk)


def _refuse_unblind(study: ReaderStudy, user: User) -> None:
    """A reader must not know what the study hides."""
    if not user.is_active:
        raise NotAllowed(_("%(user)s has no active account.") % {"user": user})
    why = queries.refused_as_reader(study, user)
    if why == "manages":
        raise NotAllowed(_("%(user)s manages this study and cannot read it.") % {"user": user})
    if why == "has_seen":
        raise NotAllowed(
            _("%(user)s has opened images of this study and cannot read it blind.") % {"user": user}
        )
    if why == "reads_it_elsewhere":
        raise NotAllowed(
            _("%(user)s reads, or has read, images or persons of this study in another one.")
            % {"user": user}
        )
