"""A manager's rubrics: shipped and own ones, the editor with its preview, files."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from radrate.accounts.access import manager_required
from radrate.errors import Conflict, DomainError
from radrate.studies.rubric_forms import RubricForm, UploadForm
from radrate.studies.rubrics import draft, queries, services
from radrate.studies.rubrics.access import EDIT, READ
from radrate.studies.rubrics.definition import Definition
from radrate.studies.rubrics.interchange import from_json, to_json
from radrate.studies.rubrics.models import Rubric
from radrate.studies.rubrics.questions import Tag, questions
from radrate.studies.rubrics.rows import criteria_rows, definition_of

LABELS = "ABCD"


def readable(request: HttpRequest, rubric_id: int) -> Rubric:
    """A shipped rubric or one's own; else 404."""
    return _permitted(request, rubric_id, READ)


def own(request: HttpRequest, rubric_id: int) -> Rubric:
    return _permitted(request, rubric_id, EDIT)


def _permitted(request: HttpRequest, rubric_id: int, permission: str) -> Rubric:
    rubric = get_object_or_404(Rubric, pk=rubric_id)
    if not request.user.has_perm(permission, rubric):
        raise Http404
    return rubric


@require_safe
@manager_required
@never_cache
def rubric_list(request: HttpRequest) -> HttpResponse:
    shipped = [rubric.pk for rubric in services.shipped_rubrics()]
    context = {
        "shipped": queries.lines(request.user, Rubric.objects.filter(pk__in=shipped)),
        "own": queries.lines(request.user, Rubric.objects.filter(owner=request.user)),
    }
    return render(request, "studies/rubrics/list.html", context)


@require_safe
@manager_required
@never_cache
def rubric_detail(request: HttpRequest, rubric_id: int) -> HttpResponse:
    rubric = readable(request, rubric_id)
    definition = definition_of(rubric)
    context = {
        "rubric": rubric,
        "definition": definition,
        "versions": queries.versions(rubric),
        "uses": queries.uses(request.user, [rubric]).get(rubric.pk, []),
        "is_own": request.user.has_perm(EDIT, rubric),
        "can_be_deleted": not rubric.frozen and not queries.is_used(rubric),
        "preview": preview_of(definition),
    }
    return render(request, "studies/rubrics/detail.html", context)


def preview_of(definition: Definition) -> dict[str, Any]:
    """What the rail of the reading room is given for it."""
    rows = criteria_rows(Rubric(), definition)
    tags = [Tag(tag.key, tag.group, tag.label) for tag in definition.tags]
    return {
        "rubric": [asdict(question) for question in questions(rows, LABELS)],
        "tags": [asdict(tag) for tag in tags],
    }


@require_POST
@manager_required
def rubric_preview(request: HttpRequest) -> JsonResponse:
    """The same for what is in the form, finished or not."""
    return JsonResponse(preview_of(draft.definition_in(request.POST)))


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def rubric_new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _edited(request, None)
    data, active = draft.acted(draft.data_of(Definition("")), "add:scale")
    return _page(request, RubricForm(data, active=active), None)


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def rubric_edit(request: HttpRequest, rubric_id: int) -> HttpResponse:
    rubric = own(request, rubric_id)
    if request.method == "POST":
        return _edited(request, rubric)
    return _page(request, RubricForm(draft.data_of(definition_of(rubric))), rubric)


def _edited(request: HttpRequest, rubric: Rubric | None) -> HttpResponse:
    """Save, or do what another button of the form says and show the form again."""
    action = request.POST.get("action", "")
    if action != "save":
        data, active = draft.acted(request.POST, action)
        return _page(request, RubricForm(data, active=active), rubric)
    form = RubricForm(request.POST)
    try:
        saved = _save(request, form, rubric)
    except services.InvalidRubric as error:
        form.faults, form.problem = error.faults, str(error)
        return _page(request, form, rubric)
    except Conflict as error:
        form.problem = str(error)
        return _page(request, form, rubric, knows_the_latest=True)
    messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
    address = reverse("rubric_detail", args=[saved.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _save(request: HttpRequest, form: RubricForm, rubric: Rubric | None) -> Rubric:
    if rubric is None:
        return services.create_rubric(actor=request.user, definition=form.definition)
    return services.save_rubric(
        actor=request.user, rubric=rubric, definition=form.definition, seen=_seen(request)
    )


def _seen(request: HttpRequest) -> datetime | None:
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _page(
    request: HttpRequest,
    form: RubricForm,
    rubric: Rubric | None,
    *,
    knows_the_latest: bool = False,
) -> HttpResponse:
    """The editor; as a fragment for the page that is there already. A form that was told of a
    later change may overwrite it."""
    context = form.context() | {"rubric": rubric}
    if rubric is not None:
        stored = Rubric.objects.get(pk=rubric.pk)
        first_seen = "" if knows_the_latest else form.data.get("seen", "")
        context["seen"] = first_seen or stored.changed_at.isoformat()
    if request.htmx:
        return render(request, "studies/rubrics/_form.html", context)
    context["preview"] = preview_of(form.definition)
    return render(request, "studies/rubrics/edit.html", context)


@require_POST
@manager_required
def rubric_copy(request: HttpRequest, rubric_id: int) -> HttpResponse:
    source = readable(request, rubric_id)
    copy = services.copy_rubric(actor=request.user, source=source)
    return redirect("rubric_edit", copy.pk)


@require_POST
@manager_required
def rubric_delete(request: HttpRequest, rubric_id: int) -> HttpResponse:
    rubric = own(request, rubric_id)
    try:
        services.delete_rubric(actor=request.user, rubric=rubric)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("rubric_detail", rubric.pk)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": rubric.title})
    return redirect("rubric_list")


@require_safe
@manager_required
def rubric_export(request: HttpRequest, rubric_id: int) -> HttpResponse:
    rubric = readable(request, rubric_id)
    name = f"{rubric.name}-{rubric.version}.json"
    return HttpResponse(
        to_json(definition_of(rubric)),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "POST"])
@manager_required
@never_cache
def rubric_import(request: HttpRequest) -> HttpResponse:
    """A sound file is a rubric at once; one with faults opens in the editor, at its faults."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            definition = from_json(form.cleaned_data["file"].read())
            rubric = services.create_rubric(actor=request.user, definition=definition)
        except services.InvalidRubric as error:
            return _page_of_faulty(request, definition, error)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("“%(title)s” is imported.") % {"title": rubric.title})
            return redirect("rubric_detail", rubric.pk)
    return render(request, "studies/rubrics/import.html", {"form": form})


def _page_of_faulty(
    request: HttpRequest, definition: Definition, error: services.InvalidRubric
) -> HttpResponse:
    form = RubricForm(draft.data_of(definition), faults=error.faults, problem=str(error))
    return _page(request, form, None)
