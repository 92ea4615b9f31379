from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from radrate.errors import Conflict, DomainError, NotAllowed


class Refusal(exceptions.APIException):
    def __init__(self, error: DomainError) -> None:
        super().__init__(str(error))
        self.status_code = {Conflict: 409, NotAllowed: 403}.get(type(error), 422)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Domain errors as JSON with a fitting status."""
    return drf_handler(Refusal(error) if isinstance(error, DomainError) else error, context)
