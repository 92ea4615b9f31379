"""A reader's pages. Nothing here knows an image or a study as a row."""

import re
from dataclasses import asdict

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.reading import gates, late, overview, queries, services
from radrate.reading.feedback import feedback
from radrate.reading.sheets import sheet


@require_GET
@login_required
@never_cache
@vary_on_headers("Accept")
@csp_update(
    {"img-src": ["blob:"]}
)  # images are kept in the page, and decoded before they are shown
def reading_case(request: HttpRequest, token: str) -> HttpResponse:
    """The reading room; as JSON for the page that is there already, `?ahead` before it is shown."""
    assignment = queries.my_assignment(request.user, token)
    wants_json = request.headers.get("accept", "").startswith("application/json")
    try:
        if wants_json and "ahead" in request.GET:
            services.hand_out(assignment=assignment)
        else:
            services.show(assignment=assignment, shown_ms_ago=_ago(request))
    except services.Withdrawn as error:
        left = {"message": str(error), "next_url": error.next_url}
        if wants_json:
            return JsonResponse(left, status=410)
        return render(request, "reading/withdrawn.html", left, status=410)
    except (Conflict, NotAllowed) as error:
        if wants_json:
            return JsonResponse({"message": str(error)}, status=409)
        return redirect(gates.next_url(assignment.study_reader))
    case = asdict(queries.blinded_case(assignment))
    if wants_json:
        return JsonResponse(case)
    return render(request, "reading/room.html", {"case": case})


def _ago(request: HttpRequest) -> int:
    """Milliseconds since the case was shown, told of one that was fetched ahead."""
    told = request.GET.get("shown_ms_ago", "")
    return int(told) if re.fullmatch("[0-9]{1,12}", told) else 0


@require_GET
@never_cache
def reading_me(request: HttpRequest) -> JsonResponse:
    """Who is logged in, for a page that was open while that may have changed."""
    body = {"csrf_token": get_token(request)}
    if not request.user.is_authenticated:
        return JsonResponse(body, status=401)
    return JsonResponse(body | {"reader_key": queries.reader_key(request.user.pk)})


@require_POST
def reading_save(request: HttpRequest, token: str) -> JsonResponse:
    """Save one answer sheet; "saved" is said only after the commit.

    The browser says whose answers it sends: what it kept of one person is never taken from another.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"message": _("Your session has ended.")}, status=401)
    mine = queries.reader_key(request.user.pk)
    if request.headers.get("X-Reader", mine) != mine:
        return JsonResponse({"message": _("Somebody else has logged in.")}, status=401)
    try:
        saved = services.submit_rating(user=request.user, token=token, **sheet(request.body))
    except DomainError as error:
        return _refusal(error)
    rating = saved.rating
    body = {
        "revision": rating.revision,
        "saved_at": rating.at.isoformat(),
        "late": rating.late,
        "next_url": reverse("reading_list")
        if rating.late
        else gates.next_url(rating.assignment.study_reader),
    }
    return JsonResponse(body, status=201 if saved.created else 200)


@require_GET
@never_cache
def reading_feedback(request: HttpRequest, token: str) -> JsonResponse:
    """What an example was, as JSON, once it was answered; 404 for every other case."""
    if not request.user.is_authenticated:
        return JsonResponse({"message": _("Your session has ended.")}, status=401)
    try:
        told = feedback(queries.my_assignment(request.user, token))
    except DomainError as error:
        return _refusal(error)
    return JsonResponse(asdict(told))


def _refusal(error: DomainError) -> JsonResponse:
    body = {"message": str(error)}
    match error:
        case services.Withdrawn():
            return JsonResponse(body | {"next_url": error.next_url}, status=410)
        case Conflict():
            return JsonResponse(body, status=409)
        case gates.GateClosed():
            return JsonResponse(
                body | {"next_url": error.next_url, "final": error.final}, status=423
            )
        case late.TooLate():
            return JsonResponse(body | {"final": True}, status=423)
        case NotAllowed():
            return JsonResponse(body, status=423)
    return JsonResponse(body | {"errors": getattr(error, "errors", {})}, status=422)


@require_GET
@login_required
@never_cache
def reading_block(request: HttpRequest, token: str, number: int) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    if queries.is_submitted(reader, number):
        return redirect(gates.next_url(reader))
    block = queries.block_page(reader, number)
    if not block.cases:
        return redirect(gates.next_url(reader))
    return render(request, "reading/block.html", {"reading_block": block})


@require_POST
@login_required
def reading_submit_block(request: HttpRequest, token: str, number: int) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    services.submit_block(reader=reader, number=number)
    return redirect(gates.next_url(reader))


@require_GET
@login_required
@never_cache
def reading_done(request: HttpRequest, token: str) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    if queries.resume_url(reader) != request.path:
        return redirect("reading_start", token=token)
    return render(request, "reading/done.html", {"reading": overview.about(reader)})
