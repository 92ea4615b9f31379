"""The pages around the cases. Nothing here knows an image or a study as a row."""

from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from radrate.errors import Conflict
from radrate.reading import entry, gates, overview, queries
from radrate.reading.forms import ProfileForm


@require_GET
@login_required
@never_cache
def reading_list(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/studies.html", {"studies": overview.my_readings(request.user)})


@require_GET
@login_required
@never_cache
def reading_start(request: HttpRequest, token: str) -> HttpResponse:
    """The page of one reading."""
    reader = queries.my_reader(request.user, token)
    return render(request, "reading/about.html", {"reading": overview.about(reader)})


@require_GET
@login_required
@never_cache
def reading_go(request: HttpRequest, token: str) -> HttpResponse:
    """To whatever comes next."""
    reader = queries.my_reader(request.user, token)
    if not overview.is_under_way(reader):
        return redirect("reading_start", token=token)
    return redirect(gates.next_url(reader))


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def reading_consent(request: HttpRequest, token: str) -> HttpResponse:
    """The text to agree to and, once, what the study asks of the reader; later to be reread."""
    reader = queries.my_reader(request.user, token)
    page = overview.consent_page(reader)
    form = ProfileForm(request.POST or None, asked=page.asked)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            entry.agree(
                reader=reader,
                shown_hash=request.POST.get("shown", ""),
                profile=form.cleaned_data if page.asked else None,
                trail="trail" in request.POST,
            )
            return redirect("reading_go", token=token)
        except Conflict as error:
            problem, page = str(error), overview.consent_page(reader)
    context = {"consent": page, "form": form, "problem": problem}
    return render(request, "reading/consent.html", context)


@require_GET
@login_required
@never_cache
def reading_instructions(request: HttpRequest, token: str, number: int) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    screen = overview.instruction_screen(reader, number)
    if screen is None:
        return redirect("reading_instructions", token=token, number=1)
    return render(request, "reading/instructions.html", {"screen": screen})


@require_POST
@login_required
def reading_enter(request: HttpRequest, token: str) -> HttpResponse:
    """The reader has read the instructions and begins."""
    reader = queries.my_reader(request.user, token)
    phase = queries.current_phase(reader)
    with suppress(Conflict):  # another phase has come meanwhile; the way on leads there
        entry.enter(reader=reader, phase=phase, shown_hash=request.POST.get("shown", ""))
    return redirect("reading_go", token=token)


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def reading_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Asks first, then withdraws the reader from the study."""
    reader = queries.my_reader(request.user, token)
    if request.method == "POST" and request.POST.get("confirm") == "leave":
        entry.leave(actor=request.user, reader=reader)
        return redirect("reading_start", token=token)
    return render(request, "reading/leave.html", {"leaving": overview.leave_page(reader)})
