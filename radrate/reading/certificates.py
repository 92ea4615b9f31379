"""Certificates of participation: issued to a reader, checked by anybody who has the code."""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.errors import NotAllowed
from radrate.reading.models import Certificate, Rating
from radrate.reading.overview import may_be_certified, with_counts
from radrate.studies.models import StudyReader

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is read as another sign
LENGTH, GROUP = 16, 4  # 80 random bits
READ_AS = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Validity:
    """What a code tells to whoever has it: nothing of the reader or the study."""

    cases: int
    issued_on: date


def new_code() -> str:
    return grouped("".join(secrets.choice(ALPHABET) for _sign in range(LENGTH)))


def grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def normalised(typed: str) -> str:
    """A code as it is stored, from whatever was typed; empty if it cannot be one."""
    signs = re.sub(r"[\s\-–]", "", typed).upper().translate(READ_AS)
    if len(signs) != LENGTH or set(signs) - set(ALPHABET):
        return ""
    return grouped(signs)


def validity(typed: str) -> Validity | None:
    found = Certificate.objects.filter(code=normalised(typed)).first()
    return Validity(found.cases, timezone.localdate(found.issued_at)) if found else None


@transaction.atomic
def issue(*, reader: StudyReader, name: str) -> Certificate:
    """The reader's certificate under the name that they wish. Issued again it keeps its code and
    counts anew."""
    StudyReader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if not may_be_certified(with_counts(reader)):
        raise NotAllowed(_("A certificate is issued when every case is read."))
    certificate, _created = Certificate.objects.update_or_create(
        study_reader=reader,
        defaults={"name": name, **_reading_of(reader)},
        create_defaults={"name": name, "code": new_code(), **_reading_of(reader)},
    )
    return certificate


def forget(user: User) -> None:
    """Erase the name from a person's certificates. Their codes stay valid."""
    Certificate.objects.filter(study_reader__user=user).update(name="")


def _reading_of(reader: StudyReader) -> dict[str, Any]:
    """How much was read and when. A revision's time holds that of the sheets before it."""
    per_case = (
        Rating.objects.filter(assignment__study_reader=reader)
        .values("assignment")
        .annotate(ms=Max("duration_ms"), first=Min("at"), last=Max("at"))
    )
    rows = list(per_case)
    return {
        "cases": len(rows),
        "minutes": round(sum(row["ms"] for row in rows) / 60_000),
        "first_on": timezone.localdate(min(row["first"] for row in rows)),
        "last_on": timezone.localdate(max(row["last"] for row in rows)),
    }
