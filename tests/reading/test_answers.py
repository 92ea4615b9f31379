"""Answer sheets against rubrics of every kind; no database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radrate.reading.answers import Answer, InvalidAnswers, check_answers, field, values_of
from tests.factories.rubrics import make_choice, make_criterion

TEXT = make_criterion(key="why", kind="text", per_image=False)
PLACE = make_criterion(key="spot", kind="place")
SIDE = make_criterion(
    key="side", kind="side", per_image=False, options=[{"value": 9, "label": "can't tell"}]
)
VERDICT = make_criterion(
    key="verdict",
    kind="verdict",
    per_image=False,
    options=[{"value": value, "label": str(value)} for value in (1, 2, 9)],
)


def errors(answers, criteria, labels="AB"):
    try:
        check_answers(answers, criteria, labels)
    except InvalidAnswers as refused:
        return refused.errors
    return {}


def both(**parts):
    """The same answer to `anatomy` for A and for B."""
    return [Answer("anatomy", image, **parts) for image in "AB"]


@pytest.mark.parametrize("labels", ["A", "AB", "ABC", "ABCD"])
def test_a_criterion_is_asked_for_each_image_that_is_shown(labels):
    answers = [Answer("anatomy", image, 3) for image in labels]
    assert errors(answers, [make_criterion()], labels) == {}
    assert list(errors(answers[:-1], [make_criterion()], labels)) == [f"anatomy:{labels[-1]}"]
    beyond = [*answers, Answer("anatomy", "E", 3)]
    assert errors(beyond, [make_criterion()], labels) == {"anatomy:E": "This was not asked."}


@pytest.mark.parametrize(
    ("criterion", "labels", "values"),
    [
        (make_criterion(maximum=10), "AB", set(range(1, 11))),
        (make_criterion(kind="confidence", per_image=False), "AB", {1, 2, 3, 4, 5}),
        (make_choice("no", "yes"), "AB", {1, 2}),
        (VERDICT, "A", {1, 2, 9}),
        (SIDE, "AB", {1, 2, 9}),
        (SIDE, "ABCD", {1, 2, 3, 4, 9}),
        (TEXT, "AB", set()),
        (PLACE, "AB", set()),
    ],
)
def test_each_kind_has_its_values(criterion, labels, values):
    assert values_of(criterion, labels) == values if criterion.kind not in ("text", "place") else 1
    allowed = {
        value
        for value in range(-1, 13)
        if not errors([Answer(criterion.key, None, value)], [once(criterion)], labels)
    }
    assert allowed == values


def once(criterion):
    """The same criterion asked once a case (a place has no such form and stays refused)."""
    changed = make_criterion(
        key=criterion.key, kind=criterion.kind, options=criterion.options, maximum=criterion.maximum
    )
    changed.per_image = False
    return changed


def test_not_applicable_is_taken_where_it_is_offered_and_alone():
    offered = [make_criterion(allows_not_applicable=True)]
    assert errors(both(not_applicable=True), offered) == {}
    assert set(errors(both(not_applicable=True), [make_criterion()])) == {"anatomy:A", "anatomy:B"}
    for other in ({"value": 2}, {"text": "x"}, {"x": 0.5, "y": 0.5}):
        assert len(errors(both(not_applicable=True, **other), offered)) == 2


@pytest.mark.parametrize(
    ("parts", "accepted"),
    [
        ({"text": "the fibula is missing"}, True),
        ({"text": "x" * 2000}, True),
        ({"text": "x" * 2001}, False),
        ({"text": " \n"}, False),
        ({"text": ""}, False),
        ({"value": 1}, False),
        ({"text": "x", "value": 1}, False),
        ({"text": "x", "x": 0.5, "y": 0.5}, False),
    ],
)
def test_a_text_is_words_and_nothing_else(parts, accepted):
    assert (errors([Answer("why", None, **parts)], [TEXT]) == {}) is accepted


@pytest.mark.parametrize(
    ("parts", "accepted"),
    [
        ({"x": 0.0, "y": 1.0}, True),
        ({"x": 0.25, "y": 0.75}, True),
        ({"x": 1.00001, "y": 0.5}, False),
        ({"x": 0.5, "y": -0.00001}, False),
        ({"x": 0.5}, False),
        ({"y": 0.5}, False),
        ({"value": 1}, False),
        ({"x": 0.5, "y": 0.5, "value": 1}, False),
        ({"x": 0.5, "y": 0.5, "text": "here"}, False),
    ],
)
def test_a_place_is_a_point_of_the_image_and_nothing_else(parts, accepted):
    assert (errors([Answer("spot", "A", **parts)], [PLACE], "A") == {}) is accepted


@pytest.mark.parametrize("parts", [{"text": "x"}, {"x": 0.5, "y": 0.5}, {"x": 0.5}])
def test_a_value_comes_alone(parts):
    assert set(errors(both(value=3, **parts), [make_criterion()])) == {"anatomy:A", "anatomy:B"}


def test_the_same_field_twice_is_refused():
    twice = [*both(value=3), Answer("anatomy", "A", 3)]
    assert errors(twice, [make_criterion()]) == {"anatomy:A": "Answered twice."}


def test_what_is_not_required_may_be_left_out_but_not_answered_wrongly():
    optional = [make_criterion(required=False)]
    assert errors([], optional) == {}
    assert set(errors([Answer("anatomy", "A", 6)], optional)) == {"anatomy:A"}


def only_if(*values, criterion="odd"):
    return {"condition": {"criterion": criterion, "values": list(values)}}


ODD = make_choice("no", "yes")
DETAIL = make_criterion(key="detail", **only_if(2))


def test_a_condition_refers_to_the_same_image():
    odd = [Answer("odd", "A", 2), Answer("odd", "B", 1)]
    assert errors([*odd, Answer("detail", "A", 3)], [ODD, DETAIL]) == {}
    assert set(errors(odd, [ODD, DETAIL])) == {"detail:A"}
    hidden = [*odd, Answer("detail", "A", 3), Answer("detail", "B", 3)]
    assert errors(hidden, [ODD, DETAIL]) == {
        "detail:B": "This is not asked after what was answered before."
    }


def test_a_condition_on_the_case_refers_to_every_image():
    whole = make_choice("no", "yes", per_image=False)
    shown = [Answer("odd", None, 2), Answer("detail", "A", 1), Answer("detail", "B", 1)]
    assert errors(shown, [whole, DETAIL]) == {}
    assert errors([Answer("odd", None, 1)], [whole, DETAIL]) == {}
    assert set(errors(shown[:2], [whole, DETAIL])) == {"detail:B"}


def test_a_chain_of_conditions_falls_with_its_first_link():
    whole = make_choice("no", "yes", per_image=False)
    second = make_criterion(key="second", per_image=False, **only_if(2))
    third = make_criterion(key="third", per_image=False, **only_if(5, criterion="second"))
    chain = [whole, second, third]
    assert errors([Answer("odd", None, 1)], chain) == {}
    stale = [Answer("odd", None, 1), Answer("second", None, 5), Answer("third", None, 1)]
    assert set(errors(stale, chain)) == {"second", "third"}


def test_not_applicable_holds_no_condition():
    odd = make_choice("no", "yes", per_image=False, allows_not_applicable=True)
    assert errors([Answer("odd", None, not_applicable=True)], [odd, DETAIL]) == {}


# Rubrics at random, and sheets answered by the rules -----------------------------------------


def criterion_strategy(key, earlier):
    choosable = [one for one in earlier if one.kind in ("scale", "choice")]
    conditions = st.none()
    if choosable:
        conditions = st.none() | st.sampled_from(choosable).flatmap(
            lambda one: st.sets(st.sampled_from(sorted(values_of(one, "AB"))), min_size=1).map(
                lambda values: {"criterion": one.key, "values": sorted(values)}
            )
        )
    return st.builds(
        build,
        key=st.just(key),
        kind=st.sampled_from(["scale", "choice", "text", "place"]),
        size=st.integers(2, 10),
        per_image=st.booleans(),
        required=st.booleans(),
        na=st.booleans(),
        condition=conditions,
        earlier=st.just(tuple(earlier)),
    )


def build(*, key, kind, size, per_image, required, na, condition, earlier):
    depends = next(
        (one for one in earlier if condition and one.key == condition["criterion"]), None
    )
    per_image = per_image or kind == "place" or (depends is not None and depends.per_image)
    options = [{"value": value, "label": str(value)} for value in range(1, size + 1)]
    return make_criterion(
        key=key,
        kind=kind,
        per_image=per_image,
        required=required,
        allows_not_applicable=na,
        maximum=size if kind == "scale" else 5,
        options=options if kind == "choice" else [],
        condition=condition,
    )


@st.composite
def rubrics(draw):
    criteria = []
    for number in range(draw(st.integers(1, 6))):
        criteria.append(draw(criterion_strategy(f"c{number}", criteria)))
    return criteria


@st.composite
def answered(draw):
    """A rubric, labels, and a sheet that answers whatever is asked: written as a reader would,
    from the first question to the last, apart from what is checked."""
    criteria, labels = draw(rubrics()), draw(st.sampled_from(["A", "AB", "ABCD"]))
    sheet = {}
    for criterion in criteria:
        for image in labels if criterion.per_image else (None,):
            if not is_open(criterion, image, sheet):
                continue
            if not criterion.required and draw(st.booleans()):
                continue
            sheet[criterion.key, image] = draw(an_answer(criterion, image, labels))
    return criteria, labels, sheet


def is_open(criterion, image, sheet):
    if criterion.condition is None:
        return True
    key = criterion.condition["criterion"]
    found = sheet.get((key, image)) or sheet.get((key, None))
    return found is not None and found.value in criterion.condition["values"]


def an_answer(criterion, image, labels):
    plain = Answer(criterion.key, image)
    if criterion.kind == "text":
        possible = st.builds(lambda words: replace(plain, text=words), st.just("words"))
    elif criterion.kind == "place":
        part = st.floats(0, 1)
        possible = st.builds(lambda x, y: replace(plain, x=x, y=y), part, part)
    else:
        values = st.sampled_from(sorted(values_of(criterion, labels)))
        possible = values.map(lambda value: replace(plain, value=value))
    if criterion.allows_not_applicable:
        possible = possible | st.just(replace(plain, not_applicable=True))
    return possible


@given(answered(), st.randoms())
def test_a_sheet_answered_as_asked_is_taken_in_any_order(found, random):
    criteria, labels, sheet = found
    answers = list(sheet.values())
    random.shuffle(answers)
    assert errors(answers, criteria, labels) == {}


@given(answered())
def test_without_a_required_answer_a_sheet_is_refused_there(found):
    criteria, labels, sheet = found
    required = {one.key for one in criteria if one.required}
    for place in sheet:
        if place[0] not in required:
            continue
        left = [answer for answer in sheet.values() if answer.place != place]
        assert field(*place) in errors(left, criteria, labels)


@given(answered(), st.integers(11, 10**6))
def test_a_value_that_is_nowhere_offered_is_refused_at_its_field(found, value):
    criteria, labels, sheet = found
    for place, answer in sheet.items():
        wrong = [*(other for other in sheet.values() if other.place != place)]
        wrong.append(Answer(*place, value=value))
        assert field(*place) in errors(wrong, criteria, labels), answer


@given(answered())
def test_what_was_not_asked_is_refused_at_its_field(found):
    criteria, labels, sheet = found
    for criterion in criteria:
        for image in labels if criterion.per_image else (None,):
            if is_open(criterion, image, sheet):
                continue
            extra = Answer(criterion.key, image, value=1)
            assert field(criterion.key, image) in errors([*sheet.values(), extra], criteria, labels)
