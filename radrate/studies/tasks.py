from uuid import UUID

from celery import shared_task

from radrate.studies import locking
from radrate.studies.models import ReaderStudy


@shared_task
def lock_study(study_id: str) -> None:
    locking.lock_protocol(study_id=UUID(study_id))


@shared_task
def sweep() -> None:
    """Take up locks that the queue or a dead worker lost."""
    for pk in ReaderStudy.objects.filter(state="locking").values_list("pk", flat=True):
        lock_study.delay(str(pk))
