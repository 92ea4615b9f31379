"""What is wrong with a rubric is told at its field, and nothing is wrong with a sound one."""

from dataclasses import replace

import pytest
from hypothesis import given

from radrate.studies.rubrics.checks import VERDICT_KEYS, faults
from radrate.studies.rubrics.definition import CHOICE, TEXT, Condition, Definition, Item, Tag
from tests.factories.rubrics import make_definition
from tests.studies.rubrics.strategies import definitions

ITEM = Item("anatomy", "Anatomy")
ODD = Item("odd", "Anything odd?", kind=CHOICE, per_image=False, options=("No", "Yes"))
TAG = Tag("fused", "Bone", "Bones fused")


@given(definitions())
def test_a_sound_rubric_has_no_faults(definition):
    assert faults(definition) == {}


def after_odd(**changes):
    return (ODD, replace(Item("detail", "Detail"), **changes))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"title": " "}, ("rubric", 0, "title")),
        ({"title": "x" * 121}, ("rubric", 0, "title")),
        ({"title": "a\x00b"}, ("rubric", 0, "title")),
        ({"title": "a\ud800b"}, ("rubric", 0, "title")),
        ({"description": "x" * 2001}, ("rubric", 0, "description")),
        ({"criteria": ()}, ("rubric", 0, "criteria")),
        ({"criteria": (replace(ITEM, required=False),)}, ("rubric", 0, "criteria")),
        (
            {"criteria": tuple(Item(f"key{n}", "Question") for n in range(41))},
            ("rubric", 0, "criteria"),
        ),
        ({"criteria": (replace(ITEM, question=""),)}, ("criteria", 0, "question")),
        ({"criteria": (replace(ITEM, question="x" * 201),)}, ("criteria", 0, "question")),
        ({"criteria": (replace(ITEM, hint="x" * 301),)}, ("criteria", 0, "hint")),
        ({"criteria": (replace(ITEM, key="Anatomy"),)}, ("criteria", 0, "key")),
        ({"criteria": (replace(ITEM, key="x" * 41),)}, ("criteria", 0, "key")),
        ({"criteria": (ODD, replace(ITEM, key="odd"))}, ("criteria", 1, "key")),
        ({"criteria": (replace(ITEM, kind="side"),)}, ("criteria", 0, "kind")),
        ({"criteria": (replace(ITEM, points=1),)}, ("criteria", 0, "points")),
        ({"criteria": (replace(ITEM, points=11),)}, ("criteria", 0, "points")),
        ({"criteria": (replace(ITEM, points=10**12),)}, ("criteria", 0, "points")),
        ({"criteria": (replace(ITEM, anchors={6: "x"}),)}, ("criteria", 0, "anchors")),
        ({"criteria": (replace(ITEM, anchors={1: "x", 2: "x"}),)}, ("criteria", 0, "anchors")),
        ({"criteria": (replace(ITEM, anchors={1: "x" * 101}),)}, ("criteria", 0, "anchors")),
        ({"criteria": (replace(ODD, options=("Yes",)),)}, ("criteria", 0, "options")),
        ({"criteria": (replace(ODD, options=tuple("abcdefghijk")),)}, ("criteria", 0, "options")),
        ({"criteria": (replace(ODD, options=("a", "a")),)}, ("criteria", 0, "options")),
        ({"criteria": (replace(ODD, options=("a", " ")),)}, ("criteria", 0, "options")),
        ({"criteria": after_odd(shown_if=Condition("none", (1,)))}, ("criteria", 1, "shown_if")),
        ({"criteria": after_odd(shown_if=Condition("detail", (1,)))}, ("criteria", 1, "shown_if")),
        ({"criteria": after_odd(shown_if=Condition("odd", ()))}, ("criteria", 1, "shown_values")),
        ({"criteria": after_odd(shown_if=Condition("odd", (3,)))}, ("criteria", 1, "shown_values")),
        (
            {"criteria": after_odd(shown_if=Condition("odd", (1, 1)))},
            ("criteria", 1, "shown_values"),
        ),
        ({"tags": (replace(TAG, label=""),)}, ("tags", 0, "label")),
        ({"tags": (replace(TAG, label="x" * 61),)}, ("tags", 0, "label")),
        ({"tags": (replace(TAG, group=""),)}, ("tags", 0, "group")),
        ({"tags": (replace(TAG, key="Fused"),)}, ("tags", 0, "key")),
        ({"tags": (TAG, replace(TAG, label="Other"))}, ("tags", 0, "key")),
        ({"tags": (TAG, replace(TAG, key="other"))}, ("tags", 1, "label")),
        ({"tags": tuple(Tag(f"k{n}", "g", f"l{n}") for n in range(81))}, ("rubric", 0, "tags")),
    ],
)
def test_a_fault_is_told_at_its_field(changes, place):
    found = faults(make_definition(**{"criteria": (ITEM,)} | changes))
    assert place in found
    assert all(message for message in found.values())


@pytest.mark.parametrize("key", sorted(VERDICT_KEYS))
def test_names_of_the_designs_own_questions_are_kept(key):
    assert set(faults(make_definition(criteria=(replace(ITEM, key=key),)))) == {
        ("criteria", 0, "key")
    }


def test_a_question_of_the_case_cannot_depend_on_one_of_each_image():
    depends = Item("why", "Why?", kind=TEXT, shown_if=Condition("anatomy", (1,)))
    assert faults(make_definition(criteria=(ITEM, depends))) == {}
    once = replace(depends, per_image=False)
    assert set(faults(make_definition(criteria=(ITEM, once)))) == {("criteria", 1, "shown_if")}


def test_nothing_can_depend_on_a_text_or_on_a_later_question():
    why = Item("why", "Why?", kind=TEXT)
    on_text = replace(ITEM, shown_if=Condition("why", (1,)))
    assert set(faults(make_definition(criteria=(why, on_text)))) == {("criteria", 1, "shown_if")}
    on_later = replace(ITEM, shown_if=Condition("odd", (1,)))
    assert set(faults(make_definition(criteria=(on_later, ODD)))) == {("criteria", 0, "shown_if")}


def test_key_presses_of_a_pair_are_counted_with_verdict_confidence_and_going_on():
    assert Definition("t", criteria=(ITEM, ITEM, ODD)).presses == 2 + 2 + 1 + 3
