"""Machine readers of a study: made here, each with a token that is shown once."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.studies import machines
from radrate.studies.board.views import own_study
from radrate.studies.models import ReaderStudy, StudyReader

State = ReaderStudy.State
JOINABLE = (State.DRAFT, State.LOCKED, State.OPEN, State.PAUSED)


class MachineForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the machine reader"),
        max_length=80,
        help_text=gettext_lazy("Such as the model and its version. It reads this study alone."),
    )


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def study_machines(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_study(request, study_id)
    form, secret = MachineForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _reader, secret = machines.add_machine(
                actor=request.user, study=study, name=form.cleaned_data["name"]
            )
            form = MachineForm()
        except DomainError as error:
            form.add_error("name", str(error))
    return _page(request, study, form=form, secret=secret)


@require_POST
@manager_required
@never_cache
def machine_token(request: HttpRequest, study_id: UUID, reader_id: int) -> HttpResponse:
    """A new token in place of the old one (`renew`), or none any more (`revoke`)."""
    study = own_study(request, study_id)
    reader = get_object_or_404(
        StudyReader, pk=reader_id, study=study, reader_class=StudyReader.ReaderClass.MACHINE
    )
    if request.POST.get("verb") == "renew":
        secret = machines.renew_token(actor=request.user, reader=reader)
        return _page(request, study, form=MachineForm(), secret=secret)
    machines.revoke_token(actor=request.user, reader=reader)
    messages.success(request, _("The token no longer works."))
    return redirect("study_machines", study.pk)


def _page(
    request: HttpRequest, study: ReaderStudy, *, form: MachineForm, secret: str
) -> HttpResponse:
    context = {
        "study": study,
        "machines": machines.machines(study),
        "form": form,
        "secret": secret,
        "can_add": study.state in JOINABLE,
        "server": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "studies/machines.html", context)
