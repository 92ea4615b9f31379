"""The board of a study: how far its readers are, and what they have to say."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.studies import pages
from radrate.studies.board import page, queries, services
from radrate.studies.board.forms import EndForm, HandlingForm
from radrate.studies.board.models import ProblemReport
from radrate.studies.models import ReaderStudy, StudyReader

REFRESHED = (ReaderStudy.State.OPEN, ReaderStudy.State.PAUSED)
STEPS = ("open", "pause")


def own_study(request: HttpRequest, study_id: UUID) -> ReaderStudy:
    """The study, if this person manages it; else 404."""
    return get_object_or_404(queries.own_study(request.user, study_id))


@require_safe
@manager_required
@never_cache
def study_board(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The page; for htmx the part that changes while readers read."""
    study = own_study(request, study_id)
    refreshes = study.state in REFRESHED and "still" not in request.GET
    context = page.board(study) | {"refreshes": refreshes}
    if request.htmx:
        return render(request, "studies/board/_progress.html", context)
    context |= page.messages(study) | {
        "end_form": EndForm(initial={"ends_on": study.ends_on}),
        "actions": [one for one in pages.actions(study) if one.verb in STEPS],
        "can_plan": study.closed_at is None,
        "is_still": "still" in request.GET,
    }
    return render(request, "studies/board/board.html", context)


@require_POST
@manager_required
def board_remind(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """One reader (`reader`), or everybody who is behind."""
    study = own_study(request, study_id)
    reader_id = request.POST.get("reader", "")

    def link(reader: StudyReader) -> str:
        return request.build_absolute_uri(reverse("reading_start", args=[reader.token]))

    try:
        if reader_id.isascii() and reader_id.isdigit():
            found = int(reader_id)
            services.remind(actor=request.user, study=study, reader_id=found, link=link)
            sent = 1
        else:
            sent = services.remind_all(actor=request.user, study=study, link=link)
        told = ngettext("%(sent)s reminder was sent.", "%(sent)s reminders were sent.", sent)
        messages.success(request, told % {"sent": sent})
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_board", study.pk)


@require_POST
@manager_required
def board_plan_end(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_study(request, study_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["ends_on"][0])
        return redirect("study_board", study.pk)
    try:
        services.plan_end(actor=request.user, study=study, **form.cleaned_data)
        messages.success(request, _("The planned end is saved."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_board", study.pk)


@require_POST
@manager_required
def board_handle(request: HttpRequest, study_id: UUID, report_id: UUID) -> HttpResponse:
    study = own_study(request, study_id)
    report = get_object_or_404(ProblemReport, pk=report_id, study_reader__study=study)
    form = HandlingForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["note"][0])
        return redirect("study_board", study.pk)
    try:
        services.handle(actor=request.user, report=report, note=form.cleaned_data["note"])
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('study_board', args=[study.pk])}#reports")
