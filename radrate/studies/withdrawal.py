"""Cases that have left the reading, because an image of theirs was excluded.

Nothing is stored of it. An exclusion is for good and has its time, so whether a case stands is read
from its images; no exclusion can slip past a reader, a lock or an allocation that is under way.
What is excluded after the close of a study changes nothing in it.
"""

from django.db import connection
from django.db.models import F, Q

from radrate.studies.models import Case


def stands(case: str = "") -> Q:
    """Both images are still to be shown. `case` leads from the row to its case, as `case__`."""
    return _kept(f"{case}reference", f"{case}study") & _kept(f"{case}candidate", f"{case}study")


def _kept(image: str, study: str) -> Q:
    """Never NULL, so that its negation holds for all the others."""
    after_the_close = {
        f"{study}__closed_at__isnull": False,
        f"{image}__excluded_at__gte": F(f"{study}__closed_at"),
    }
    return Q(**{f"{image}__excluded_at__isnull": True}) | Q(**after_the_close)


def is_withdrawn(case_id: int) -> bool:
    return not Case.objects.filter(stands(), pk=case_id).exists()


def hold(case_id: int) -> None:
    """Until the transaction ends no image of the case is excluded; an exclusion waits for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 1 FROM radrate_radiograph image
            JOIN radrate_case shown ON image.id IN (shown.reference_id, shown.candidate_id)
            WHERE shown.id = %s ORDER BY image.id FOR SHARE OF image
            """,
            [case_id],
        )
