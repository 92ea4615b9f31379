"""Reads of the image library."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from radrate.accounts.models import User
from radrate.audit.models import Event
from radrate.images.models import Batch, BatchExposure, Embargo, Exposure, Incoming, Radiograph


def visible_to(user: User) -> QuerySet[Radiograph]:
    """Radiographs that a manager may look at: not those that the same person reads blind, nor
    what their campaigns made besides or later."""
    return Radiograph.objects.exclude(
        Exists(Embargo.objects.filter(user=user, radiograph=OuterRef("pk")))
    ).exclude(batch__in=campaigns_read_blind(user))


def campaigns_read_blind(user: User) -> QuerySet[Batch]:
    """Campaigns that this person is told nothing of: some of their images are read blind."""
    blind = Embargo.objects.filter(user=user).values("radiograph__batch")
    return Batch.objects.filter(kind=Batch.Kind.CAMPAIGN, pk__in=blind).order_by()


def under_embargo(user: User, batch: Batch, others: QuerySet | None = None) -> bool:
    """Whether the person reads images of this batch, or of `others` (ids), blind at the moment."""
    meant = Q(radiograph__batch=batch)
    if others is not None:
        meant |= Q(radiograph__in=others)
    return Embargo.objects.filter(meant, user=user).exists()


def opened(user: User, batches: QuerySet[Batch]) -> bool:
    """Whether the person has opened the page of any of these batches."""
    return BatchExposure.objects.filter(user=user, batch__in=batches).exists()


def exposed(user: User, ids: Iterable[UUID]) -> bool:
    """Whether the person has seen any of these radiographs outside of a blinded reading."""
    return Exposure.objects.filter(user=user, radiograph_id__in=list(ids)).exists()


def listed(user: User) -> QuerySet[Radiograph]:
    """What is visible and no catch trial: those belong to one study and are shown there."""
    return visible_to(user).exclude(batch__kind=Batch.Kind.CATCH)


def waiting_for_review(user: User) -> QuerySet[Radiograph]:
    return visible_to(user).filter(state=Radiograph.State.PENDING_REVIEW)


def pool(origin: str) -> QuerySet[Radiograph]:
    """Accepted radiographs of one origin, catch trials left out."""
    accepted = Radiograph.objects.filter(origin=origin, state=Radiograph.State.ACCEPTED)
    return accepted.exclude(batch__kind=Batch.Kind.CATCH)


def imports_with_uploads() -> QuerySet[Batch]:
    """Running imports whose uploads wait for a worker, or have one."""
    running = Batch.objects.filter(kind=Batch.Kind.IMPORT, state=Batch.State.RUNNING)
    return running.filter(Exists(Incoming.objects.filter(batch=OuterRef("pk"))))


def library_counts(user: User) -> dict[str, int]:
    states = Radiograph.State
    return listed(user).aggregate(
        accepted=Count("pk", filter=Q(state=states.ACCEPTED)),
        waiting=Count("pk", filter=Q(state=states.PENDING_REVIEW)),
        excluded=Count("pk", filter=Q(state=states.EXCLUDED)),
    )


def campaign_batches(user: User) -> QuerySet[Batch]:
    """Ended campaigns with at least one image, less those whose images the person reads blind."""
    return (
        Batch.objects.filter(kind=Batch.Kind.CAMPAIGN, made__gt=0)
        .exclude(state=Batch.State.RUNNING)
        .exclude(pk__in=campaigns_read_blind(user))
    )


def waiting_in(batch: Batch) -> int:
    """How many images of a batch wait for review."""
    return batch.radiographs.filter(state=Radiograph.State.PENDING_REVIEW).count()


def library(user: User, lookups: Mapping[str, Any]) -> QuerySet[Radiograph]:
    """What the library lists: excluded images only where their state is asked for."""
    shown = listed(user).defer("attributes", "provenance", "attribution")
    if "state" not in lookups:
        shown = shown.exclude(state=Radiograph.State.EXCLUDED)
    return shown.filter(**lookups)


def occurring(user: User) -> dict[str, list[str]]:
    """Body parts and views that the library holds, sorted."""
    found = listed(user).order_by()
    return {
        name: sorted(found.values_list(name, flat=True).distinct())
        for name in ("body_part_examined", "view_position")
    }


def imports() -> QuerySet[Batch]:
    return (
        Batch.objects.filter(kind=Batch.Kind.IMPORT).defer("manifest").select_related("created_by")
    )


def watched() -> QuerySet[Batch]:
    """Imports, those included that became a campaign when they ended."""
    became = Q(kind=Batch.Kind.CAMPAIGN, manifest__has_key="importer")
    return Batch.objects.filter(became | Q(kind=Batch.Kind.IMPORT)).select_related("created_by")


def shows_prompts(batch: Batch) -> bool:
    """Whether an import is of generated images, whose names and order may tell what they are."""
    return "importer" in batch.manifest


def history(radiograph: Radiograph) -> QuerySet[Event]:
    """What was done to an image, newest first."""
    events = Event.objects.filter(target_type="radiograph", target_id=str(radiograph.pk))
    return events.select_related("actor").order_by("-at", "-pk")
