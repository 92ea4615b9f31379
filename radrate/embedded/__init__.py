"""Real Postgres and Redis from wheels: the default where nobody has set up servers.

`attach` starts what is not running and hands out a lease; the last lease given back stops the
servers. Everything lives under one folder, by default `var/` of the project. Nothing here knows
Django or a room of RadRate.
"""

from radrate.embedded.configuration import broker_url, configured, var_folder
from radrate.embedded.errors import EmbeddedError
from radrate.embedded.lease import Lease, attach, provided, urls
from radrate.embedded.places import Urls

__all__ = [
    "EmbeddedError",
    "Lease",
    "Urls",
    "attach",
    "broker_url",
    "configured",
    "provided",
    "urls",
    "var_folder",
]
