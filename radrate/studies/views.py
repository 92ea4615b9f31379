"""A manager's study pages: design, lock, board."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from radrate.accounts.access import manager_required
from radrate.errors import DomainError, NotAllowed
from radrate.images.queries import campaigns_read_blind, visible_to
from radrate.images.services import note_exposure
from radrate.studies import design_pages, enrolment, lifecycle, pages, queries, services
from radrate.studies.forms import ReaderForm, UnblindForm
from radrate.studies.models import ReaderStudy, StudyReader

STEPS = {
    "match": services.match_again,
    "lock": lifecycle.request_lock,
    "stop_lock": lifecycle.stop_lock,
    "open": lifecycle.open_study,
    "pause": lifecycle.pause,
    "close": lifecycle.close,
}


def own_study(request: HttpRequest, study_id: UUID) -> ReaderStudy:
    """The study, if this person manages it; else 404."""
    return get_object_or_404(
        ReaderStudy.objects.select_related("rendition_set"),
        pk=study_id,
        manager=request.user,
    )


@require_safe
@manager_required
@never_cache
def study_list(request: HttpRequest) -> HttpResponse:
    studies = queries.studies_of(request.user)
    return render(request, "studies/list.html", {"studies": studies})


@require_safe
@manager_required
@never_cache
def study_detail(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_study(request, study_id)
    refuse_blind_reader(request, study)
    context = pages.page(study)
    if request.htmx:
        if study.state != ReaderStudy.State.LOCKING:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "studies/components/locking.html", context)
    note_exposure(user=request.user, ids=queries.image_ids(study))
    context |= {"reader_form": ReaderForm(), "unblind_form": UnblindForm()}
    if study.state == ReaderStudy.State.DRAFT:
        context |= design_pages.draft(study)
    return render(request, "studies/detail.html", context)


def refuse_blind_reader(request: HttpRequest, study: ReaderStudy) -> None:
    if campaigns_read_blind(request.user).filter(pk__in=study.batches.all()).exists():
        raise NotAllowed(
            _("You read images of these campaigns blind; this page opens for you afterwards.")
        )


@require_POST
@manager_required
def study_step(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Take one step of the study's life; what stands against it is said on its page."""
    study = own_study(request, study_id)
    verb = request.POST.get("verb", "")
    if verb not in STEPS:
        return HttpResponseBadRequest(_("There is no such step."))
    try:
        STEPS[verb](study=study, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_board" if "board" in request.POST else "study_detail", study.pk)


@require_POST
@manager_required
def study_unblind(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_study(request, study_id)
    form = UnblindForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        lifecycle.unblind(study=study, actor=request.user, reason=reason)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_detail", study.pk)


@require_POST
@manager_required
def reader_add(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_study(request, study_id)
    form = ReaderForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["username"][0])
        return redirect("study_detail", study.pk)
    try:
        enrolment.add_reader(actor=request.user, study=study, user=form.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_detail", study.pk)


@require_POST
@manager_required
def reader_remove(request: HttpRequest, study_id: UUID, reader_id: int) -> HttpResponse:
    study = own_study(request, study_id)
    reader = get_object_or_404(StudyReader, pk=reader_id, study=study)
    try:
        enrolment.remove_reader(actor=request.user, study=study, reader=reader)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_detail", study.pk)


@require_safe
@manager_required
def home_fragment(request: HttpRequest) -> HttpResponse:
    studies = queries.studies_of(request.user)[:5]
    return render(request, "studies/components/home.html", {"studies": studies})


@require_safe
@manager_required
@never_cache
def studies_showing(request: HttpRequest, radiograph_id: UUID) -> HttpResponse:
    """How many studies show an image to their readers, told to whoever is about to exclude it."""
    image = get_object_or_404(visible_to(request.user).only("pk"), pk=radiograph_id)
    context = {"count": queries.being_read(image.pk).count()}
    return render(request, "studies/components/being_read.html", context)
