"""Who reads a study: places for readers, and what each is to read."""

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, NotAllowed
from radrate.images.services import set_embargo
from radrate.studies import queries
from radrate.studies.assigning import allocate
from radrate.studies.models import Assignment, ReaderStudy, StudyReader
from radrate.studies.services import READABLE, locked, require
from radrate.studies.states import State


@transaction.atomic
def add_reader(*, actor: User, study: ReaderStudy, user: User) -> StudyReader:
    """Enrol a reader. In a locked study the reader takes a place that is free or, if there is none,
    a further one."""
    study = locked(study)
    if study.state not in (State.DRAFT, *READABLE):
        raise Conflict(_("Readers can be added until the study is closed."))
    _refuse_unblind(study, user)
    if study.readers.filter(user=user).exists():
        raise Conflict(_("%(user)s reads this study already.") % {"user": user})
    reader = _place(study, user)
    record(actor=actor, verb="add_reader", target=study, reader=user.pk)
    if study.state in READABLE:
        if not reader.assignments.exists():
            allocate(reader)
        keep_blind(reader=reader)
    return reader


def _place(study: ReaderStudy, user: User) -> StudyReader:
    """In the slot of somebody who left before rating anything, in an empty one, or the next one."""
    slot = _left_unread(study)
    empty = study.readers.filter(user=None).order_by("slot").first()
    if slot is None and empty is not None:
        empty.user, empty.joined_at = user, timezone.now()
        empty.save(update_fields=["user", "joined_at"])
        return empty
    if slot is None:
        last = study.readers.aggregate(last=Max("slot"))["last"]
        slot = 0 if last is None else last + 1
    return StudyReader.objects.create(study=study, user=user, slot=slot)


def _left_unread(study: ReaderStudy) -> int | None:
    """The first slot that nobody reads any more and of which nothing was rated."""
    rated = Assignment.objects.filter(study_reader=OuterRef("pk"), ratings__isnull=False)
    held = study.readers.filter(withdrawn_at=None).values("slot")
    left = study.readers.filter(~Exists(rated), withdrawn_at__isnull=False).exclude(slot__in=held)
    return left.order_by("slot").values_list("slot", flat=True).first()


@transaction.atomic
def remove_reader(*, actor: User, study: ReaderStudy, reader: StudyReader) -> None:
    """Take a reader out of a draft. Later a reader withdraws instead."""
    require(locked(study), State.DRAFT)
    record(actor=actor, verb="remove_reader", target=study, reader=reader.user_id)
    reader.delete()


def keep_blind(*, reader: StudyReader) -> None:
    """Keep the study's images from the reader's eyes elsewhere; refuse whoever saw them."""
    study = reader.study
    _refuse_unblind(study, reader.user)
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
