"""What a manager may look at, and what the library counts."""

from uuid import uuid4

import pytest

from radrate.images import queries
from radrate.images.services import note_exposure, set_embargo
from tests.factories.images import make_batch, make_radiograph

pytestmark = pytest.mark.django_db


def test_an_embargo_hides_an_image_from_the_person_who_reads_it_blind(manager, outsider):
    shown, hidden = make_radiograph(), make_radiograph()
    set_embargo(user=manager, ids=[hidden.pk], held_by=uuid4())
    assert set(queries.visible_to(manager)) == {shown}
    assert set(queries.visible_to(outsider)) == {shown, hidden}


def test_an_exposure_is_remembered_once_and_only_for_the_person_who_looked(manager, outsider):
    radiograph = make_radiograph()
    for _time in range(2):
        note_exposure(user=manager, ids=[radiograph.pk])
    assert radiograph.exposures.count() == 1
    assert queries.exposed(manager, [radiograph.pk])
    assert not queries.exposed(outsider, [radiograph.pk])


def test_a_campaign_that_is_read_blind_is_hidden_whole_and_an_import_is_not(manager, outsider):
    campaign, films = make_batch(kind="campaign", made=2), make_batch()
    read = [make_radiograph(origin="synthetic", batch=campaign), make_radiograph(batch=films)]
    make_radiograph(origin="synthetic", batch=campaign)
    other = make_radiograph(batch=films)
    set_embargo(user=manager, ids=[image.pk for image in read], held_by=uuid4())
    assert set(queries.visible_to(manager)) == {other}
    assert list(queries.campaigns_read_blind(manager)) == [campaign]
    assert list(queries.campaign_batches(manager)) == []
    assert queries.visible_to(outsider).count() == 4
    assert list(queries.campaign_batches(outsider)) == [campaign]
