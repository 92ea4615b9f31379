"""The rubrics that ship. Scores come before the verdict, which colours what is scored after it."""

from dataclasses import asdict
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from radrate.studies.models import ReaderStudy
from radrate.studies.rubrics.models import Criterion, DefectTag, Rubric
from radrate.studies.rubrics.shipped import defects
from radrate.studies.rubrics.storing import stored

Row = TypeVar("Row", Criterion, DefectTag)


def _scale(key: str, question: str, anchors: dict[int, str]) -> dict[str, Any]:
    words = {str(value): text for value, text in anchors.items()}
    return {"key": key, "question": question, "anchors": words, "allows_not_applicable": True}


def _scales(best: str) -> list[dict[str, Any]]:
    """`best` words the highest value of anatomy and joints."""
    return [
        _scale(
            "anatomy",
            _("Anatomy and proportions"),
            {
                1: _("bones missing, extra or impossible"),
                2: _("a major error"),
                3: _("minor errors"),
                4: _("doubtful in one place"),
                5: best,
            },
        ),
        _scale(
            "joints",
            _("Joints"),
            {
                1: _("fused, absent or impossible"),
                2: _("a major error"),
                3: _("minor errors"),
                4: _("doubtful in one place"),
                5: best,
            },
        ),
        _scale(
            "trabeculae",
            _("Trabecular structure"),
            {
                1: _("random or absent"),
                2: _("mostly implausible"),
                3: _("partly implausible"),
                4: _("almost right"),
                5: _("along the lines of stress"),
            },
        ),
        _scale(
            "collimation",
            _("Collimation and centring"),
            {
                1: _("anatomy cut off"),
                2: _("badly placed"),
                3: _("acceptable"),
                4: _("good"),
                5: _("as in a textbook"),
            },
        ),
    ]


def criteria_of(task: str) -> list[dict[str, Any]]:
    """The default question set of a task. A phantom study never asks for realism."""
    if task == ReaderStudy.Task.WHICH_REAL:
        overall = _scale(
            "realism",
            _("Overall realism"),
            {
                1: _("clearly artificial"),
                2: _("rather artificial"),
                3: _("undecided"),
                4: _("rather real"),
                5: _("fully realistic"),
            },
        )
        return [*_scales(_("as in a real patient")), overall]
    overall = _scale(
        "intactness",
        _("Overall intactness"),
        {
            1: _("clearly defective"),
            2: _("rather defective"),
            3: _("undecided"),
            4: _("rather intact"),
            5: _("nothing is wrong"),
        },
    )
    return [*_scales(_("nothing is wrong")), overall]


def defect_tags() -> list[dict[str, str]]:
    return [asdict(tag) for tag in defects.common()]


def default_rubric(task: str) -> Rubric:
    """The newest default scores of this task; a new version where what is shipped has changed."""
    return stored(f"default-{task}", criteria_of(task), defect_tags())
