from typing import Any

from django.db import models

from radrate.audit.models import Event


def record(*, actor: Any, verb: str, target: models.Model, **detail: Any) -> Event:
    """Append one audit event. `actor` is a user, or None for the system itself."""
    return Event.objects.create(
        actor=actor,
        verb=verb,
        target_type=target._meta.model_name,
        target_id=str(target.pk),
        detail=detail,
    )
