"""Pages of the library: look at images, review them, correct what is said of them, exclude them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from radrate.accounts.access import manager_required
from radrate.images import presentation, queries, services
from radrate.images.forms import DetailsForm, ExcludeForm, LibraryFilter, ReviewDetailsForm
from radrate.images.models import Batch, Origin, Radiograph

THUMBNAILS_A_PAGE = 60
PICTURES_A_PAGE = 12


@require_safe
@manager_required
@never_cache
def image_library(request: HttpRequest) -> HttpResponse:
    occurring = queries.occurring(request.user)
    form = LibraryFilter(request.GET, occurring=occurring)
    found = queries.library(request.user, form.lookups())
    context = {
        "form": form,
        "filtered": bool(form.lookups()),
        "page": Paginator(found, THUMBNAILS_A_PAGE).get_page(request.GET.get("page")),
        "counts": queries.library_counts(request.user),
    }
    return render(request, "images/library.html", context)


@require_safe
@manager_required
@never_cache
def image_home_fragment(request: HttpRequest) -> HttpResponse:
    running = queries.imports().filter(state=Batch.State.RUNNING)[:5]
    context = {"counts": queries.library_counts(request.user), "running": running}
    return render(request, "images/components/home.html", context)


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def image_review(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        selected = _selected(request)
        if not selected:
            messages.error(request, _("Select at least one image."))
        elif request.POST.get("action") == "exclude":
            _exclude(request, selected)
        else:
            _confirm(request, selected)
        return redirect(request.get_full_path())
    waiting = queries.waiting_for_review(request.user).order_by("created_at", "pk")
    page = Paginator(waiting.defer("provenance"), PICTURES_A_PAGE).get_page(request.GET.get("page"))
    pictures = [(image, ReviewDetailsForm(instance=image, prefix=str(image.pk))) for image in page]
    return render(request, "images/review.html", {"page": page, "pictures": pictures})


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def image_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An image with all that is known of it; a POST corrects it."""
    visible = queries.visible_to(request.user).select_related("batch", "source", "reviewed_by")
    radiograph = get_object_or_404(visible, pk=pk)
    form = DetailsForm(request.POST or None, instance=radiograph)
    if request.method == "POST" and form.is_valid():
        changed = services.describe(
            actor=request.user, radiograph=radiograph, details=form.changes()
        )
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
        return redirect("image_detail", pk=pk)
    return render(request, "images/detail.html", _detail(radiograph, form))


@require_POST
@manager_required
def image_exclude(request: HttpRequest, pk: UUID) -> HttpResponse:
    _exclude(request, [get_object_or_404(queries.visible_to(request.user), pk=pk)])
    return redirect("image_detail", pk=pk)


def _detail(radiograph: Radiograph, form: DetailsForm) -> dict[str, Any]:
    return {
        "radiograph": radiograph,
        "form": form if radiograph.origin == Origin.REAL else None,
        "exclude_form": ExcludeForm(),
        "facts": presentation.facts(radiograph),
        "attributes": presentation.attributes(radiograph),
        "provenance": presentation.provenance(radiograph),
        "history": presentation.history(queries.history(radiograph)),
    }


def _selected(request: HttpRequest) -> list[Radiograph]:
    """The chosen images that still wait; what is no identifier is passed over."""
    ids = []
    for text in request.POST.getlist("selected"):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(queries.waiting_for_review(request.user).filter(pk__in=ids))


def _confirm(request: HttpRequest, selected: Iterable[Radiograph]) -> None:
    details = {}
    for image in selected:
        form = ReviewDetailsForm(request.POST, instance=image, prefix=str(image.pk))
        details[image.pk] = form.changes() if form.is_valid() else {}
    count = services.confirm_review(actor=request.user, ids=details, details=details)
    messages.success(
        request,
        ngettext("%(n)d image accepted.", "%(n)d images accepted.", count) % {"n": count},
    )


def _exclude(request: HttpRequest, selected: Iterable[Radiograph]) -> None:
    form = ExcludeForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
        return
    count = services.exclude(
        actor=request.user,
        ids=[image.pk for image in selected],
        reason=form.cleaned_data["reason"],
    )
    messages.success(
        request,
        ngettext("%(n)d image excluded.", "%(n)d images excluded.", count) % {"n": count},
    )
