from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from radrate.errors import Conflict, DomainError, NotAllowed, TooMany


class DomainErrorMiddleware:
    """Map errors that a person can act on to a page that says what is wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        status = {Conflict: 409, NotAllowed: 403, TooMany: 429}.get(type(error), 422)
        return render(request, "problem.html", {"message": str(error)}, status=status)
