"""Campaigns of the scripted backend, started as the web process starts them."""

from typing import Any

from generation.models import Campaign
from generation.services import start_campaign
from tests.generation.campaigns import plan

IMAGES = 6


def started(*prompts: Any, n: int = IMAGES, **attrs: Any) -> Campaign:
    campaign = plan(*prompts, n=n, backend="faulty", **attrs)
    start_campaign(actor=None, campaign=campaign)
    return campaign
