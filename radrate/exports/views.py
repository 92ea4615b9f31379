"""The same exports as the API's, for a manager in the browser."""

import csv
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from radrate.accounts.access import manager_required
from radrate.audit.services import record
from radrate.exports.marks import MARKS
from radrate.exports.ratings import RATINGS
from radrate.exports.readers import READERS
from radrate.exports.streams import FORMATS, Export
from radrate.studies.models import ReaderStudy


@require_GET
@manager_required
def download(
    request: HttpRequest, study_id: UUID, suffix: str, export: Export
) -> StreamingHttpResponse:
    if suffix not in FORMATS:
        raise Http404
    study = get_object_or_404(ReaderStudy, pk=study_id, manager=request.user)
    stream, media_type = FORMATS[suffix]
    record(actor=request.user, verb=f"export_{export.name}", target=study, format=suffix)
    name = f"radrate-{study.number}-{export.name}.{suffix}"
    return StreamingHttpResponse(
        stream(export, study),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_GET
@manager_required
def dictionary(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The columns of every export, with what they mean."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="radrate-data-dictionary.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(["export", "column", "meaning", "only_after_unblinding"])
    writer.writerows(
        (export.name, column.name, column.meaning, column.truth)
        for export in (RATINGS, MARKS, READERS)
        for column in export.columns
    )
    return response
