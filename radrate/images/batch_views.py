"""Pages of an import: begin one, watch it, stop it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.images import queries
from radrate.images.forms import ImportForm
from radrate.images.importing import cancel_import
from radrate.images.incoming import KEPT_FOR
from radrate.images.manifest import ManifestError
from radrate.images.models import Batch
from radrate.images.services import note_opened
from radrate.images.uploads import create_upload, resume_import

THUMBNAILS = 24
REJECTIONS_A_PAGE = 100


@require_http_methods(["GET", "POST"])
@manager_required
def image_import(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = _create(request, form)
        if batch is not None:
            return redirect("image_batch", pk=batch.pk)
    limits = {
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        "most_mb": settings.MAX_UPLOAD_MB,
    }
    status = 422 if form.errors else 200
    return render(request, "images/import.html", {"form": form, **limits}, status=status)


@require_safe
@manager_required
@never_cache
def image_batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = get_object_or_404(queries.watched(), pk=pk)
    if batch.kind == Batch.Kind.CAMPAIGN:
        return redirect("campaign_of_batch", batch.pk)
    if queries.shows_prompts(batch):
        note_opened(user=request.user, batch=batch)
    stored = queries.visible_to(request.user).filter(batch=batch)
    rejections = Paginator(batch.rejections.all(), REJECTIONS_A_PAGE)
    context = {
        "radiographs": stored.defer("attributes", "provenance")[:THUMBNAILS],
        "stored": stored.count(),
        "rejections": rejections.get_page(request.GET.get("page")),
        "kept_for_hours": KEPT_FOR.total_seconds() // 3600,
        **_progress(batch),
    }
    return render(request, "images/batch.html", context)


@require_safe
@manager_required
@never_cache
def image_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The counts while an import runs; when it ends, the whole page is shown afresh."""
    batch = get_object_or_404(queries.watched().defer("manifest"), pk=pk)
    if batch.state != Batch.State.RUNNING:
        return HttpResponseClientRefresh()
    return render(request, "images/components/progress.html", _progress(batch))


@require_POST
@manager_required
def image_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    cancel_import(actor=request.user, batch=get_object_or_404(queries.imports(), pk=pk))
    return redirect("image_batch", pk=pk)


@require_POST
@manager_required
def image_resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    resume_import(actor=request.user, batch=get_object_or_404(queries.imports(), pk=pk))
    return redirect("image_batch", pk=pk)


def _create(request: HttpRequest, form: ImportForm) -> Batch | None:
    """The new batch, or None with the trouble written into the form."""
    now = formats.date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")
    try:
        return create_upload(
            actor=request.user,
            title=form.cleaned_data["title"] or _("Upload of %(date)s") % {"date": now},
            files=form.cleaned_data["files"],
            manifest_file=form.cleaned_data["manifest"],
            reviewed=form.cleaned_data["reviewed"],
        )
    except ManifestError as error:
        form.add_error("manifest", str(error))
    except DomainError as error:
        form.add_error(None, str(error))
    return None


def _progress(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch,
        "running": batch.state == Batch.State.RUNNING,
        "done": batch.made + batch.failed,
        "all": max(batch.requested, batch.made + batch.failed, 1),
        "waiting": queries.waiting_in(batch),
        "uploads": batch.incoming.count(),
    }
