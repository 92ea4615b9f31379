"""Import hub: Django finds the models of every room here."""

from radrate.accounts.models import User
from radrate.audit.models import Event
from radrate.blinding.models import Rendition, RenditionSet
from radrate.images.models import (
    Batch,
    BatchExposure,
    Embargo,
    Exposure,
    Incoming,
    Radiograph,
    Rejection,
)
from radrate.reading.models import BlockSubmission, Mark, Rating, Score
from radrate.studies.models import (
    Arm,
    Assignment,
    Case,
    CaseImage,
    Phase,
    ReaderStudy,
    StudyReader,
    Unmatched,
)
from radrate.studies.rubrics.models import Criterion, DefectTag, Rubric

__all__ = [
    "Arm",
    "Assignment",
    "Batch",
    "BatchExposure",
    "BlockSubmission",
    "Case",
    "CaseImage",
    "Criterion",
    "DefectTag",
    "Embargo",
    "Event",
    "Exposure",
    "Incoming",
    "Mark",
    "Phase",
    "Radiograph",
    "Rating",
    "ReaderStudy",
    "Rejection",
    "Rendition",
    "RenditionSet",
    "Rubric",
    "Score",
    "StudyReader",
    "Unmatched",
    "User",
]
