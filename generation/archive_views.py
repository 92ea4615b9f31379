"""Managers' pages of archives: import one, and what was noticed while it was imported."""

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from generation.archive import queries
from generation.archive.forms import ArchiveForm
from generation.archive.services import AlreadyImported, upload_archive
from generation.models import ARCHIVE, Campaign
from generation.record_views import campaign_for, refuse_blind_reader
from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.images.models import Batch
from radrate.images.tables import ManifestError

LINES_A_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def archive_import(request: HttpRequest) -> HttpResponse:
    form = ArchiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = _received(request, form)
        if batch is not None:
            return redirect("image_batch", pk=batch.pk)
    context = {
        "form": form,
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        "most_mb": settings.MAX_UPLOAD_MB,
    }
    status = 422 if form.errors else 200
    return render(request, "generation/archive_import.html", context, status=status)


def _received(request: HttpRequest, form: ArchiveForm) -> Batch | None:
    """The batch that a worker imports, or None with the trouble written into the form."""
    told = form.cleaned_data
    try:
        return upload_archive(
            actor=request.user,
            title=told["title"],
            files=told["files"],
            manifest_file=told["manifest"],
            defaults=form.defaults(),
            reviewed=told["reviewed"],
            again=told["again"],
        )
    except ManifestError as error:
        form.add_error("manifest", str(error))
    except AlreadyImported as error:
        form.add_error("again", str(error))
    except DomainError as error:
        form.add_error(None, str(error))
    return None


@require_safe
@manager_required
def campaign_of_batch(_request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """From an import that has ended to the first of the campaigns that it became."""
    campaign = get_object_or_404(Campaign, batch=batch_id)
    return redirect("campaign_detail", campaign.pk)


@require_safe
@manager_required
@never_cache
def archive_report(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_for(request, campaign_id)
    if campaign.backend != ARCHIVE:
        raise Http404
    for sibling in queries.siblings(campaign):  # the report is about the whole archive
        refuse_blind_reader(request, sibling)
    number = request.GET.get("page")
    rejections, noticed = (
        Paginator(found, LINES_A_PAGE).get_page(number)
        for found in (queries.rejections(campaign), queries.noticed(campaign))
    )
    longer = max(rejections, noticed, key=lambda page: (page.number, page.paginator.count))
    context = {
        "campaign": campaign,
        "archive": queries.about(campaign),
        "rejections": rejections if rejections.number == longer.number else None,
        "noticed": noticed if noticed.number == longer.number else None,
        "page": longer,
    }
    return render(request, "generation/archive_report.html", context)
