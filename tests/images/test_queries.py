"""What a manager may look at, and what the library counts."""

from uuid import uuid4

import pytest

from radrate.images import queries
from radrate.images.services import note_exposure, set_embargo
from tests.factories.images import make_radiograph

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
