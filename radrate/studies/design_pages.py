"""What the pages of a draft show."""

from typing import Any

from radrate.studies.checks import findings
from radrate.studies.models import Case, Phase, ReaderStudy
from radrate.studies.outline import by_reason, outlines
from radrate.studies.pages import REASONS
from radrate.studies.rubrics.questions import questions, tags


def draft(study: ReaderStudy) -> dict[str, Any]:
    """The phases with what was found for each, and what stands against the lock."""
    phases = outlines(study)
    rows = [
        {
            "outline": outline,
            "phase": outline.phase,
            "left": [(REASONS[code](), n) for code, n in sorted(by_reason(outline.left).items())],
        }
        for outline in phases
    ]
    found = findings(study, phases)
    return {
        "outlines": rows,
        "errors": [finding for finding in found if finding.is_error],
        "warnings": [finding for finding in found if not finding.is_error],
    }


def preview(phase: Phase) -> dict[str, Any]:
    """The phase's first case as a reader could see it; no case yet: its questions alone."""
    case = phase.cases.filter(kind=Case.Kind.MAIN).order_by("number").first()
    asked = [list(phase.rubric.criteria.all())]
    if phase.verdict is not None:
        asked.insert(0 if phase.verdict_first else 1, list(phase.verdict.criteria.all()))
    criteria = [criterion for part in asked for criterion in part]
    images = list(case.images.order_by("-number").select_related("radiograph")) if case else []
    return {
        "images": images,
        "panes": list(zip(phase.labels, images, strict=False)),
        "questions": questions(criteria, phase.labels),
        "tags": tags(phase.rubric),
    }
