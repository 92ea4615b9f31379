"""Managers' pages of campaigns: all of them, a new one, and one while it runs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from generation import planning, queries, reports, services
from generation.backends import registry
from generation.estimates import estimate
from generation.forms import BudgetForm, CampaignForm, initial_of
from generation.models import Campaign, GenerationJob, State
from generation.planning import lay_out
from generation.presets import BadPreset, Preset, list_presets, load_preset
from generation.previews import pictured, previewed
from generation.record_views import campaign_for, refuse_blind_reader
from generation.sources import sources
from generation.targets import parse_target
from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.images.queries import campaigns_read_blind
from radrate.images.services import note_exposure

ROWS_PREVIEWED = 24

ACTIONS = {
    "start": services.start_campaign,
    "pause": services.pause_campaign,
    "resume": services.resume_campaign,
    "cancel": services.cancel_campaign,
    "retry": services.retry_failed,
}


@require_safe
@manager_required
@never_cache
def campaign_list(request: HttpRequest) -> HttpResponse:
    page = queries.campaigns_page(request.GET.get("page"), request.user)
    ids = [campaign.pk for campaign in page]
    counted, strips = queries.counts(ids), queries.strips(ids, request.user)
    note_exposure(user=request.user, ids=[pk for strip in strips.values() for pk in strip])
    rows = [
        {
            "campaign": campaign,
            "counts": counted.get(campaign.pk, queries.Counts()),
            "strip": strips.get(campaign.pk, []),
        }
        for campaign in page
    ]
    hidden = campaigns_read_blind(request.user).count()
    context = {"page": page, "rows": rows, "hidden": hidden}
    return render(request, "generation/campaign_list.html", context)


@require_safe
@manager_required
@never_cache
def campaign_home_fragment(request: HttpRequest) -> HttpResponse:
    """What runs and what ended last, for the home page; no images."""
    campaigns = queries.lately(request.user)
    counted = queries.counts(campaign.pk for campaign in campaigns)
    rows = [{"campaign": campaign, "counts": counted[campaign.pk]} for campaign in campaigns]
    hidden = campaigns_read_blind(request.user).count()
    return render(request, "generation/_home.html", {"rows": rows, "hidden": hidden})


@require_safe
@manager_required
def campaign_presets(request: HttpRequest) -> HttpResponse:
    """Choose what to start from."""
    return render(request, "generation/campaign_new.html", {"presets": list_presets()})


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def campaign_form(request: HttpRequest) -> HttpResponse:
    """Plan a campaign, from the preset named in the query or from nothing, and start it."""
    preset = _preset(request.GET.get("preset", ""))
    initial = initial_of(preset, request.GET.get("target", ""))
    form = CampaignForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        campaign = _planned(request, form, preset)
        if campaign is not None:
            return redirect("campaign_detail", campaign.pk)
    context = {"form": form, "preset": preset}
    return render(request, "generation/campaign_form.html", context)


def _preset(name: str) -> Preset | None:
    if not name:
        return None
    try:
        return load_preset(name)
    except BadPreset as error:
        raise Http404(str(error)) from error


def _planned(request: HttpRequest, form: CampaignForm, preset: Preset | None) -> Campaign | None:
    """The campaign, started unless it was only to be planned; None with the reason in the form."""
    name = preset.name if preset else ""
    try:
        campaign = planning.plan_campaign(actor=request.user, preset=name, **form.cleaned_data)
        if "plan" not in request.POST:
            services.start_campaign(actor=request.user, campaign=campaign)
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    return campaign


@require_POST
@manager_required
def campaign_preview(request: HttpRequest) -> HttpResponse:
    """What the form asks for, while it is being filled in: the matrix, its time and cost, and the
    radiographs that it would edit. Nothing is written but that they were seen."""
    plan = CampaignForm(request.POST).plan
    context: dict[str, Any] = {}
    if plan is not None:
        try:
            laid = lay_out(plan, actor=request.user)
        except DomainError as error:
            context = {"problem": str(error)}
        else:
            shown = {row.source.pk: row for row in laid.rows if row.source is not None}
            note_exposure(user=request.user, ids=shown)
            context = {
                "plan": plan,
                "laid": laid,
                "estimate": estimate(plan, laid),
                "rows": laid.rows[:ROWS_PREVIEWED] if plan.targets else [],
                "more": max(0, len(laid.rows) - ROWS_PREVIEWED) if plan.targets else 0,
            }
    return render(request, "generation/_preview.html", context)


@require_safe
@manager_required
@never_cache
def target_picture(request: HttpRequest, radiograph_id: UUID) -> HttpResponse:
    """A source with what a line would erase outlined, or where it lies on the extended canvas."""
    source = get_object_or_404(sources(request.user), pk=radiograph_id)
    try:
        png = previewed(source, parse_target(request.GET.get("line", "")))
    except DomainError as error:
        raise Http404(str(error)) from error
    note_exposure(user=request.user, ids=[source.pk])
    return HttpResponse(png, content_type="image/png")


@require_safe
@manager_required
@never_cache
def job_picture(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The source of a job with what was erased outlined, or boxed on its canvas."""
    job = get_object_or_404(
        GenerationJob.objects.select_related("source", "mask", "campaign__batch"),
        pk=job_id,
        source__in=sources(request.user),
    )
    refuse_blind_reader(request, job.campaign)
    note_exposure(user=request.user, ids=[job.source_id])
    return HttpResponse(pictured(job), content_type="image/png")


