from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.reading.services import Withdrawn


class Refusal(exceptions.APIException):
    """`errors`, where there are any, say what is wrong with each field."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(str(error))
        self.status_code = _status(error)
        if errors := getattr(error, "errors", None):
            self.detail = {"detail": str(error), "errors": errors}


def _status(error: DomainError) -> int:
    match error:
        case Withdrawn():
            return 410
        case Conflict():
            return 409
        case NotAllowed():
            return 403
    return 422


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Domain errors as JSON with a fitting status."""
    return drf_handler(Refusal(error) if isinstance(error, DomainError) else error, context)
