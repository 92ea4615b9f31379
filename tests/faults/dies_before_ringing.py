"""Start a campaign and die after the commit, before any message is sent (a test runs this)."""

import sys

import django

django.setup()

from generation import services, tasks  # noqa: E402
from generation.models import Campaign  # noqa: E402
from tests.faults.scripted import die  # noqa: E402

if __name__ == "__main__":
    tasks._ring = lambda _campaign_id: die()
    services.start_campaign(actor=None, campaign=Campaign.objects.get(pk=sys.argv[1]))