@require_safe
@manager_required
@never_cache
def backend_list(request: HttpRequest) -> HttpResponse:
    """Every backend: what it can do, what it made, whether it is ready."""
    context = {
        "rows": reports.backends(request.user),
        "refusals": reports.refusals(request.user),
    }
    return render(request, "generation/backends.html", context)


@require_safe
@manager_required
@never_cache
def backend_health(request: HttpRequest, alias: str) -> HttpResponse:
    """What would stop a backend now; asked by the page, since the answer may take seconds."""
    if alias not in registry.available():
        raise Http404
    return render(request, "generation/_health.html", {"problems": registry.health(alias)})


@require_safe
@manager_required
@never_cache
def campaign_detail(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    context = _progress(request, campaign_id)
    return render(request, "generation/campaign_detail.html", context)


@require_safe
@manager_required
@never_cache
def campaign_fragment(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """What changes while a campaign runs. A change of state redraws the page with its buttons."""
    context = _progress(request, campaign_id)
    if request.GET.get("state") != context["campaign"].state:
        return HttpResponseClientRefresh()
    return render(request, "generation/_progress.html", context)


def _progress(request: HttpRequest, campaign_id: UUID) -> dict[str, Any]:
    """Counts and one page of prompts with their outputs. Whoever sees images is remembered."""
    campaign = campaign_for(request, campaign_id)
    counted = queries.count(campaign)
    page = queries.prompts_page(campaign, request.GET.get("page"), requested=counted.requested)
    rows = queries.prompt_rows(campaign, page)
    shown = [o.radiograph_id for row in rows for o in row.outputs if o.radiograph_id]
    shown += [row.source.pk for row in rows if row.source is not None]
    note_exposure(user=request.user, ids=shown)
    return {
        "campaign": campaign,
        "archive": campaign.batch.manifest.get("archive"),
        "counts": counted,
        "segments": queries.segments(counted),
        "page": page,
        "rows": rows,
        "State": State,
        "live": campaign.state in (Campaign.State.RUNNING, Campaign.State.PAUSED)
        or counted.running > 0,
    }


@require_POST
@manager_required
def campaign_action(request: HttpRequest, campaign_id: UUID, action: str) -> HttpResponse:
    """Start, pause, resume, cancel or retry; a step that no longer fits is said, not an error."""
    if action not in ACTIONS:
        raise Http404
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    refuse_blind_reader(request, campaign)
    try:
        ACTIONS[action](actor=request.user, campaign=campaign)
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("campaign_detail", campaign.pk)


@require_POST
@manager_required
def campaign_budget(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Raise the budget of a campaign that it stopped, and go on."""
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    refuse_blind_reader(request, campaign)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("A budget is a number, not below 0."))
        return redirect("campaign_detail", campaign.pk)
    try:
        services.set_budget(actor=request.user, campaign=campaign, **form.cleaned_data)
        services.resume_campaign(actor=request.user, campaign=campaign)
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("campaign_detail", campaign.pk)
