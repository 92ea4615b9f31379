"""Pages on which a study is designed: begin, phases, settings, preview, copy."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.images.queries import campaigns_read_blind
from radrate.images.services import note_exposure
from radrate.studies import beginning, design_pages, drafts
from radrate.studies.design_forms import (
    CopyForm,
    DesignForm,
    NewStudyForm,
    PhaseForm,
    SettingsForm,
)
from radrate.studies.design_words import OFFERS
from radrate.studies.models import Phase, ReaderStudy
from radrate.studies.published import PUBLISHED
from radrate.studies.rubrics.queries import choices_for
from radrate.studies.views import own_study, refuse_blind_reader


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def study_new(request: HttpRequest) -> HttpResponse:
    chosen = PUBLISHED.get(request.POST.get("published") or request.GET.get("published", ""))
    initial = {"published": chosen.key} if chosen else {}
    form = NewStudyForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        study = beginning.begin(
            actor=request.user,
            name=data["name"],
            task=data["task"],
            batches=list(data["batches"]),
            design=data["design"] or Phase.Design.PAIR,
            published=chosen,
            seed=data["seed"],
            block_size=data["block_size"],
            matching_rules=form.rules(),
        )
        return redirect("study_detail", study.pk)
    hidden = campaigns_read_blind(request.user).count()
    context = {"form": form, "hidden": hidden, "chosen": chosen, "published": PUBLISHED.values()}
    context["offers"] = OFFERS
    return render(request, "studies/design/new.html", context)


def own_draft(request: HttpRequest, study_id: UUID) -> ReaderStudy:
    """Of this person, who must not read its images blind elsewhere."""
    study = own_study(request, study_id)
    refuse_blind_reader(request, study)
    return study


def own_phase(study: ReaderStudy, phase_id: int) -> Phase:
    phase = get_object_or_404(study.phases, pk=phase_id)
    phase.study = study
    return phase


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def phase_add(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_draft(request, study_id)
    form = DesignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        design = form.cleaned_data["design"]
        try:
            phase = drafts.add_phase(actor=request.user, study=study, design=design)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("study_detail", study.pk)
        return redirect("phase_edit", study.pk, phase.pk)
    return render(
        request, "studies/design/phase_add.html", {"study": study, "form": form, "offers": OFFERS}
    )


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def phase_edit(request: HttpRequest, study_id: UUID, phase_id: int) -> HttpResponse:
    study = own_draft(request, study_id)
    phase = own_phase(study, phase_id)
    rubrics = choices_for(request.user)
    form = PhaseForm(request.POST or None, instance=phase, rubrics=rubrics)

    def save() -> None:
        drafts.change_phase(actor=request.user, phase=phase, **form.cleaned_data)

    if request.method == "POST" and _saved(form, save):
        return redirect("study_detail", study.pk)
    context = {"study": study, "phase": phase, "form": form, "offers": OFFERS}
    return render(request, "studies/design/phase.html", context)


PHASE_STEPS: dict[str, Callable[..., None]] = {
    "up": lambda **given: drafts.move_phase(by=-1, **given),
    "down": lambda **given: drafts.move_phase(by=1, **given),
    "remove": drafts.remove_phase,
}


@require_POST
@manager_required
def phase_step(request: HttpRequest, study_id: UUID, phase_id: int) -> HttpResponse:
    """Move a phase up or down, or take it out."""
    study = own_draft(request, study_id)
    phase = own_phase(study, phase_id)
    step = PHASE_STEPS.get(request.POST.get("verb", ""))
    if step is None:
        return HttpResponseBadRequest(_("There is no such step."))
    try:
        step(actor=request.user, phase=phase)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_detail", study.pk)


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def study_settings(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_draft(request, study_id)
    form = SettingsForm(request.POST or None, study=study, user=request.user)

    def save() -> None:
        drafts.change_settings(actor=request.user, study=study, **form.settings())

    if request.method == "POST" and _saved(form, save):
        return redirect("study_detail", study.pk)
    return render(request, "studies/design/settings.html", {"study": study, "form": form})


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def study_copy(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_draft(request, study_id)
    name = _("Copy of %(name)s") % {"name": study.name}
    form = CopyForm(request.POST or None, initial={"name": name[:200]})
    made: list[ReaderStudy] = []

    def save() -> None:
        made.append(
            beginning.copy_study(
                actor=request.user,
                source=study,
                name=form.cleaned_data["name"],
                parts=set(form.cleaned_data["parts"]),
            )
        )

    if request.method == "POST" and _saved(form, save):
        return redirect("study_detail", made[0].pk)
    return render(request, "studies/design/copy.html", {"study": study, "form": form})


@require_safe
@manager_required
@never_cache
def phase_preview(request: HttpRequest, study_id: UUID, phase_id: int) -> HttpResponse:
    """A case of the phase with its questions, to be tried out; nothing is saved."""
    study = own_draft(request, study_id)
    phase = own_phase(study, phase_id)
    context = design_pages.preview(phase)
    note_exposure(user=request.user, ids=[image.radiograph_id for image in context["images"]])
    preview = {
        "rubric": [asdict(question) for question in context.pop("questions")],
        "tags": [asdict(tag) for tag in context.pop("tags")],
        "whole": True,
    }
    context |= {"study": study, "phase": phase, "preview": preview}
    return render(request, "studies/design/preview.html", context)


def _saved(form: Form | Any, save: Callable[[], None]) -> bool:
    """Whether it was; what stands against it is told by the form."""
    if not form.is_valid():
        return False
    try:
        save()
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True
