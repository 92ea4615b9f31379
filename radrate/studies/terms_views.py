"""Where a manager decides on which terms readers take part."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from radrate.accounts.access import manager_required
from radrate.errors import DomainError
from radrate.studies import terms
from radrate.studies.models import ReaderStudy
from radrate.studies.terms_forms import TermsForm
from radrate.studies.views import own_study


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def study_terms(request: HttpRequest, study_id: UUID) -> HttpResponse:
    study = own_study(request, study_id)
    latest = terms.latest_consent(study)
    form = TermsForm(
        request.POST or None,
        study=study,
        consent=latest.text if latest else terms.default_consent(study),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, study, form)
            return redirect("study_terms", study.pk)
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"study": study, "form": form, "version": latest.version if latest else None}
    return render(request, "studies/terms.html", context)


@transaction.atomic
def _keep(request: HttpRequest, study: ReaderStudy, form: TermsForm) -> None:
    sent = form.cleaned_data
    terms.set_terms(
        actor=request.user,
        study=study,
        profile_fields=form.profile_fields(),
        analyses_leavers=sent["analyses_leavers"],
        institution=sent["institution"],
        debrief=sent["debrief"],
    )
    text = sent["consent"].replace("\r\n", "\n").strip()
    if text != form.initial["consent"]:
        terms.publish_consent(actor=request.user, study=study, text=text)
    messages.success(request, _("Saved."))
