"""How often one address or one person may ask for something."""

import hashlib
import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from radrate.errors import TooMany


def limit(request: HttpRequest, *, action: str, most: int, seconds: int, key: str = "") -> None:
    """Raise `TooMany` after `most` calls within `seconds`, counted for the `key` or, without one,
    for the address that the request came from. ACCOUNT_RATE_LIMITS = False turns it off."""
    if getattr(settings, "ACCOUNT_RATE_LIMITS", None) is False:
        return
    who = key or get_adapter(request).get_client_ip(request)
    window = int(time.time() // seconds)
    counter = f"limit:{action}:{hashlib.sha256(who.encode()).hexdigest()}:{window}"
    cache.add(counter, 0, timeout=2 * seconds)
    if cache.incr(counter) > most:
        raise TooMany(_("That was too often. Please try again later."))
