"""Images for readers: one answer for every image, and one for everything else."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from radrate.blinding.services import rendition_bytes
from radrate.reading.converters import TokenConverter
from radrate.studies.models import ReaderStudy
from radrate.studies.queries import assignment_of_image

ADDRESS = re.compile(rf"({TokenConverter.regex})/([A-D])")


@require_GET
def blinded_image(request: HttpRequest, address: str) -> HttpResponse:
    return image_for(request.user, address)


def image_for(user: Any, address: str) -> HttpResponse:
    """What stands under a label of an assignment, for its reader, while the study is open.

    `address` is token/label. A wrong one, someone else's or one of a closed study get the same
    empty 404.
    """
    possible = ADDRESS.fullmatch(address) if user.is_authenticated else None
    found = assignment_of_image(*possible.groups()) if possible else None
    if found is None:
        return _answer(HttpResponse(status=404))
    assignment, radiograph_id = found
    reader = assignment.study_reader
    reads = reader.user_id == user.pk and reader.withdrawn_at is None
    if not reads or reader.study.state != ReaderStudy.State.OPEN:
        return _answer(HttpResponse(status=404))
    data = rendition_bytes(
        rendition_set_id=reader.study.rendition_set_id, radiograph_id=radiograph_id
    )
    return _answer(HttpResponse(data, content_type="image/png"))


def _answer(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
