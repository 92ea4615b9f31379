"""What a manager does about examples and catch trials on a draft's page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.studies import catching, examples
from radrate.studies.forms import CatchTrialsForm, ChooseExamplesForm, ExplanationForm
from radrate.studies.views import own_study


@require_POST
@manager_required
def examples_choose(request: HttpRequest, study_id: UUID, phase_id: int) -> HttpResponse:
    """So many examples for each body part of a phase."""
    study = own_study(request, study_id)
    phase = get_object_or_404(study.phases, pk=phase_id)
    form = ChooseExamplesForm(request.POST)

    def run() -> None:
        each = form.cleaned_data["each"]
        made = len(examples.choose_examples(actor=request.user, phase=phase, each=each))
        told = ngettext("%(n)d example was chosen.", "%(n)d examples were chosen.", made)
        messages.success(request, told % {"n": made})

    return _done(request, study_id, form, run)


@require_POST
@manager_required
def example_step(request: HttpRequest, study_id: UUID, case_id: int, verb: str) -> HttpResponse:
    """Make a case an example, explain one, or take one back."""
    study = own_study(request, study_id)
    case = get_object_or_404(study.cases.select_related("phase__study"), pk=case_id)
    form = ExplanationForm(request.POST)
    steps = {
        "use": lambda: examples.use_case(actor=request.user, case=case),
        "explain": lambda: examples.explain(
            actor=request.user, case=case, explanation=form.cleaned_data["explanation"]
        ),
        "remove": lambda: examples.remove_example(actor=request.user, case=case),
    }
    if verb not in steps:
        return HttpResponseBadRequest(_("There is no such step."))
    return _done(request, study_id, form, steps[verb])


@require_POST
@manager_required
def catch_trials(request: HttpRequest, study_id: UUID, phase_id: int) -> HttpResponse:
    """How many catch trials a phase has; the lock makes them."""
    study = own_study(request, study_id)
    phase = get_object_or_404(study.phases, pk=phase_id)
    form = CatchTrialsForm(request.POST)

    def run() -> None:
        number = form.cleaned_data["catch_trials"]
        catching.ask_for(actor=request.user, phase=phase, number=number)

    return _done(request, study_id, form, run)


def _done(request: HttpRequest, study_id: UUID, form: Any, run: Any) -> HttpResponse:
    """Do it, or say what stands against it; back to the study's page."""
    try:
        if form.is_valid():
            run()
        else:
            messages.error(request, " ".join(e for each in form.errors.values() for e in each))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_detail", study_id)
