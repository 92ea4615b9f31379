"""Designs of published studies, as a researcher can begin from."""

from radrate.studies.published.designs import PUBLISHED
from radrate.studies.published.parts import PhasePart, Published

__all__ = ["PUBLISHED", "PhasePart", "Published"]
