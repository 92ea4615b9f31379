"""Who may do what: predicates on people, and the guards of views."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import rules
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


@rules.predicate
def is_manager(user: Any) -> bool:
    return bool(user.is_active and user.is_manager)


rules.add_perm("radrate.manage", is_manager)


def manager_required(view: View) -> View:
    """Anonymous people log in first; whoever is not a manager gets 403."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("radrate.manage"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
