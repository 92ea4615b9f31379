"""The form's buttons, and that a form says what it was made of."""

import pytest
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from radrate.studies.rubrics.checks import faults
from radrate.studies.rubrics.definition import Condition, Definition
from radrate.studies.rubrics.draft import acted, data_of, definition_in, uids
from tests.factories.rubrics import make_definition
from tests.studies.rubrics.strategies import definitions


@given(definitions())
def test_a_form_made_of_a_rubric_says_the_same_rubric(definition):
    assert definition_in(data_of(definition)) == definition


def order(data):
    return [item.key for item in definition_in(data).criteria]


def press(data, *actions):
    for action in actions:
        data, active = acted(data, action)
    return data, active


@pytest.fixture
def data():
    return data_of(make_definition())


def test_questions_move_up_and_down_and_stop_at_the_ends(data):
    assert order(press(data, "down:q1")[0]) == ["odd", "anatomy", "what"]
    assert order(press(data, "up:q3")[0]) == ["anatomy", "what", "odd"]
    assert order(press(data, "up:q1", "down:q3")[0]) == ["anatomy", "odd", "what"]


def test_a_condition_goes_along_with_its_question(data):
    moved, active = press(data, "up:q2")
    assert active == "q2"
    assert definition_in(moved).criteria[2].shown_if == Condition("odd", (2,))
    moved["q2-key"] = "strange"
    assert definition_in(moved).criteria[2].shown_if == Condition("strange", (2,))
    assert faults(definition_in(moved)) == {}


def test_a_condition_whose_question_is_gone_is_a_fault_and_not_lost(data):
    left, active = press(data, "remove:q2")
    assert (active, order(left)) == ("", ["anatomy", "what"])
    assert set(faults(definition_in(left))) == {("criteria", 1, "shown_if")}
    assert left["q3-shown_if"] == "q2"


def test_a_new_question_is_asked_of_each_image_and_required(data):
    grown, active = press(data, "add:choice")
    assert active == "q4"
    item = definition_in(grown).criteria[3]
    assert (item.kind, item.per_image, item.required, item.key) == (
        "choice",
        True,
        True,
        "question_4",
    )


def test_a_new_question_never_takes_over_what_a_removed_one_said(data):
    grown, active = press(data, "remove:q3", "add:text")
    assert active != "q3"
    assert definition_in(grown).criteria[2].shown_if is None


def test_a_double_stands_behind_its_original_with_a_name_of_its_own(data):
    grown, active = press(data, "double:q1")
    assert active == "q4"
    first, second = definition_in(grown).criteria[:2]
    assert (first.question, dict(first.anchors)) == (second.question, dict(second.anchors))
    assert [first.key, second.key] == ["anatomy", "anatomy_2"]
    assert faults(definition_in(grown)) == {}


def test_groups_of_defects_are_added_moved_and_removed(data):
    grown, active = press(data, "add:group")
    assert active == "g2"
    grown["g2-group"] = "Joint"
    grown["g2-labels"] = "Joint space lost\r\n\r\n Misaligned [joint_alignment] \n"
    moved, _active = press(grown, "up:g2")
    tags = definition_in(moved).tags
    assert [(tag.group, tag.key, tag.label) for tag in tags] == [
        ("Joint", "joint_space_lost", "Joint space lost"),
        ("Joint", "joint_alignment", "Misaligned"),
        ("Bone", "fused", "Bones fused"),
    ]
    assert definition_in(press(moved, "remove:g1")[0]).tags == tags[:2]


def test_words_of_a_scale_outlive_that_it_is_made_shorter(data):
    data["q1-points"] = "3"
    assert dict(definition_in(data).criteria[0].anchors) == {1: "impossible"}
    again, _active = press(data, "refresh")
    again["q1-points"] = "5"
    assert dict(definition_in(again).criteria[0].anchors) == {1: "impossible", 5: "right"}


def test_keys_are_made_of_the_question_each_but_once_and_never_a_verdicts():
    data = MultiValueDict({"criteria": ["q1", "q2", "q3", "q4"]})
    for uid, words in zip(
        data.getlist("criteria"), ("Ödem?", "Odem", "Verdict", "?!"), strict=True
    ):
        data[f"{uid}-question"] = words
    assert order(data) == ["odem", "odem_2", "verdict_2", "question_4"]


NAMES = ["criteria", "groups", "title"]
NAMES += [
    f"q1-{part}" for part in ("kind", "points", "shown_if", "question", "shown_values", "key")
]
NAMES += ["q1-options", "q1-anchor_1", "g1-labels", "g1-group"]
WORDS = st.text(max_size=30) | st.sampled_from(["q1", "g1", "9" * 9, "²"])
ACTIONS = ["up:q1", "add:scale", "double:q1", "add:group", "remove:g1"]


@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(WORDS, max_size=3)),
    st.text(max_size=12) | st.sampled_from(ACTIONS),
)
def test_whatever_is_posted_is_a_rubric_with_its_faults(sent, action):
    data, _active = acted(MultiValueDict(sent), action)
    assert isinstance(definition_in(data), Definition)
    faults(definition_in(data))
    assert len(uids(data, "criteria")) == len(definition_in(data).criteria)


def test_any_number_of_questions_with_the_same_words_have_keys_of_their_own():
    names = [f"q{number}" for number in range(1, 301)]
    data = MultiValueDict({"criteria": names} | {f"{uid}-question": ["Joints"] for uid in names})
    assert len(set(order(data))) == 300
    assert ("rubric", 0, "criteria") in faults(definition_in(data))
