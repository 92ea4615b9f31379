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
from radrate.reading.models import (
    BlockSubmission,
    Certificate,
    Consent,
    DisplayCheck,
    Localisation,
    Mark,
    PhaseEntry,
    Rating,
    ReaderProfile,
    Score,
    Trail,
)
from radrate.studies.board.models import ProblemHandling, ProblemReport, Reminder
from radrate.studies.invitations.models import Invitation
from radrate.studies.models import (
    Arm,
    Assignment,
    Case,
    CaseImage,
    ConsentText,
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
    "Certificate",
    "Consent",
    "ConsentText",
    "Criterion",
    "DefectTag",
    "DisplayCheck",
    "Embargo",
    "Event",
    "Exposure",
    "Incoming",
    "Invitation",
    "Localisation",
    "Mark",
    "Phase",
    "PhaseEntry",
    "ProblemHandling",
    "ProblemReport",
    "Radiograph",
    "Rating",
    "ReaderProfile",
    "ReaderStudy",
    "Rejection",
    "Reminder",
    "Rendition",
    "RenditionSet",
    "Rubric",
    "Score",
    "StudyReader",
    "Trail",
    "Unmatched",
    "User",
]
