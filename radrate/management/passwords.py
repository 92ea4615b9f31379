"""The password of the demo's accounts."""

import os
import secrets

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def random_password() -> str:
    """20 signs in groups of five, easy to type; about 99 bits."""
    groups = ("".join(secrets.choice(SIGNS) for _sign in range(5)) for _group in range(4))
    return "-".join(groups)


def demo_password(*, first: bool) -> str:
    """DEMO_PASSWORD, else a random one at the first start, else nothing to set or tell."""
    given = os.environ.get("DEMO_PASSWORD", "")
    return given or (random_password() if first else "")
