"""The rubrics that ship: sound, complete, and in the database as they are in the code."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from radrate.studies.rubrics.checks import faults
from radrate.studies.rubrics.definition import SCALE
from radrate.studies.rubrics.models import Rubric
from radrate.studies.rubrics.rows import definition_of
from radrate.studies.rubrics.services import shipped_rubric, shipped_rubrics
from radrate.studies.rubrics.shipped import SHIPPED

# what an image is made by or what it is, and what only an edited image can have
TELLS = re.compile(
    r"\b(real|fake|artificial|synthetic|simulated|generat\w*|model|prompt|phantom|edit\w*|"
    r"inpaint\w*|outpaint\w*|mask|remov\w*|photo\w*)\b",
    re.IGNORECASE,
)
BLIND = ["adams2023", "adams2023-phantom", "full-quality", "visual-turing-test"]


def keys(name):
    return [item.key for item in SHIPPED[name]().criteria]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_rubric_has_no_faults(name):
    assert faults(SHIPPED[name]()) == {}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_point_of_a_shipped_scale_has_its_words_and_a_hint(name):
    for item in SHIPPED[name]().criteria:
        if item.kind == SCALE:
            assert set(item.anchors) == set(item.values), item.key
            assert item.hint, item.key


def test_a_pair_takes_fifteen_key_presses_with_adams2023():
    for name in ("adams2023", "adams2023-phantom"):
        assert SHIPPED[name]().presses == 15
        assert all(item.shown_if is None and item.per_image for item in SHIPPED[name]().criteria)


def test_phantoms_are_asked_for_intactness_where_films_are_asked_for_realism():
    films, phantoms = keys("adams2023"), keys("adams2023-phantom")
    assert films == ["anatomy", "joints", "trabeculae", "collimation", "view", "realism"]
    assert phantoms == [*films[:-1], "intactness"]
    for item in SHIPPED["adams2023-phantom"]().criteria:
        assert "real" not in f"{item.question} {item.hint} {' '.join(item.anchors.values())}"
    assert SHIPPED["adams2023"]().tags == SHIPPED["adams2023-phantom"]().tags


def test_full_quality_has_ten_dimensions():
    assert len(keys("full-quality")) == 10


def test_edit_quality_asks_of_a_replaced_part_or_of_a_continued_image():
    asked = {
        value: {
            item.key
            for item in SHIPPED["edit-quality"]().criteria
            if item.shown_if and value in item.shown_if.values
        }
        for value in (1, 2, 3)
    }
    assert asked[1] - asked[2] == {"seam", "residue", "outside"}
    assert asked[2] - asked[1] == {"boundary", "scale_jump", "repeated"}
    assert asked[1] & asked[2] == {"noise_match", "content"}
    assert asked[3] == set()


@pytest.mark.parametrize("name", BLIND)
def test_no_defect_of_a_blind_rubric_tells_an_origin(name):
    tags = SHIPPED[name]().tags
    assert not [tag for tag in tags if TELLS.search(f"{tag.key} {tag.group} {tag.label}")]


@pytest.mark.parametrize("name", SHIPPED)
def test_defects_of_a_group_stand_together(name):
    groups = [tag.group for tag in SHIPPED[name]().tags]
    assert 1 + sum(a != b for a, b in pairwise(groups)) == len(set(groups))


@pytest.mark.django_db
@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_stored_is_what_is_shipped(name):
    rubric = shipped_rubric(name)
    assert (rubric.name, rubric.version, rubric.owner) == (name, 1, None)
    assert definition_of(Rubric.objects.get(pk=rubric.pk)) == SHIPPED[name]()
    assert shipped_rubric(name) == rubric


@pytest.mark.django_db
def test_all_of_them_cost_three_queries_once_they_are_stored():
    first = shipped_rubrics()
    assert [rubric.name for rubric in first] == list(SHIPPED)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert shipped_rubrics() == first
    assert len(queries) == 3


@pytest.mark.django_db
def test_new_words_are_a_new_version_and_the_old_one_stays(monkeypatch):
    first = shipped_rubric("adams2023")
    before = SHIPPED["adams2023"]()
    monkeypatch.setitem(SHIPPED, "adams2023", lambda: replace(before, title="Other"))
    second = shipped_rubric("adams2023")
    assert (second.version, second.title) == (2, "Other")
    assert definition_of(Rubric.objects.get(pk=first.pk)) == before
    assert shipped_rubrics()[0] == second


@pytest.mark.django_db
def test_another_language_has_a_line_of_its_own():
    english = shipped_rubric("adams2023")
    with translation.override("de"):
        german = shipped_rubric("adams2023")
    assert (german.name, german.version) == ("adams2023-de", 1)
    assert shipped_rubric("adams2023") == english
