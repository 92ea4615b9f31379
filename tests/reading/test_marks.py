"""Marks of a reader: what is kept, what the database refuses, what a revision does."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from radrate.reading import queries
from radrate.reading.answers import InvalidAnswers
from radrate.reading.marks import PlacedMark, check_marks
from radrate.reading.models import Mark, Rating
from radrate.studies.rubrics.models import DefectTag, Rubric
from tests.factories.rubrics import thaw
from tests.factories.studies import make_mark, make_open_study, make_point, rate

TAGS = {"bone_fused"}
corners = st.integers(0, 100_000)


@pytest.fixture
def enrolled(manager, reader):
    return make_open_study(manager=manager, readers=(reader,), block_size=2).readers.get()


def first(enrolled):
    return enrolled.assignments.get(position=1)


@given(corners, corners, corners, corners)
def test_every_box_between_two_corners_of_the_image_is_taken(left, right, top, bottom):
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    mark = make_mark(
        x=left / 1e5,
        y=top / 1e5,
        width=round(right / 1e5 - left / 1e5, 5),
        height=round(bottom / 1e5 - top / 1e5, 5),
    )
    if left == right or top == bottom:
        with pytest.raises(InvalidAnswers):
            check_marks([mark], TAGS, "AB")
    else:
        check_marks([mark], TAGS, "AB")


@given(x=st.floats(), y=st.floats())
def test_a_point_is_taken_on_the_image_and_nowhere_else(x, y):
    mark = make_point(x=x, y=y)
    if 0 <= x <= 1 and 0 <= y <= 1:
        check_marks([mark], TAGS, "AB")
    elif not (0 <= x <= 1.00001 and 0 <= y <= 1.00001):
        with pytest.raises(InvalidAnswers, match="impossible"):
            check_marks([mark], TAGS, "AB")


@pytest.mark.django_db
def test_marks_are_kept_in_their_order_with_the_rating(enrolled):
    sent = [make_mark(), make_point(image="B", tag="seam", severity=3)]
    rating = rate(first(enrolled), marks=sent).rating
    assert [mark.number for mark in rating.marks.all()] == [1, 2]
    assert queries.blinded_case(first(enrolled)).marks == tuple(mark.as_dict() for mark in sent)


@pytest.mark.django_db
def test_a_revision_has_marks_of_its_own_and_the_old_ones_stay(enrolled):
    rate(first(enrolled), marks=[make_mark(), make_point()])
    rate(first(enrolled), marks=[make_point(severity=1)], revision=1)
    assert len(queries.blinded_case(first(enrolled)).marks) == 1
    assert Mark.objects.count() == 3


@pytest.mark.django_db
def test_a_refused_mark_leaves_no_rating(enrolled):
    with pytest.raises(InvalidAnswers) as refused:
        rate(first(enrolled), marks=[make_mark(), make_mark(tag="of_no_rubric")])
    assert set(refused.value.errors) == {"mark:2"}
    assert not Rating.objects.exists()


@pytest.mark.django_db
def test_a_rubric_without_defects_takes_no_mark(enrolled):
    rubric = enrolled.study.phases.get().rubric
    thaw(rubric)
    DefectTag.objects.filter(rubric=rubric).delete()
    assert queries.blinded_case(first(enrolled)).tags == ()
    with pytest.raises(InvalidAnswers):
        rate(first(enrolled), marks=[make_mark()])


@pytest.mark.django_db
def test_a_tag_of_another_rubric_is_not_offered(enrolled):
    other = Rubric.objects.create(name="other")
    DefectTag.objects.create(rubric=other, key="elsewhere", position=1, group="g", label="l")
    with pytest.raises(InvalidAnswers):
        rate(first(enrolled), marks=[make_mark(tag="elsewhere")])


IMPOSSIBLE = {
    "number": [{"number": 0}, {"number": 1}],
    "image": [{"image": ""}, {"image": "E"}],
    "shape": [
        {"shape": "ring"},
        {"width": 0},
        {"height": 0},
        {"shape": "point"},
        {"shape": "point", "width": 0},
    ],
    "place": [
        {"x": "-0.00001"},
        {"y": "-0.00001"},
        {"x": "0.87501"},
        {"y": "0.93751"},
        {"width": "0.75001"},
        {"height": "0.50001"},
    ],
    "severity": [{"severity": 0}, {"severity": 4}],
}


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [one for kind in IMPOSSIBLE.values() for one in kind], ids=repr)
def test_the_database_itself_refuses_an_impossible_mark(enrolled, changes):
    rating = rate(first(enrolled), marks=[make_mark()]).rating
    tag = DefectTag.objects.get(rubric=enrolled.study.phases.get().rubric, key="bone_fused")
    whole = make_mark().as_dict() | {"rating": rating, "number": 2, "tag": tag}
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(**whole | changes)
    Mark.objects.create(**whole)


def test_a_mark_is_plain_values():
    mark = make_mark()
    assert PlacedMark(**mark.as_dict()) == mark
    assert {type(value) for value in mark.as_dict().values()} == {str, float, int}
