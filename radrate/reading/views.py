"""A reader's pages. Nothing here knows an image or a study as a row."""

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.reading import queries, services
from radrate.reading.answers import Answer
from radrate.reading.marks import DIGITS, PlacedMark


@require_GET
@login_required
@never_cache
def reading_list(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/studies.html", {"studies": queries.my_readings(request.user)})


@require_GET
@login_required
@never_cache
def reading_start(request: HttpRequest, token: str) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    return render(request, "reading/instructions.html", {"reading": queries.reading_start(reader)})


@require_GET
@login_required
@never_cache
@vary_on_headers("Accept")
def reading_case(request: HttpRequest, token: str) -> HttpResponse:
    """The reading room; as JSON for the page that is there already."""
    assignment = queries.my_assignment(request.user, token)
    wants_json = request.headers.get("accept", "").startswith("application/json")
    try:
        services.show(assignment=assignment)
    except services.Withdrawn as error:
        left = {"message": str(error), "next_url": error.next_url}
        if wants_json:
            return JsonResponse(left, status=410)
        return render(request, "reading/withdrawn.html", left, status=410)
    except (Conflict, NotAllowed) as error:
        if wants_json:
            return JsonResponse({"message": str(error)}, status=409)
        return redirect(queries.resume_url(assignment.study_reader))
    case = asdict(queries.blinded_case(assignment))
    if wants_json:
        return JsonResponse(case)
    return render(request, "reading/room.html", {"case": case})


@require_POST
def reading_save(request: HttpRequest, token: str) -> JsonResponse:
    """Save one answer sheet; "saved" is said only after the commit."""
    if not request.user.is_authenticated:
        return JsonResponse({"message": _("Your session has ended.")}, status=401)
    try:
        saved = services.submit_rating(user=request.user, token=token, **sheet(request.body))
    except DomainError as error:
        return _refusal(error)
    body = {
        "revision": saved.rating.revision,
        "saved_at": saved.rating.at.isoformat(),
        "next_url": queries.resume_url(saved.rating.assignment.study_reader),
    }
    return JsonResponse(body, status=201 if saved.created else 200)


def _refusal(error: DomainError) -> JsonResponse:
    body = {"message": str(error)}
    match error:
        case services.Withdrawn():
            return JsonResponse(body | {"next_url": error.next_url}, status=410)
        case Conflict():
            return JsonResponse(body, status=409)
        case NotAllowed():
            return JsonResponse(body, status=423)
    return JsonResponse(body | {"errors": getattr(error, "errors", {})}, status=422)


def sheet(body: bytes) -> dict[str, Any]:
    """What the client sent, in types; anything else is refused in one sentence."""
    try:
        sent = json.loads(body)
        answers = [
            Answer(
                criterion=_word(row["criterion"]),
                image=_label(row["image"]),
                value=_whole(row["value"]),
                not_applicable=_flag(row["not_applicable"]),
            )
            for row in _rows(sent["answers"])
        ]
        return {
            "rating_id": UUID(_word(sent["id"])),
            "revision": _number(sent["revision"], 10**6),
            "answers": answers,
            "marks": [_mark(row) for row in _rows(sent["marks"])],
            "comment": _text(sent["comment"]),
            "duration_ms": _number(sent["duration_ms"], 2**31 - 1),
        }
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise DomainError(_("The answers arrived damaged. Please send them again.")) from error


def _rows(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    raise TypeError


def _mark(row: dict[str, Any]) -> PlacedMark:
    return PlacedMark(
        image=_word(row["image"]),
        shape=_word(row["shape"]),
        x=_fraction(row["x"]),
        y=_fraction(row["y"]),
        width=_fraction(row["width"]),
        height=_fraction(row["height"]),
        tag=_word(row["tag"]),
        severity=_number(row["severity"], 10),
    )


def _fraction(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not -1 <= value <= 2:  # refuses NaN, too; that it lies on the image is checked later
        raise ValueError
    return round(float(value), DIGITS)


def _word(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError


def _label(value: object) -> str | None:
    return None if value is None else _word(value)[:1]


def _text(value: object) -> str:
    """At most 5,000 signs, without what Postgres cannot hold."""
    return _word(value)[:5000].replace("\x00", "").encode("utf-8", "replace").decode()


def _whole(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError


def _number(value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError
    return min(value, most)


@require_GET
@login_required
@never_cache
def reading_block(request: HttpRequest, token: str, number: int) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    if queries.is_submitted(reader, number):
        return redirect(queries.resume_url(reader))
    block = queries.block_page(reader, number)
    if not block.cases:
        return redirect(queries.resume_url(reader))
    return render(request, "reading/block.html", {"reading_block": block})


@require_POST
@login_required
def reading_submit_block(request: HttpRequest, token: str, number: int) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    services.submit_block(reader=reader, number=number)
    return redirect(queries.resume_url(reader))


@require_GET
@login_required
@never_cache
def reading_done(request: HttpRequest, token: str) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    start = queries.reading_start(reader)
    if start.start_url != request.path:
        return redirect("reading_start", token=token)
    return render(
        request,
        "reading/done.html",
        {"title": start.title, "total": start.total, "home_url": start.home_url},
    )
