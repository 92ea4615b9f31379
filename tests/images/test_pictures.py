"""The pictures that managers are sent, and the memory of who was sent them."""

import io
from uuid import uuid4

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from radrate.images.models import Exposure
from radrate.images.pictures import PREVIEW_SIDE
from radrate.images.rasters import for_browser
from radrate.images.services import lift_embargo, set_embargo
from tests.factories.images import contents, make_image, make_radiograph

pytestmark = pytest.mark.django_db
PICTURES = ["image_thumbnail", "image_preview", "image_pixels"]


@pytest.fixture
def image():
    return make_radiograph()


@pytest.fixture
def get(client, manager):
    client.force_login(manager)
    return lambda name, image: client.get(reverse(name, args=[image.pk]))


def png(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_kept_by_the_browser_of_its_viewer_only(get, image, name):
    headers = get(name, image).headers
    assert set(headers["Cache-Control"].split(", ")) == {"private", "max-age=3600"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == ("image/webp" if name == "image_thumbnail" else "image/png")
    assert "Content-Disposition" not in headers


@pytest.mark.parametrize("name", PICTURES)
def test_whoever_is_sent_a_picture_has_seen_it(get, image, manager, name):
    for _time in range(2):
        assert get(name, image).status_code == 200
    assert list(Exposure.objects.values_list("user", "radiograph")) == [(manager.pk, image.pk)]


@pytest.mark.parametrize("name", [*PICTURES, "image_detail"])
def test_an_image_that_is_read_blind_is_not_there(get, image, manager, name):
    study = uuid4()
    set_embargo(user=manager, ids=[image.pk], held_by=study)
    assert get(name, image).status_code == 404
    assert not Exposure.objects.exists()
    lift_embargo(held_by=study)
    assert get(name, image).status_code == 200


def test_an_imported_thumbnail_says_that_it_is_a_png(get, image):
    data = png(np.zeros((32, 32), np.uint8))
    name = default_storage.save(f"thumbnails/{uuid4()}.png", ContentFile(data))
    thumbnail = make_radiograph(thumbnail=name)
    response = get("image_thumbnail", thumbnail)
    assert (response.headers["Content-Type"], response.content) == ("image/png", data)


def test_all_pixels_are_sent_as_they_are_archived(get, image):
    assert get("image_pixels", image).content == contents(image.pixels)


def test_sixteen_bits_become_eight():
    archived = png(np.array([[0, 257 * 100, 257 * 101 - 1, 65535]], np.uint16))
    shown = Image.open(io.BytesIO(for_browser(archived)))
    assert shown.mode == "L"
    assert np.asarray(shown).tolist() == [[0, 100, 100, 255]]


def test_a_preview_fits_into_its_square_and_is_never_enlarged():
    large = for_browser(png(np.asarray(make_image(side=2000))), side=PREVIEW_SIDE)
    small = for_browser(png(np.asarray(make_image(side=100))), side=PREVIEW_SIDE)
    assert Image.open(io.BytesIO(large)).size == (PREVIEW_SIDE, PREVIEW_SIDE)
    assert Image.open(io.BytesIO(small)).size == (100, 100)
