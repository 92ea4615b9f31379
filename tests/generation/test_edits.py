"""Edits from the library to the stored image: sources, masks, margins, guides and credits."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from generation import runner
from generation.backends.base import Anatomy
from generation.masking import make_mask, upload_mask
from generation.models import Candidate, Mask, State
from generation.planning import Plan, lay_out
from generation.prompts import Prompt
from generation.sources import guides_for
from generation.targets import parse_targets
from radrate.errors import DomainError
from radrate.images.models import Origin
from radrate.images.services import set_embargo
from tests.factories.images import SIDE, make_radiograph
from tests.generation.backends.editors import CAN, Painter
from tests.generation.campaigns import job_of, outputs_of, plan, run_all, running, states_of

pytestmark = pytest.mark.django_db
REGION = {"operation": "inpaint", "n": 2}


@pytest.fixture(autouse=True)
def painter(settings):
    settings.IMAGE_BACKENDS["painter"] = {
        "BACKEND": "tests.generation.backends.editors.Painter",
        "OPTIONS": {},
    }
    settings.IMAGE_BACKENDS["led"] = {"BACKEND": f"{__name__}.Led", "OPTIONS": {}}


class Led(Painter):
    """Takes every guide it is lent."""

    def inpaint(self, request, context):
        result = super().inpaint(request, context)
        named = tuple(guide.id for guide in context.guides(request.anatomy, 4))
        return replace(result, images=tuple(replace(i, guides=named) for i in result.images))


def edits(text, *, backend="painter", operation="inpaint", n=1, side=64, **attrs):
    values = {"operation": operation, "backend": backend, "width": side, "height": side}
    return running("An X-ray of the {region}", n=n, targets=parse_targets(text), **values | attrs)


def pixels(radiograph):
    return pixels_of(radiograph.pixels)


def pixels_of(stored):
    with stored.open("rb") as file:
        return np.asarray(Image.open(io.BytesIO(file.read())))


def test_inpainting_keeps_the_source_and_tells_what_it_came_from():
    source = make_radiograph(
        body_part_examined="TSPINE",
        licence="CC0 1.0",
        attribution="Somebody",
        image_laterality="",
        finding="fracture",
    )
    campaign = run_all(edits("TSPINE AP | region=middle vertebrae", n=2))
    for output in outputs_of(campaign):
        made = output.radiograph
        assert made.source == source
        assert made.origin == Origin.SYNTHETIC
        assert (made.licence, made.attribution) == ("CC0 1.0", "Somebody")
        assert (made.body_part_examined, made.view_position, made.finding) == ("TSPINE", "AP", "")
        mask = Mask.objects.get()
        with mask.file.open("rb") as file:
            erased = np.asarray(Image.open(io.BytesIO(file.read()))) > 127
        assert np.array_equal(pixels(made)[~erased], pixels(source)[~erased])
        assert made.provenance["mask"]["sha256"] == mask.sha256
        assert made.provenance["prompt"] == "An X-ray of the thoracic spine"
        assert made.provenance["source"]["id"] == str(source.pk)
        assert made.provenance["metadata"]["mask_respected"] is False
        assert np.array_equal(pixels_of(made.edited_region) > 127, erased)
    assert states_of(campaign) == ["succeeded"] * 2


def test_outpainting_stores_how_far_each_pixel_is_from_the_source_and_every_candidate():
    source = make_radiograph()
    campaign = run_all(
        edits(
            "KNEE AP | right=0.5, bottom=0.25",
            operation="outpaint",
            parameters={"candidates": 2},
        )
    )
    (output,) = outputs_of(campaign)
    made = output.radiograph
    assert (made.columns, made.rows) == (96, 80)
    assert np.array_equal(pixels(made)[:SIDE, :SIDE], pixels(source))
    with output.distance.open("rb") as file:
        distance = np.asarray(Image.open(io.BytesIO(file.read())))
    assert distance.dtype == np.uint16
    assert not distance[:SIDE, :SIDE].any()
    assert distance[10, 95] == 32
    assert made.provenance["source_box"] == [0, 0, 64, 64]
    assert np.array_equal(pixels_of(made.edited_region) > 127, distance > 0)
    rows = Candidate.objects.filter(output=output)
    assert rows.count() == job_of(campaign).asked
    assert rows.filter(chosen=True).count() * 2 == rows.count()


def test_each_prompt_meets_each_source_once_and_what_is_missing_is_said():
    make_radiograph()
    make_radiograph()
    campaign = plan(
        "An X-ray of the {region}",
        "{region}, lateral",
        operation="inpaint",
        backend="painter",
        targets=parse_targets("KNEE AP | region=centre, count=3\nHAND PA | region=carpus"),
        width=64,
        height=64,
    )
    assert campaign.jobs.count() == 4
    assert [row["reason"] for row in campaign.left_out] == [
        "The library holds 2 of 3 such radiographs.",
        "The library holds 0 of 1 such radiographs.",
    ]
    assert campaign.batch.requested == 4


def test_real_comes_before_phantom_normal_before_the_rest_and_the_unseen_never():
    phantom = make_radiograph(origin=Origin.SIMULATED)
    broken = make_radiograph(finding="fracture")
    normal = make_radiograph(finding="Normal")
    make_radiograph(state="pending_review")
    make_radiograph(state="excluded")
    make_radiograph(origin=Origin.SYNTHETIC)
    campaign = plan(
        "knee",
        operation="inpaint",
        backend="painter",
        targets=parse_targets("KNEE | region=centre, count=9"),
    )
    jobs = campaign.jobs.order_by("position")
    assert [job.source for job in jobs] == [normal, broken, phantom]


def test_a_manager_does_not_edit_what_the_same_person_reads_blind(manager):
    hidden = make_radiograph()
    set_embargo(user=manager, ids=[hidden.pk], held_by=hidden.pk)
    with pytest.raises(DomainError, match="no radiograph that fits"):
        plan(
            "knee",
            actor=manager,
            operation="inpaint",
            backend="painter",
            targets=parse_targets("KNEE | region=centre"),
        )


def test_guides_are_others_of_the_region_never_the_source_or_its_person(settings):
    source = make_radiograph(subject_key="p1", licence="CC0")
    make_radiograph(subject_key="p1")
    make_radiograph(body_part_examined="HAND")
    guide = make_radiograph(licence="CC BY 4.0", attribution="A clinic", finding="normal")
    campaign = run_all(edits(f"image {source.pk} | region=centre", backend="led"))
    (output,) = outputs_of(campaign)
    assert list(output.radiograph.guides.all()) == [guide]
    assert output.radiograph.licence == "CC0; CC BY 4.0"
    assert output.radiograph.provenance["guides"] == [str(guide.pk)]


def test_guides_without_a_finding_come_first():
    broken = make_radiograph(finding="fracture")
    normal = make_radiograph(finding="normal")
    found = guides_for(None, Anatomy(body_part_examined="KNEE"), 9)
    assert [guide.id for guide in found] == [str(normal.pk), str(broken.pk)]


def test_an_edit_that_the_backend_does_not_offer_is_planned_and_ends_as_unsupported():
    make_radiograph()
    plan_ = Plan(
        backend="scripted",
        prompts=[Prompt("knee")],
        n=1,
        size=(32, 32),
        operation="inpaint",
        targets=parse_targets("KNEE | region=centre"),
    )
    assert "unsupported" in lay_out(plan_, actor=None).unsupported
    campaign = run_all(edits("KNEE | region=centre", backend="scripted"))
    assert states_of(campaign) == ["unsupported"]


def test_the_same_mask_on_the_same_source_is_one(manager):
    source, other = make_radiograph(), make_radiograph()
    recipe = {"shapes": [{"type": "rectangle", "box": [0.1, 0.1, 0.5, 0.5]}]}
    first = make_mask(actor=manager, source=source, recipe=recipe)
    assert make_mask(actor=manager, source=source, recipe=recipe) == first
    assert make_mask(actor=manager, source=other, recipe=recipe) != first
    assert first.area == pytest.approx(0.16, abs=0.02)


def _png(size, box):
    mask = Image.new("L", size)
    mask.paste(255, box)
    stream = io.BytesIO()
    mask.save(stream, "PNG")
    return stream.getvalue()


def test_an_uploaded_mask_is_brought_to_the_working_copy(manager):
    source = make_radiograph()
    mask = upload_mask(actor=manager, source=source, data=_png((256, 256), (0, 0, 128, 256)))
    assert mask.area == pytest.approx(0.5)
    for data, words in {
        b"GIF89a": "not a PNG",
        _png((256, 128), (0, 0, 9, 9)): "not the shape",
        _png((64, 64), (0, 0, 64, 64)): "a part of the image",
    }.items():
        with pytest.raises(DomainError, match=words):
            upload_mask(actor=manager, source=source, data=data)


def test_a_mask_of_another_source_cannot_be_used():
    source, other = make_radiograph(), make_radiograph()
    mask = make_mask(actor=None, source=other, recipe={"region": "centre"})
    with pytest.raises(DomainError, match="no such mask"):
        edits(f"image {source.pk} | mask={mask.pk}")


@pytest.mark.parametrize(
    ("text", "operation", "words"),
    [
        ("KNEE | right=0.5", "inpaint", "inpainting needs a mask"),
        ("KNEE | region=centre", "outpaint", "outpainting needs margins"),
        ("KNEE | region=tail", "inpaint", "the regions are: knee joint, centre"),
        ("KNEE | region=centre", "text_to_image", "text to image takes none"),
        ("HAND | region=centre", "inpaint", "no radiograph that fits"),
        ("KNEE | region=centre\nKNEE | region=centre", "inpaint", "twice"),
    ],
)
def test_what_cannot_be_planned_is_said_in_words(text, operation, words):
    make_radiograph()
    with pytest.raises(DomainError, match=words):
        edits(text, operation=operation)


def test_a_source_is_edited_at_the_side_asked_for():
    make_radiograph()
    campaign = edits("KNEE | right=0.5, side=64\nKNEE | left=0.5", operation="outpaint", side=32)
    sizes = campaign.jobs.order_by("position").values_list("width", "height")
    assert list(sizes) == [(96, 64), (48, 32)]
    run_all(campaign)
    assert states_of(campaign) == ["succeeded"] * 2


def test_a_request_is_asked_of_the_backend_in_sizes_that_it_takes():
    make_radiograph()
    campaign = edits("KNEE | region=centre", side=50)
    job = job_of(campaign)
    assert (job.width, job.height) == (50, 50)
    runner.run(job.pk)
    assert job_of(campaign).state == State.SUCCEEDED
    assert CAN.size_multiple == 8
