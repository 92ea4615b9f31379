"""The rubric that ships: its defects, and when a new version of it is made."""

import re
from itertools import pairwise

import pytest

from radrate.studies import rubrics
from radrate.studies.models import Criterion, DefectTag
from radrate.studies.protocol import protocol_hash, protocol_of
from radrate.studies.rubrics import default_rubric
from tests.factories.studies import lock, make_study

# what an image is made by or what it is, and what only an edited image can have
TELLS = re.compile(
    r"\b(real|fake|artificial|synthetic|simulated|generat\w*|model|prompt|phantom|edit\w*|"
    r"inpaint\w*|outpaint\w*|mask|remov\w*|photo\w*)\b",
    re.IGNORECASE,
)


def test_no_defect_tells_an_origin_and_none_is_named_twice():
    tags = rubrics.defect_tags()
    assert not [tag for tag in tags if TELLS.search(" ".join(tag.values()))]
    assert 15 <= len({tag["key"] for tag in tags}) == len(tags) <= 20
    assert len({(tag["group"], tag["label"]) for tag in tags}) == len(tags)


def test_tags_of_a_group_stand_together():
    groups = [tag["group"] for tag in rubrics.defect_tags()]
    changes = 1 + sum(a != b for a, b in pairwise(groups))
    assert changes == len(set(groups)) == 8


@pytest.mark.django_db
def test_phantom_and_real_studies_offer_the_same_defects():
    offered = [
        list(default_rubric(task).tags.values_list("key", "group", "label"))
        for task in ("which_real", "which_intact")
    ]
    assert offered[0] == offered[1] != []


@pytest.mark.django_db
@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        lambda rubric: rubric.tags.filter(key="seam").delete(),
        lambda rubric: rubric.tags.filter(key="seam").update(label="Other"),
        lambda rubric: rubric.tags.filter(key="seam").update(group="Other"),
        lambda rubric: rubric.tags.filter(key="seam").update(position=99),
        lambda rubric: DefectTag.objects.create(
            rubric=rubric, key="new", position=98, group="g", label="l"
        ),
        lambda rubric: rubric.criteria.filter(key="joints").update(question="Other"),
        lambda rubric: Criterion.objects.filter(rubric=rubric, key="trabeculae").delete(),
    ],
)
def test_what_is_shipped_is_a_new_version_when_it_differs(change, frozen):
    first = default_rubric("which_real")
    type(first).objects.filter(pk=first.pk).update(frozen=frozen)
    assert default_rubric("which_real") == first
    change(first)
    second = default_rubric("which_real")
    assert (second.version, second.tags.count()) == (2, len(rubrics.defect_tags()))
    assert default_rubric("which_real") == second


@pytest.mark.django_db
def test_the_defects_are_part_of_the_protocol_and_of_its_hash(manager):
    study = lock(make_study(manager=manager))
    keys = [tag["key"] for tag in study.protocol["phases"][0]["rubric"]["defect_tags"]]
    assert keys == [tag["key"] for tag in rubrics.defect_tags()]
    study.phases.get().rubric.tags.filter(key="seam").update(label="Other")
    assert protocol_hash(protocol_of(study)) != study.protocol_hash
