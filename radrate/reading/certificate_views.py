"""After the cases: the debrief, the certificate, and the public page that checks one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from radrate.accounts.limits import limit
from radrate.reading import certificates, overview, queries
from radrate.reading.certificate_pdf import pdf
from radrate.reading.forms import CertificateForm
from radrate.reading.models import Certificate


@require_GET
@login_required
@never_cache
def reading_debrief(request: HttpRequest, token: str) -> HttpResponse:
    """After the close: what the study tells its readers, and whose images they saw."""
    reader = queries.my_reader(request.user, token)
    page = overview.debrief(reader)
    if page is None:
        return redirect("reading_start", token=token)
    return render(request, "reading/debrief.html", {"debrief": page})


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def reading_certificate(request: HttpRequest, token: str) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    page = overview.certificate_page(reader)
    if page is None:
        return redirect("reading_start", token=token)
    known = page.name or request.user.get_full_name()
    form = CertificateForm(request.POST or None, initial={"name": known})
    if request.method == "POST" and form.is_valid():
        certificates.issue(reader=reader, name=form.cleaned_data["name"])
        return redirect("reading_certificate", token=token)
    return render(request, "reading/certificate.html", {"form": form, "certificate": page})


@require_GET
@login_required
@never_cache
def reading_certificate_pdf(request: HttpRequest, token: str) -> HttpResponse:
    reader = queries.my_reader(request.user, token)
    certificate = get_object_or_404(
        Certificate.objects.select_related("study_reader__study"), study_reader=reader
    )
    url = request.build_absolute_uri(reverse("certificate_check"))
    return HttpResponse(
        pdf(certificate, check_url=url),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{certificate.code}.pdf"'},
    )


@require_GET
@never_cache
def certificate_check(request: HttpRequest) -> HttpResponse:
    """For anybody: whether a code is valid, how many cases it stands for, and since when."""
    code = request.GET.get("code", "").strip()[:60]
    context = {"code": code}
    if code:
        limit(request, action="certificate", most=30, seconds=600)
        context["validity"] = certificates.validity(code)
    return render(request, "reading/certificate_check.html", context)
