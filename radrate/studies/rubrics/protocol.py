"""A rubric as it stands in a protocol and in its hash."""

from typing import Any

from radrate.studies.rubrics.models import Rubric


def criteria_json(rubric: Rubric) -> list[dict[str, Any]]:
    """Everything that decides what a reader is asked, in plain JSON values and in its order."""
    return list(
        rubric.criteria.values(
            "key",
            "kind",
            "question",
            "hint",
            "per_image",
            "minimum",
            "maximum",
            "anchors",
            "options",
            "allows_not_applicable",
            "required",
            "condition",
        )
    )


def tags_json(rubric: Rubric) -> list[dict[str, Any]]:
    return list(rubric.tags.values("key", "group", "label"))
