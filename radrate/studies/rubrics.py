"""The rubrics that ship. Scores come before the verdict, which colours what is scored after it."""

from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from radrate.studies.models import Criterion, ReaderStudy, Rubric


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


def _verdict(key: str, question: str) -> list[dict[str, Any]]:
    sure = {1: _("guessing"), 3: _("fairly sure"), 5: _("certain")}
    return [
        {
            "key": key,
            "kind": Criterion.Kind.SIDE,
            "question": question,
            "per_image": False,
            "minimum": 1,
            "maximum": 2,
        },
        {
            "key": "confidence",
            "kind": Criterion.Kind.CONFIDENCE,
            "question": _("How sure are you?"),
            "per_image": False,
            "anchors": {str(value): text for value, text in sure.items()},
        },
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
        return [
            *_scales(_("as in a real patient")),
            overall,
            *_verdict("real_side", _("Exactly one of these is real. Which?")),
        ]
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
    return [
        *_scales(_("nothing is wrong")),
        overall,
        *_verdict("intact_side", _("Exactly one of these is intact. Which?")),
    ]


@transaction.atomic
def default_rubric(task: str) -> Rubric:
    """The newest unfrozen default rubric of this task, made where there is none."""
    name = f"default-{task}"
    newest = Rubric.objects.select_for_update().filter(name=name).order_by("-version").first()
    if newest is not None and not newest.frozen:
        return newest
    wanted = criteria_of(task)
    if newest is not None and _same(newest, wanted):
        return newest
    version = newest.version + 1 if newest is not None else 1
    rubric = Rubric.objects.create(name=name, version=version)
    Criterion.objects.bulk_create(
        Criterion(rubric=rubric, position=position, **fields)
        for position, fields in enumerate(wanted, start=1)
    )
    return rubric


def _same(rubric: Rubric, wanted: list[dict[str, Any]]) -> bool:
    """Whether the stored questions are those that would be made now, in every field."""
    made = [Criterion(rubric=rubric, position=k, **c) for k, c in enumerate(wanted, start=1)]
    return [_fields(c) for c in rubric.criteria.all()] == [_fields(c) for c in made]


def _fields(criterion: Criterion) -> dict[str, Any]:
    return model_to_dict(criterion, exclude=["id", "rubric"])
