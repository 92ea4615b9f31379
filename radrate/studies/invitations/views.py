"""Where a manager invites, and where the link of an invitation leads."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from radrate.accounts.access import manager_required
from radrate.accounts.forms import AccountForm
from radrate.accounts.limits import limit
from radrate.accounts.services import make_account
from radrate.errors import DomainError
from radrate.studies.invitations import queries, services
from radrate.studies.invitations.forms import InviteForm
from radrate.studies.invitations.models import Invitation
from radrate.studies.invitations.sending import VALID_FOR
from radrate.studies.models import ReaderStudy, StudyReader
from radrate.studies.views import own_study

HOUR = 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def study_invite(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Everybody who was invited to a study, and a form for more."""
    study = own_study(request, study_id)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limit(request, action="invite", most=30, seconds=HOUR, key=f"user:{request.user.pk}")
        try:
            invited = services.invite(
                actor=request.user,
                study=study,
                emails=form.cleaned_data["addresses"],
                site=_site(request),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            _tell(request, invited)
            return redirect("study_invite", study.pk)
    return _invite_page(request, study, form)


def _invite_page(
    request: HttpRequest, study: ReaderStudy, form: InviteForm, link: str = ""
) -> HttpResponse:
    context = {
        "study": study,
        "form": form,
        "link": link,
        "invitations": queries.of_study(study),
        "can_invite": study.state in services.INVITES,
        "valid_days": VALID_FOR.days,
    }
    return render(request, "studies/invite.html", context)


def _tell(request: HttpRequest, invited: services.Invited) -> None:
    if invited.new:
        sent = ngettext("%(n)s invitation is sent.", "%(n)s invitations are sent.", invited.new)
        messages.success(request, sent % {"n": invited.new})
    if invited.known:
        left = ngettext(
            "%(n)s address was invited before and gets no second mail.",
            "%(n)s addresses were invited before and get no second mail.",
            invited.known,
        )
        messages.info(request, left % {"n": invited.known})


@require_POST
@manager_required
@never_cache
def invitation_step(request: HttpRequest, study_id: UUID, invitation_id: int) -> HttpResponse:
    """Send an invitation again, show a link to it once, or revoke it."""
    study = own_study(request, study_id)
    invitation = get_object_or_404(Invitation, pk=invitation_id, study=study)
    verb = request.POST.get("verb", "")
    if verb not in ("resend", "link", "revoke"):
        return HttpResponseBadRequest(_("There is no such step."))
    limit(request, action="resend", most=60, seconds=HOUR, key=f"user:{request.user.pk}")
    try:
        if verb == "link":
            link = services.make_link(
                actor=request.user, invitation=invitation, site=_site(request)
            )
            return _invite_page(request, study, InviteForm(), link)
        if verb == "resend":
            services.resend(actor=request.user, invitation=invitation, site=_site(request))
        else:
            services.revoke(actor=request.user, invitation=invitation)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("study_invite", study.pk)


def _site(request: HttpRequest) -> str:
    """Scheme and host; the host is one of ALLOWED_HOSTS."""
    return request.build_absolute_uri("/")[:-1]


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads: an account is made by whoever has none, then the person accepts.

    Looking does not use the link up: programs that scan mail look, too.
    """
    limit(request, action="invitation", most=60, seconds=600)
    found = queries.live(token)
    if found is None:
        return render(request, "studies/invitation_unusable.html", status=404)
    services.note_opened(found)
    if request.user.is_authenticated:
        return _accept(request, found, token)
    form = AccountForm(request.POST or None, email=found.email)
    if request.method == "POST":
        limit(request, action="make-account", most=10, seconds=HOUR, key=token)
        if form.is_valid():
            try:
                return _join(request, found, token, form)
            except DomainError as error:
                form.add_error(None, str(error))
    context = {"title": found.study.neutral_title, "email": found.email, "form": form}
    return render(request, "studies/invitation_account.html", context)


def _join(request: HttpRequest, found: Invitation, token: str, form: AccountForm) -> HttpResponse:
    with transaction.atomic():
        user = make_account(
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password1"],
            email=found.email,
        )
        reader = services.accept(token=token, user=user)
    login(request, user, backend=BACKEND)
    return _to_the_reading(request, reader)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    context = {"title": found.study.neutral_title, "problem": ""}
    if request.method == "POST":
        try:
            return _to_the_reading(request, services.accept(token=token, user=request.user))
        except DomainError as error:
            context["problem"] = str(error)
    return render(request, "studies/invitation_accept.html", context)


def _to_the_reading(request: HttpRequest, reader: StudyReader) -> HttpResponse:
    study = reader.study
    if study.state == ReaderStudy.State.OPEN:
        return redirect("reading_go", token=reader.token)
    messages.success(
        request,
        _("You take part in %(title)s. It is not open yet; when it is, it can be started here.")
        % {"title": study.neutral_title},
    )
    return redirect("reading_list")
