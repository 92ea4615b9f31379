"""The display check's pages. Whatever is sent, the reader goes on."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from radrate.reading import display, gates, queries


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def reading_display(request: HttpRequest, token: str) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    if request.method == "POST":
        sent = display.read_report(request.POST.get("report", ""))
        display.record_display_check(reader=reader, report=sent)
        if display.advice(sent.patches):
            return redirect("reading_display_advice", token=token)
        return redirect(gates.next_url(reader))
    context = {
        "title": reader.study.neutral_title,
        "pattern": {"grounds": display.GROUNDS, "steps": display.STEPS},
    }
    return render(request, "reading/display.html", context)


@require_GET
@login_required
@never_cache
def reading_display_advice(request: HttpRequest, token: str) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    context = {
        "title": reader.study.neutral_title,
        "advice": display.latest_advice(reader),
        "resume_url": gates.next_url(reader),
        "token": token,
    }
    return render(request, "reading/display_advice.html", context)
