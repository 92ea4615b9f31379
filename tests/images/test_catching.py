"""Mutated references: made once, of what their sources are, seen nowhere but in their study."""

import uuid

import numpy as np
import pytest
from django.urls import reverse
from PIL import Image

from radrate.images import queries, services
from radrate.images.catching import KEPT, catch_batch, make_catch_images
from radrate.images.models import Batch, Origin, Radiograph
from radrate.images.regions import region_of
from tests.factories.images import contents, make_film, make_radiograph

pytestmark = pytest.mark.django_db


def make(source, *mutations, seed=3, **options):
    batch = catch_batch(actor=None, held_by=uuid.UUID(int=1), title="Catch trials of Reading 1")
    wanted = [(source, mutation) for mutation in mutations]
    return make_catch_images(batch=batch, wanted=wanted, seed=seed, **options)


def pixels(radiograph):
    with radiograph.pixels.open("rb") as file:
        return np.asarray(Image.open(file))


@pytest.mark.parametrize("deep", [False, True])
def test_a_mutated_reference_tells_what_it_was_made_of_and_how(deep):
    source = make_film(
        deep=deep,
        licence="CC0 1.0",
        attribution="Somebody",
        image_laterality="L",
        finding="normal",
        pixel_spacing=[0.2, 0.2],
    )
    (made,) = make(source, "bone_removed")
    assert (made.source, made.origin, made.state) == (source, Origin.SYNTHETIC, "accepted")
    assert {name: getattr(made, name) for name in KEPT} == {
        name: getattr(source, name) for name in KEPT
    }
    assert made.provenance["mutation"] == "bone_removed"
    assert made.provenance["seed"] == 3
    assert pixels(made).dtype == pixels(source).dtype
    assert (made.rows, made.columns) == (240, 200)
    region = np.asarray(region_of(made)) > 127
    top = 65535 if deep else 255
    darker = (pixels(source).astype(float) - pixels(made))[region] / top
    assert darker.mean() > 0.06


def test_a_second_call_makes_nothing_again_and_goes_on():
    source = make_film()
    first = make(source, "blurred")
    calls = []
    second = make(source, "blurred", "bone_removed", proceed=lambda: calls.append(1))
    assert second[0] == first[0]
    assert len(calls) == 2
    batch = Batch.objects.get(kind=Batch.Kind.CATCH)
    assert (batch.requested, batch.made, batch.failed) == (2, 2, 0)


def test_what_stops_it_leaves_what_was_made():
    source = make_film()
    calls = []

    def stop():
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(source, "blurred", "bone_removed", proceed=stop)
    assert [image.provenance["mutation"] for image in Radiograph.objects.filter(source=source)] == [
        "blurred"
    ]
    assert None not in make(source, "blurred", "bone_removed")


def test_a_film_that_does_not_suit_is_told_once():
    flat = make_radiograph()
    assert make(flat, "bone_removed") == make(flat, "bone_removed") == [None]
    batch = Batch.objects.get(kind=Batch.Kind.CATCH)
    assert (batch.requested, batch.made, batch.failed) == (1, 0, 1)
    assert [(one.code, str(flat.pk) in one.name) for one in batch.rejections.all()] == [
        ("unsuited", True)
    ]


def test_no_list_count_or_pool_has_a_catch_trial(manager, client):
    source = make_film(body_part_examined="KNEE")
    (made,) = make(source, "blurred")
    Radiograph.objects.filter(pk=made.pk).update(body_part_examined="HAND")
    assert list(queries.library(manager, {})) == [source]
    assert queries.library_counts(manager)["accepted"] == 1
    assert queries.occurring(manager)["body_part_examined"] == ["KNEE"]
    for origin in Origin:
        assert made not in queries.pool(origin)
    assert made.batch not in queries.imports()
    assert made.batch not in queries.watched()
    assert not queries.campaign_batches(manager).exists()
    client.force_login(manager)
    page = client.get(reverse("image_library")).content.decode()
    assert str(source.pk) in page
    assert str(made.pk) not in page


def test_an_excluded_source_takes_its_catch_trials_with_it(manager):
    source, other = make_film(), make_film()
    (made,), (stays,) = make(source, "blurred"), make(other, "blurred")
    edit = make_radiograph(origin=Origin.SYNTHETIC, source=source)
    assert services.exclude(actor=manager, ids=[source.pk], reason="a name in the corner") == 2
    states = {one.pk: one.state for one in Radiograph.objects.all()}
    assert states == {
        source.pk: "excluded",
        made.pk: "excluded",
        other.pk: "accepted",
        stays.pk: "accepted",
        edit.pk: "accepted",
    }


def test_the_thumbnail_is_a_small_png():
    (made,) = make(make_film(), "blurred")
    assert contents(made.thumbnail)[:4] == b"\x89PNG"
