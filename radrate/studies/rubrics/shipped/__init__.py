"""The rubrics that ship, each a function of its own that words it in the language in use."""

from collections.abc import Callable

from radrate.studies.rubrics.definition import Definition
from radrate.studies.rubrics.shipped import (
    adams2023,
    edit_quality,
    full_quality,
    visual_turing_test,
)

SHIPPED: dict[str, Callable[[], Definition]] = {
    "adams2023": adams2023.of_films,
    "adams2023-phantom": adams2023.of_phantoms,
    "full-quality": full_quality.rubric,
    "visual-turing-test": visual_turing_test.rubric,
    "edit-quality": edit_quality.rubric,
}
