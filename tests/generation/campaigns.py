"""Campaigns of the scripted backend, small and quick."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from generation import runner
from generation.models import Campaign, GenerationJob, Output, State
from generation.planning import plan_campaign
from generation.states import move_campaign

SIDE = 32


def plan(*prompts: Any, n: int = 1, **attrs: Any) -> Campaign:
    """A draft; a prompt may be words or (words, parameters)."""
    values = {
        "actor": None,
        "title": "Knees",
        "backend": "scripted",
        "width": SIDE,
        "height": SIDE,
        "seed": 7,
    }
    pairs = [(prompt, {}) if isinstance(prompt, str) else prompt for prompt in prompts]
    return plan_campaign(prompts=pairs or [("a knee", {})], n=n, **values | attrs)


def running(*prompts: Any, n: int = 1, **attrs: Any) -> Campaign:
    """A running campaign of which no message was sent."""
    campaign = plan(*prompts, n=n, **attrs)
    move_campaign(campaign, Campaign.State.RUNNING)
    return campaign


def job_of(campaign: Campaign) -> GenerationJob:
    return GenerationJob.objects.select_related("campaign__batch").get(campaign=campaign)


def outputs_of(campaign: Campaign) -> list[Output]:
    return list(
        Output.objects.filter(job__campaign=campaign)
        .select_related("job", "radiograph")
        .order_by("job__position", "job__batch_number", "index")
    )


def states_of(campaign: Campaign) -> list[str]:
    return [State(output.state).value for output in outputs_of(campaign)]


def let_lease_run_out(job: GenerationJob) -> None:
    past = timezone.now() - timedelta(seconds=1)
    GenerationJob.objects.filter(pk=job.pk).update(lease_until=past)


def run_all(campaign: Campaign) -> Campaign:
    """Do in this process what a worker would."""
    for job in campaign.jobs.filter(state=State.QUEUED):
        runner.run(job.pk)
    return campaign


def finished(*prompts, n: int = 1) -> Campaign:
    return run_all(running(*prompts, n=n))
