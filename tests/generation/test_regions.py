"""Where an output was changed: known of edits and of phantoms with a defect, of nothing else."""

import base64
import io

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from generation.regions import defect_of
from generation.targets import parse_targets
from radrate.images.models import Radiograph
from radrate.images.regions import region_of
from tests.factories.images import make_radiograph
from tests.generation.campaigns import outputs_of, run_all, running


@pytest.fixture(autouse=True)
def backends(settings):
    settings.IMAGE_BACKENDS["phantom"] = {
        "BACKEND": "generation.backends.phantom.PhantomBackend",
        "OPTIONS": {},
    }
    settings.IMAGE_BACKENDS["painter"] = {
        "BACKEND": "tests.generation.backends.editors.Painter",
        "OPTIONS": {},
    }


def phantoms(*prompts):
    return outputs_of(run_all(running(*prompts, backend="phantom", width=256, height=256)))


def edit():
    source = make_radiograph()
    targets = parse_targets(f"image {source.pk} | region=centre")
    campaign = running(operation="inpaint", backend="painter", targets=targets, width=64, height=64)
    (output,) = outputs_of(run_all(campaign))
    return output


@pytest.mark.django_db
def test_the_place_of_a_phantom_s_defect_is_kept_with_it():
    (output,) = phantoms(("PA radiograph of the chest", {"defect": "foreign_body_coin"}))
    region = np.asarray(region_of(output.radiograph)) > 127
    left, top, right, bottom = output.radiograph.provenance["metadata"]["defect_box"]
    assert region.shape == (256, 256)
    rows, columns = np.flatnonzero(region.any(1)), np.flatnonzero(region.any(0))
    assert (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) == (left, top, right, bottom)
    assert output.radiograph.edited_share == region.mean()


@pytest.mark.django_db
def test_an_intact_phantom_has_no_region():
    (output,) = phantoms("PA radiograph of the chest")
    assert output.radiograph.edited_region.name == ""
    assert output.radiograph.edited_share is None
    assert region_of(output.radiograph) is None


@pytest.mark.django_db
def test_what_was_stored_before_is_filled_once_and_for_all():
    coin, intact = phantoms(
        ("PA radiograph of the chest", {"defect": "foreign_body_coin"}),
        "PA radiograph of the hand",
    )
    outputs = [edit(), coin, intact]
    before = regions(outputs)
    assert [bool(name) for name, _share in before] == [True, True, False]
    Radiograph.objects.update(edited_region="", edited_share=None)
    for told in ("2", "0"):
        stream = io.StringIO()
        call_command("fill_regions", stdout=stream)
        assert stream.getvalue().split()[-1] == told
    assert regions(outputs) == before


def regions(outputs):
    rows = [Radiograph.objects.get(pk=output.radiograph_id) for output in outputs]
    return [(row.edited_region.name, row.edited_share) for row in rows]


def png(image: Image.Image) -> str:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def test_a_mask_of_the_right_size_is_read():
    mask = Image.new("1", (30, 20))
    mask.putpixel((3, 4), 1)
    found = defect_of({"defect_mask": png(mask)}, (30, 20))
    assert np.argwhere(found).tolist() == [[4, 3]]


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        "no base64",
        "AAAA",
        7,
        png(Image.new("1", (31, 20))),
        png(Image.new("1", (9, 9)))[:40],
    ],
)
def test_what_cannot_be_read_is_no_region(told):
    assert defect_of({"defect_mask": told}, (30, 20)) is None
