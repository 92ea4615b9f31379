"""The rubrics that ship. Scores come before the verdict, which colours what is scored after it."""

from typing import Any, TypeVar

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from radrate.studies.models import Criterion, DefectTag, ReaderStudy, Rubric

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
    """The default defects that a mark can name, in the order in which they are offered."""
    groups: dict[str, dict[str, str]] = {
        _("Bone"): {
            "bone_missing": _("Bone missing"),
            "bone_extra": _("Bone extra or doubled"),
            "bone_fused": _("Bones fused"),
            "bone_shape": _("Bone shape or proportion"),
            "bone_cortex": _("Cortex broken, fragment"),
        },
        _("Joint"): {
            "joint_space": _("Joint space lost or blurred"),
            "joint_alignment": _("Joint misaligned"),
        },
        _("Texture"): {
            "trabeculae": _("Trabeculae implausible"),
            "too_smooth": _("Too smooth or repeated"),
            "noise": _("Grain, halo or grid"),
        },
        _("Technique"): {
            "projection": _("Wrong view or rotation"),
            "clipped": _("Anatomy cut off"),
            "collimation": _("Collimation or centring"),
            "exposure": _("Exposure or penetration"),
        },
        _("Marker"): {"marker": _("Marker wrong or illegible")},
        _("Soft tissue"): {
            "soft_tissue": _("Soft-tissue outline"),
            "chest_organs": _("Lung, heart or diaphragm"),
        },
        _("Object"): {"object": _("Implausible object")},
        _("Whole image"): {
            "symmetry": _("Too symmetrical"),
            "seam": _("Seam, parts do not fit"),
        },
    }
    return [
        {"key": key, "group": group, "label": label}
        for group, tags in groups.items()
        for key, label in tags.items()
    ]


def default_rubric(task: str) -> Rubric:
    """The newest default scores of this task; a new version where what is shipped has changed."""
    return stored(f"default-{task}", criteria_of(task), defect_tags())


@transaction.atomic
def stored(name: str, criteria: list[dict[str, Any]], tags: list[dict[str, str]]) -> Rubric:
    """The rubric of this name with these questions and tags: the newest version where it says the
    same, else a new one."""
    newest = Rubric.objects.select_for_update().filter(name=name).order_by("-version").first()
    if newest is not None and _same(newest, criteria, tags):
        return newest
    version = newest.version + 1 if newest is not None else 1
    rubric = Rubric.objects.create(name=name, version=version)
    Criterion.objects.bulk_create(_rows(Criterion, rubric, criteria))
    DefectTag.objects.bulk_create(_rows(DefectTag, rubric, tags))
    return rubric


def _rows(model: type[Row], rubric: Rubric, wanted: list[dict[str, Any]]) -> list[Row]:
    return [model(rubric=rubric, position=k, **fields) for k, fields in enumerate(wanted, start=1)]


def _same(rubric: Rubric, criteria: list[dict[str, Any]], tags: list[dict[str, Any]]) -> bool:
    """Whether what is stored is what would be made now, in every field."""
    made = [*_rows(Criterion, rubric, criteria), *_rows(DefectTag, rubric, tags)]
    stored = [*rubric.criteria.all(), *rubric.tags.all()]
    return [_fields(row) for row in stored] == [_fields(row) for row in made]


def _fields(row: Criterion | DefectTag) -> dict[str, Any]:
    return model_to_dict(row, exclude=["id", "rubric"])
