"""What the lock freezes, in plain JSON values, and its hash."""

import hashlib
import json
from typing import Any

from django.db.models import F

from radrate.studies.allocation import VERSION
from radrate.studies.models import Phase, ReaderStudy
from radrate.studies.rubrics.models import Rubric
from radrate.studies.rubrics.protocol import criteria_json, tags_json

SETTINGS = (
    "title",
    "design",
    "images",
    "verdict_first",
    "offers_both",
    "offers_unsure",
    "told",
    "consent",
    "case_limit",
    "allocation",
    "anchors",
    "cases_per_reader",
    "catch_trials",
    "repeats",
    "minimum_lag",
    "sessions",
    "washout_days",
)


def protocol_of(study: ReaderStudy) -> dict[str, Any]:
    """Everything that is frozen by the lock."""
    return {
        "task": study.task,
        "seed": study.seed,
        "block_size": study.block_size,
        "planned_readers": study.planned_readers,
        "spare_readers": study.spare_readers,
        "allocation_recipe": VERSION,
        "matching_rules": study.matching_rules,
        "phases": [_phase(phase) for phase in study.phases.select_related("rubric", "verdict")],
        "recipe": study.rendition_set.recipe if study.rendition_set else None,
    }


def _phase(phase: Phase) -> dict[str, Any]:
    return {name: getattr(phase, name) for name in SETTINGS} | {
        "same_images_as": phase.same_images_as.position if phase.same_images_as else None,
        "arms": list(phase.arms.order_by("pk").values_list("label", flat=True)),
        "rubric": _rubric(phase.rubric),
        "verdict": _rubric(phase.verdict) if phase.verdict else None,
        "cases": _cases(phase),
    }


def _rubric(rubric: Rubric) -> dict[str, Any]:
    return {
        "name": rubric.name,
        "version": rubric.version,
        "criteria": criteria_json(rubric),
        "defect_tags": tags_json(rubric),
    }


def _cases(phase: Phase) -> list[dict[str, Any]]:
    cases: dict[int, dict[str, Any]] = {}
    rows = (
        phase.cases.order_by("number", "images__number")
        .values("number", "kind", "body_part_examined", "view_position", "explanation")
        .annotate(
            pixels=F("images__radiograph__pixel_hash"),
            is_reference=F("images__is_reference"),
            condition=F("images__arm__label"),
        )
    )
    for row in rows:
        image = {name: row.pop(name) for name in ("pixels", "is_reference", "condition")}
        cases.setdefault(row["number"], row | {"images": []})["images"].append(image)
    return list(cases.values())


def protocol_hash(protocol: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON (sorted keys, no white space, UTF-8)."""
    text = json.dumps(protocol, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
