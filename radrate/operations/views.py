from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from radrate.operations import health


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    report = health.report()
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """A manager's day: what runs and what waits, as fragments of the rooms. Readers go to read."""
    if not request.user.has_perm("radrate.manage"):
        return redirect("reading_list")
    return render(request, "operations/home.html")
