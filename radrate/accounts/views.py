from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from knox.models import AuthToken

from radrate.accounts.access import manager_required
from radrate.audit.services import record


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def token_list(request: HttpRequest) -> HttpResponse:
    """A person's own API tokens. The secret is shown once, in the answer that made it."""
    secret = ""
    if request.method == "POST":
        _instance, secret = AuthToken.objects.create(user=request.user)
        record(actor=request.user, verb="create_token", target=request.user)
    tokens = AuthToken.objects.filter(user=request.user).order_by("-created")
    return render(request, "accounts/tokens.html", {"tokens": tokens, "secret": secret})


@require_POST
@manager_required
def token_revoke(request: HttpRequest) -> HttpResponse:
    digest = request.POST.get("digest", "").replace("\x00", "")
    tokens = AuthToken.objects.filter(user=request.user, digest=digest)
    if tokens.delete()[0]:
        record(actor=request.user, verb="revoke_token", target=request.user)
        messages.success(request, _("The token no longer works."))
    return redirect("token_list")
