"""Managers' pages of what a campaign left behind: its ledger and its figure sheets."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from generation import figures, ledger
from generation.models import Campaign, Output
from radrate.accounts.access import manager_required
from radrate.audit.services import record
from radrate.errors import DomainError, NotAllowed
from radrate.images.queries import under_embargo
from radrate.images.services import note_exposure, note_opened

MOST_SHEETS = 100  # drawn within one request


def campaign_for(request: HttpRequest, campaign_id: UUID) -> Campaign:
    """The campaign, if this person does not read images of it blind; noted as opened."""
    campaign = get_object_or_404(
        Campaign.objects.select_related("batch", "created_by"), pk=campaign_id
    )
    refuse_blind_reader(request, campaign)
    note_opened(user=request.user, batch=campaign.batch)
    return campaign


def refuse_blind_reader(request: HttpRequest, campaign: Campaign) -> None:
    """Whoever reads an image of the campaign blind, or one that it edited, sees none of it."""
    edited = campaign.jobs.filter(source__isnull=False).order_by().values("source")
    if under_embargo(request.user, campaign.batch, edited):
        raise NotAllowed(
            _("You read images of this campaign blind; its page opens for you afterwards.")
        )


@require_safe
@manager_required
@never_cache
def campaign_ledger(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_for(request, campaign_id)
    context = {
        "campaign": campaign,
        "totals": ledger.totals(campaign),
        "rows": ledger.rows(campaign),
        "reasons": ledger.reasons(campaign),
        "exclusions": ledger.exclusions(campaign),
    }
    return render(request, "generation/ledger.html", context)


@require_safe
@manager_required
@never_cache
def campaign_ledger_csv(request: HttpRequest, campaign_id: UUID) -> StreamingHttpResponse:
    campaign = campaign_for(request, campaign_id)
    record(actor=request.user, verb="export_ledger", target=campaign)
    return StreamingHttpResponse(
        ledger.as_csv(campaign),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="radrate-ledger.csv"'},
    )


@require_safe
@manager_required
@never_cache
def campaign_figures(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Every sheet as a picture that loads when it is scrolled to, and all as one PDF."""
    campaign = campaign_for(request, campaign_id)
    numbers = range(1, figures.sheets(campaign) + 1)
    return render(request, "generation/figures.html", {"campaign": campaign, "numbers": numbers})


@require_safe
@manager_required
@never_cache
def campaign_sheet(request: HttpRequest, campaign_id: UUID, number: int) -> HttpResponse:
    """One sheet as PNG."""
    campaign = campaign_for(request, campaign_id)
    if not 1 <= number <= figures.sheets(campaign):
        raise Http404
    _note_seen(request, campaign)
    return HttpResponse(figures.sheet_png(campaign, number), content_type="image/png")


@require_safe
@manager_required
@never_cache
def campaign_figures_pdf(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_for(request, campaign_id)
    if figures.sheets(campaign) > MOST_SHEETS:
        raise DomainError(
            _("These are too many sheets for one request; use manage.py figure_sheet instead.")
        )
    _note_seen(request, campaign)
    record(actor=request.user, verb="export_figures", target=campaign)
    return HttpResponse(
        figures.all_sheets_pdf(campaign),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="radrate-figures.pdf"'},
    )


def _note_seen(request: HttpRequest, campaign: Campaign) -> None:
    made = Output.objects.filter(job__campaign=campaign, radiograph__isnull=False)
    note_exposure(user=request.user, ids=made.values_list("radiograph", flat=True))
    sources = campaign.jobs.filter(source__isnull=False).order_by()
    note_exposure(user=request.user, ids=sources.values_list("source", flat=True).distinct())
