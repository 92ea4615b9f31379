"""Drafts from published studies, and from parts of other studies."""

import pytest

from radrate.errors import NotAllowed
from radrate.studies import beginning, drafts
from radrate.studies.models import Phase, ReaderStudy
from radrate.studies.protocol import SETTINGS, protocol_of
from radrate.studies.published import PUBLISHED
from radrate.studies.rubrics.services import shipped_rubric
from radrate.studies.rubrics.shipped import SHIPPED
from tests.factories.people import make_user
from tests.factories.studies import lock, make_campaign_batch, make_references, make_study

pytestmark = pytest.mark.django_db
EVERY = set(beginning.PARTS)


@pytest.fixture
def library(db):
    make_references(n=16)
    edits = {"edited_region": "regions/x.png", "edited_share": 0.1}
    return [make_campaign_batch(n=8, **edits) for _ in range(3)]


@pytest.mark.parametrize("key", PUBLISHED)
def test_every_published_study_can_be_begun_and_locked(manager, library, key):
    published = PUBLISHED[key]
    study = beginning.begin(
        actor=manager, name="S", task="which_real", batches=library, published=published, seed=1
    )
    assert [phase.design for phase in study.phases.all()] == [p.design for p in published.phases]
    assert all(phase.cases.exists() for phase in study.phases.all())
    study.phases.update(repeats=0)  # of so few cases none is far enough from itself
    study = lock(study)
    assert (study.state, study.problem) == ("locked", "")
    assert study.readers.count() == published.planned_readers


def test_published_designs_name_rubrics_and_fields_that_exist():
    fields = {field.name for field in Phase._meta.get_fields()}
    for published in PUBLISHED.values():
        for part in published.phases:
            assert part.rubric in {"", *SHIPPED}
            assert set(part.options) <= fields


def test_the_phases_of_a_published_study_show_the_same_images(manager, library):
    study = beginning.begin(
        actor=manager,
        name="S",
        task="which_real",
        batches=library[:1],
        published=PUBLISHED["tordjman2026"],
    )
    unaware, informed = [
        set(phase.cases.values_list("images__radiograph", flat=True))
        for phase in study.phases.all()
    ]
    assert unaware == informed != set()


def test_phantoms_are_not_asked_for_realism_by_a_published_study(manager):
    batch = make_campaign_batch(n=2)
    study = beginning.begin(
        actor=manager,
        name="S",
        task="which_intact",
        batches=[batch],
        published=PUBLISHED["khosravi2023"],
    )
    assert study.phases.get().rubric.name == "adams2023-phantom"


@pytest.fixture
def source(manager):
    study = make_study(manager=manager, n=8, told="Look closely.", repeats=1, minimum_lag=2)
    first = study.phases.get()
    drafts.change_phase(
        actor=manager, phase=first, design="single", case_limit=4, arms=list(study.arms.all())
    )
    drafts.add_phase(actor=manager, study=study, design="single", same_images_as=first)
    return drafts.change_settings(
        actor=manager, study=study, planned_readers=5, spare_readers=2, block_size=6
    )


def settings_of(study: ReaderStudy) -> list[dict]:
    return [{name: phase[name] for name in SETTINGS} for phase in protocol_of(study)["phases"]]


def test_a_whole_copy_asks_the_same_of_new_cases(source, manager):
    copy = beginning.copy_study(actor=manager, source=source, name="Again", parts=EVERY)
    assert settings_of(copy) == settings_of(source)
    assert [p.rubric for p in copy.phases.all()] == [p.rubric for p in source.phases.all()]
    assert [arm.label for arm in copy.arms.all()] == [arm.label for arm in source.arms.all()]
    assert copy.phases.get(position=2).same_images_as == copy.phases.get(position=1)
    assert (copy.planned_readers, copy.spare_readers, copy.block_size) == (5, 2, 6)
    assert copy.seed != source.seed
    assert copy.number != source.number
    assert copy.cases.count() == source.cases.count() > 0
    assert not set(copy.phases.all()) & set(source.phases.all())


@pytest.mark.parametrize("part", sorted(EVERY))
def test_what_is_not_chosen_is_not_copied(source, manager, part):
    copy = beginning.copy_study(actor=manager, source=source, name="Part", parts=EVERY - {part})
    first = copy.phases.get(position=1)
    changed = {
        "phases": first.repeats == 0 and first.case_limit is None,
        "rubrics": True,  # the default one either way, see the next test
        "campaigns": not copy.batches.exists() and not copy.cases.exists(),
        "places": (copy.planned_readers, copy.spare_readers) == (0, 0),
        "texts": first.told == "",
    }
    assert changed[part]
    assert first.design == "single"


def test_another_rubric_is_copied_only_if_chosen(source, manager):
    other = shipped_rubric("full-quality")
    drafts.change_phase(actor=manager, phase=source.phases.get(position=1), rubric=other)
    kept = beginning.copy_study(actor=manager, source=source, name="A", parts={"rubrics"})
    plain = beginning.copy_study(actor=manager, source=source, name="B", parts=set())
    assert kept.phases.get(position=1).rubric == other
    assert plain.phases.get(position=1).rubric.name == "adams2023"


def test_a_locked_study_is_copied_into_a_draft(source, manager):
    source = lock(source)
    assert source.state == "locked", source.problem
    copy = beginning.copy_study(actor=manager, source=source, name="Again", parts=EVERY)
    assert (copy.state, copy.protocol, copy.protocol_hash) == ("draft", None, "")
    assert not copy.readers.exists()


def test_nobody_copies_a_study_of_somebody_else(source):
    other = make_user(username="other", is_manager=True)
    with pytest.raises(NotAllowed):
        beginning.copy_study(actor=other, source=source, name="Mine", parts=EVERY)
    assert ReaderStudy.objects.count() == 1
