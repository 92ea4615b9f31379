"""Defects that a generator may make and findings that a patient may have, injected by name.

The defects are those that Adams et al. (2023) and the studies after theirs saw in generated
radiographs. Each family of changes is a module; `regions` says where each can have which, and
`catalogue` what a name means.
"""

from generation.backends.phantom.defects.catalogue import (
    DEFECTS,
    FAMILIES,
    FINDINGS,
    Injection,
    injection,
    split,
)
from generation.backends.phantom.defects.family import Family, Site

__all__ = [
    "DEFECTS",
    "FAMILIES",
    "FINDINGS",
    "Family",
    "Injection",
    "Site",
    "injection",
    "split",
]
