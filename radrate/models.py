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
from radrate.studies.board.models import ProblemHandling, ProblemReport, Reminder
from radrate.studies.models import (
    Arm,
    Assignment,
    Case,
    CaseImage,
    Criterion,
    DefectTag,
    Phase,
    ReaderStudy,
    Rubric,
    StudyReader,
    Unmatched,
)

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
    "ProblemHandling",
    "ProblemReport",
    "Radiograph",
    "Rating",
    "ReaderStudy",
    "Rejection",
    "Reminder",
    "Rendition",
    "RenditionSet",
    "Rubric",
    "Score",
    "StudyReader",
    "Unmatched",
    "User",
]
