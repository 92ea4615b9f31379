"""Parametric phantoms: radiographs drawn from anatomy by rules, not by a model.

They stand in for real films in the demo and in tests, and with an injected defect for generated
ones. Anatomy is described as outlines in millimetres (`parts`, one module a region), varied by the
seed (`variation`), projected to attenuation (`projection`) and exposed (`film`).
"""

from generation.backends.phantom.backend import PhantomBackend
from generation.backends.phantom.defects import DEFECTS, FINDINGS
from generation.backends.phantom.prompt import PromptReading, parse_prompt

__all__ = ["DEFECTS", "FINDINGS", "PhantomBackend", "PromptReading", "parse_prompt"]
