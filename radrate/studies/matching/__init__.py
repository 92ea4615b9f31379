"""Which images stand together in a case, by the rules of the study. Pure: values in, values out.

Whatever the design, no two images of a study are kin or share a subject, since one reader sees
them all."""

from radrate.studies.matching.items import (
    DEFAULT_RULES,
    EQUAL,
    EQUAL_IF_KNOWN,
    NO_PARTNER_LEFT,
    NO_SUCH_REFERENCE,
    NOT_NEEDED,
    REFERENCES_USED_UP,
    SHARES_A_SUBJECT,
    Item,
)
from radrate.studies.matching.pairing import Matching, match
from radrate.studies.matching.teams import Gathered, choose, multiply, prefer

__all__ = [
    "DEFAULT_RULES",
    "EQUAL",
    "EQUAL_IF_KNOWN",
    "NOT_NEEDED",
    "NO_PARTNER_LEFT",
    "NO_SUCH_REFERENCE",
    "REFERENCES_USED_UP",
    "SHARES_A_SUBJECT",
    "Gathered",
    "Item",
    "Matching",
    "choose",
    "match",
    "multiply",
    "prefer",
]
