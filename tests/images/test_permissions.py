"""Who may open the library: its managers, and nobody else."""

import pytest
from django.urls import reverse

from tests.factories.images import make_batch, make_radiograph

pytestmark = pytest.mark.django_db

PAGES = ["image_library", "image_import", "image_review", "image_home_fragment"]
OF_AN_IMAGE = ["image_detail", "image_thumbnail", "image_preview", "image_pixels"]
OF_A_BATCH = ["image_batch", "image_batch_progress"]
ACTIONS = ["image_exclude", "image_batch_cancel", "image_batch_resume"]


@pytest.fixture
def address():
    batch = make_batch(state="running")
    image = make_radiograph(batch=batch)

    def of(name: str) -> str:
        if name in PAGES:
            return reverse(name)
        return reverse(name, args=[batch.pk if "batch" in name else image.pk])

    return of


@pytest.mark.parametrize("name", [*PAGES, *OF_AN_IMAGE, *OF_A_BATCH])
def test_a_manager_opens_it(client, manager, address, name):
    client.force_login(manager)
    assert client.get(address(name)).status_code == 200


@pytest.mark.parametrize("name", [*PAGES, *OF_AN_IMAGE, *OF_A_BATCH])
def test_a_reader_does_not(client, reader, address, name):
    client.force_login(reader)
    assert client.get(address(name)).status_code == 403


@pytest.mark.parametrize("name", [*PAGES, *OF_AN_IMAGE, *OF_A_BATCH])
def test_whoever_is_not_known_logs_in_first(client, address, name):
    response = client.get(address(name))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [*ACTIONS, "image_detail", "image_review", "image_import"])
def test_a_reader_cannot_act(client, reader, address, name):
    client.force_login(reader)
    assert client.post(address(name), {"reason": "blurred"}).status_code == 403


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_never_a_link(client, manager, address, name):
    client.force_login(manager)
    assert client.get(address(name)).status_code == 405


@pytest.mark.parametrize("name", OF_A_BATCH)
def test_the_batch_of_a_campaign_is_no_import(client, manager, name):
    client.force_login(manager)
    campaign = make_batch(kind="campaign")
    assert client.get(reverse(name, args=[campaign.pk])).status_code == 404
