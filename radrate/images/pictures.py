"""Pictures for managers. Whoever is sent one is remembered to have seen it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from radrate.accounts.access import manager_required
from radrate.images.models import Radiograph
from radrate.images.queries import visible_to
from radrate.images.rasters import for_browser
from radrate.images.services import note_exposure

PREVIEW_SIDE = 1200
_THUMBNAIL_TYPES = {".webp": "image/webp", ".png": "image/png"}


@require_safe
@manager_required
@cache_control(private=True, max_age=3600)
def image_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = _seen_by(request, pk).thumbnail
    with file.open("rb") as stream:
        kind = _THUMBNAIL_TYPES["." + file.name.rpartition(".")[2]]
        return HttpResponse(stream.read(), content_type=kind)


@require_safe
@manager_required
@cache_control(private=True, max_age=3600)
def image_pixels(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every pixel, as 8-bit PNG."""
    return _png(_seen_by(request, pk), side=None)


@require_safe
@manager_required
@cache_control(private=True, max_age=3600)
def image_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Large enough to read what is burnt in."""
    return _png(_seen_by(request, pk), side=PREVIEW_SIDE)


def _seen_by(request: HttpRequest, pk: UUID) -> Radiograph:
    radiograph = get_object_or_404(visible_to(request.user).only("thumbnail", "pixels"), pk=pk)
    note_exposure(user=request.user, ids=[pk])
    return radiograph


def _png(radiograph: Radiograph, *, side: int | None) -> HttpResponse:
    with radiograph.pixels.open("rb") as stream:
        return HttpResponse(for_browser(stream.read(), side=side), content_type="image/png")
