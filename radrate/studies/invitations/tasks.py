from celery import shared_task

from radrate.studies.invitations import sending
from radrate.studies.invitations.queries import to_send


@shared_task
def send_invitation(invitation_id: int) -> None:
    sending.send(invitation_id)


@shared_task
def sweep() -> None:
    """Send what the queue or a dead worker lost."""
    for pk in to_send().values_list("pk", flat=True):
        sending.send(pk)
