"""Reads: what was imported with a campaign, and what was noticed."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from generation.models import ARCHIVE, Campaign
from radrate.images.models import Batch, Radiograph, Rejection


def campaigns_of(batch: Batch) -> QuerySet[Campaign]:
    """The campaigns that an import became, one an operation."""
    found = Campaign.objects.filter(backend=ARCHIVE, parameters__import=str(batch.pk))
    return found.select_related("batch").order_by("created_at")


def siblings(campaign: Campaign) -> QuerySet[Campaign]:
    """All campaigns of the import that this one came of."""
    of = campaign.parameters["import"]
    found = Campaign.objects.filter(backend=ARCHIVE, parameters__import=of)
    return found.select_related("batch")


def about(campaign: Campaign) -> dict[str, Any]:
    """The archive and its manifest, as its batch keeps it."""
    told: dict[str, Any] = campaign.batch.manifest["archive"]
    return told


def rejections(campaign: Campaign) -> QuerySet[Rejection]:
    """Files of the whole archive that were not stored, and why."""
    return Rejection.objects.filter(batch=UUID(campaign.parameters["import"]))


def noticed(campaign: Campaign) -> QuerySet[Radiograph]:
    """Stored images about which there is something to say, under provenance.warnings."""
    told = campaign.batch.radiographs.exclude(provenance__warnings=[])
    return told.only("source_name", "provenance").order_by("source_name")
