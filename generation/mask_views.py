"""Managers' pages on which radiographs are chosen for an edit, with a mask or with margins."""

import json
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import localize
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from generation.backends.base import Operation
from generation.mask_forms import DrawingForm, MarginsForm, RandomForm, SourceFilter, UploadForm
from generation.masking import SIDE, make_mask, upload_mask
from generation.masks import blob, regions_of
from generation.models import Mask
from generation.sources import ORDER, sources, working_size
from generation.targets import image_line
from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.images.models import Radiograph
from radrate.images.services import note_exposure

SOURCES_A_PAGE = 24
MASKS_SHOWN = 48


@require_safe
@manager_required
@never_cache
def source_picker(request: HttpRequest) -> HttpResponse:
    """Radiographs to edit, for the dialog of the campaign's form. Whoever is sent a thumbnail is
    remembered by the view that sends it."""
    found = sources(request.user)
    form = SourceFilter(request.GET, occurring=_occurring(found))
    shown = found.filter(**form.lookups()).order_by(*ORDER)
    shown = shown.defer("attributes", "provenance", "attribution")
    is_outpainting = request.GET.get("operation") == Operation.OUTPAINT
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(shown, SOURCES_A_PAGE).get_page(request.GET.get("page")),
        "operation": Operation.OUTPAINT if is_outpainting else Operation.INPAINT,
        "next": "source_margins" if is_outpainting else "mask_editor",
        "query": query.urlencode(),
    }
    return render(request, "generation/_picker.html", context)


def _occurring(found: Any) -> dict[str, list[str]]:
    return {
        name: sorted(found.order_by().values_list(name, flat=True).distinct())
        for name in ("body_part_examined", "view_position")
    }


def _source(request: HttpRequest, radiograph_id: UUID) -> Radiograph:
    return get_object_or_404(sources(request.user), pk=radiograph_id)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
@never_cache
def mask_editor(request: HttpRequest, radiograph_id: UUID) -> HttpResponse:
    """Draw on a radiograph what is to be generated, as a page or as a part of the form's dialog;
    a POST keeps the drawing, or a file, as a mask."""
    source = _source(request, radiograph_id)
    note_exposure(user=request.user, ids=[source.pk])
    if request.method == "POST":
        return _kept(request, source)
    width, height = working_size(source, SIDE)
    regions = regions_of(source.body_part_examined)
    context = {
        "source": source,
        "width": width,
        "height": height,
        "regions": [(name, json.dumps(box)) for name, box in regions.items()],
        "drawing": DrawingForm(auto_id="drawing-%s", label_suffix=""),
        "upload": UploadForm(auto_id="upload-%s", label_suffix=""),
        "random": RandomForm(auto_id="random-%s", label_suffix=""),
        "masks": _masks_of(source),
    }
    page = "_mask_editor" if request.htmx else "mask_editor"
    return render(request, f"generation/{page}.html", context)


def _kept(request: HttpRequest, source: Radiograph) -> HttpResponse:
    is_upload = "recipe" not in request.POST
    form = UploadForm(request.POST, request.FILES) if is_upload else DrawingForm(request.POST)
    if not form.is_valid():
        return _refused(request, _problem(form))
    try:
        mask = _made(request.user, source, **form.cleaned_data)
    except DomainError as error:
        return _refused(request, str(error))
    context = {"source": source, "mask": mask, "choice": _choice(mask), "masks": _masks_of(source)}
    return render(request, "generation/_mask_saved.html", context)


def _made(
    actor: Any, source: Radiograph, *, label: str, recipe: Any = None, png: bytes = b""
) -> Mask:
    if recipe is None:
        return upload_mask(actor=actor, source=source, data=png, label=label)
    return make_mask(actor=actor, source=source, recipe=recipe, label=label)


def _problem(form: Form) -> str:
    return " ".join(error for errors in form.errors.values() for error in errors)


def _refused(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "generation/_mask_problem.html", {"problem": problem}, status=422)


def _masks_of(source: Radiograph) -> list[dict[str, Any]]:
    """The newest masks of a radiograph, each with what adds it to a plan."""
    newest = Mask.objects.filter(source=source).order_by("-created_at", "pk")[:MASKS_SHOWN]
    return [{"mask": mask, **_choice(mask)} for mask in newest]


def _choice(mask: Mask) -> dict[str, str]:
    line = image_line(mask.source_id, {"mask": str(mask.pk)})
    return {
        "line": line,
        "query": urlencode({"line": line}),
        "target": urlencode({"target": line}),
        "percent": localize(round(100 * mask.area, 1)),
    }


@require_safe
@manager_required
@never_cache
def mask_by_chance(request: HttpRequest, radiograph_id: UUID) -> JsonResponse:
    """The outline of a random mask as {points, random}, or {problem}."""
    source = _source(request, radiograph_id)
    form = RandomForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"problem": _problem(form)}, status=422)
    points = blob(form.chance, working_size(source, SIDE))
    return JsonResponse({"points": points, "random": form.chance})


@require_safe
@manager_required
@never_cache
def source_margins(request: HttpRequest, radiograph_id: UUID) -> HttpResponse:
    """How far a radiograph is to be continued, with a preview that follows the numbers."""
    source = _source(request, radiograph_id)
    note_exposure(user=request.user, ids=[source.pk])
    numbers = request.GET if "right" in request.GET else {"right": "0.5"}
    form = MarginsForm(numbers, label_suffix="", auto_id="margin-%s")
    line = form.line(source)
    context = {"source": source, "form": form, "line": line, "query": urlencode({"line": line})}
    return render(request, "generation/_margins.html", context)
