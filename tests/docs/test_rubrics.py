"""docs/rubrics.md against the code."""

import json
import re
from dataclasses import fields

from radrate.studies.rubrics.checks import FEWEST, MOST, faults
from radrate.studies.rubrics.definition import EDITABLE, Item
from radrate.studies.rubrics.interchange import from_json
from radrate.studies.rubrics.models import Criterion
from radrate.studies.rubrics.shipped import SHIPPED
from tests.docs.test_docs import first_cells_of, read, section

PAGE = "docs/rubrics.md"


def test_exactly_the_shipped_rubrics_are_told() -> None:
    assert first_cells_of(section(PAGE, "## Which one")) == set(SHIPPED)


def test_exactly_the_kinds_of_questions_are_told() -> None:
    told = section(PAGE, "## Questions")
    assert first_cells_of(told.partition("###")[0]) == set(Criterion.Kind.values)
    assert "You choose among " + " and ".join(
        [", ".join(f"`{kind}`" for kind in EDITABLE[:-1]), f"`{EDITABLE[-1]}`"]
    ) in " ".join(told.split())


def test_the_lengths_of_scales_and_choices_are_told() -> None:
    told = section(PAGE, "## Questions")
    assert f"one of {FEWEST} to {MOST} points" in told
    assert f"one of {FEWEST} to {MOST} named options" in told


def test_exactly_the_fields_of_a_file_are_told_and_what_they_are_if_left_out() -> None:
    told = section(PAGE, "## Files")
    assert first_cells_of(told) == {field.name for field in fields(Item)}
    body = {"format": "radrate-rubric", "format_version": 1, "title": "t"}
    least = {"key": "a", "question": "b", "kind": "scale"}
    [item] = from_json(json.dumps(body | {"criteria": [least]}).encode()).criteria
    assert item == Item("a", "b")
    assert (item.per_image, item.required, item.not_applicable, item.points) == (
        True,
        True,
        False,
        5,
    )


def test_the_example_is_a_sound_rubric() -> None:
    [example] = re.findall(r"^```json\n(.*?)^```", read(PAGE), re.MULTILINE | re.DOTALL)
    definition = from_json(example.encode())
    assert faults(definition) == {}
    assert [item.key for item in definition.criteria] == ["odd", "what"]


def test_the_presses_of_a_pair_are_told() -> None:
    assert f"{SHIPPED['adams2023']().presses} key presses a pair" in section(PAGE, "## Which one")
