"""Celery entry points. A message is a hint where to look; the rows say what there is to do."""

import logging
from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from radrate.images import incoming, queries

logger = logging.getLogger(__name__)

SWEEP_S = 30


@shared_task
def import_uploads(batch_id: str) -> None:
    incoming.import_uploads(batch_id=UUID(batch_id))


@shared_task
def sweep() -> None:
    """Take up imports that the queue or a dead worker lost. What nobody takes in time expires."""
    incoming.discard_abandoned()
    for pk in queries.imports_with_uploads().values_list("pk", flat=True):
        import_uploads.apply_async([str(pk)], expires=SWEEP_S)


def ring_on_commit(batch_id: UUID) -> None:
    """Ring for an import once the transaction is committed; the sweep repairs a lost ring."""
    transaction.on_commit(partial(_ring, batch_id))


def _ring(batch_id: UUID) -> None:
    try:
        import_uploads.delay(str(batch_id))
    except OperationalError as error:
        logger.warning("import %s waits for the sweep, no broker: %s", batch_id, error)
