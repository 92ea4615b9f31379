"""Cases that have left the reading, because an image of theirs was excluded.

Nothing is stored of it. An exclusion is for good and has its time, so whether a case stands is read
from its images; no exclusion can slip past a reader, a lock or an allocation that is under way.
What is excluded after the close of a study changes nothing in it.
"""

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from radrate.studies.models import CaseImage


def gone() -> Q:
    """Images of cases that are no longer to be shown."""
    before_the_close = Q(case__study__closed_at__isnull=True) | Q(
        radiograph__excluded_at__lt=F("case__study__closed_at")
    )
    return Q(radiograph__excluded_at__isnull=False) & before_the_close


def stands(case: str = "") -> Q:
    """Every image is still to be shown. `case` leads from the row to its case, as `case__`."""
    return ~Q(Exists(CaseImage.objects.filter(gone(), case=OuterRef(f"{case}pk"))))


def is_withdrawn(case_id: int) -> bool:
    return CaseImage.objects.filter(gone(), case=case_id).exists()


def hold(case_id: int) -> None:
    """Until the transaction ends no image of the case is excluded; an exclusion waits for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 1 FROM radrate_radiograph image
            JOIN radrate_caseimage shown ON shown.radiograph_id = image.id
            WHERE shown.case_id = %s ORDER BY image.id FOR SHARE OF image
            """,
            [case_id],
        )
