"""What an archive becomes: campaigns, rows, sources, and the studies that use them."""

import pytest

from generation import figures
from generation.archive.queries import campaigns_of
from radrate.images.services import set_embargo
from radrate.studies import services as studies
from tests.factories.images import make_radiograph
from tests.generation.archive.making import (
    campaign_of,
    image,
    made,
    rejected,
    run,
    told,
)

pytestmark = pytest.mark.django_db


def test_a_source_of_the_library_is_linked_and_credited(folder):
    named = make_radiograph(
        source_name="films.zip/knee.png",
        image_laterality="L",
        licence="CC BY 4.0",
        attribution="Films",
    )
    by_id = make_radiograph(body_part_examined="HAND")
    made(folder, "1.png", "2.png", "3.png", "mine.png")
    told(
        folder,
        "filename,prompt,operation,source,licence",
        "1.png,a knee,inpaint,knee.png,CC0",
        f"2.png,a hand,inpainting,{by_id.pk},",
        "3.png,a hand,inpaint,mine.png,",
    )
    batch = run(folder)
    first, second, third = (image(f"{n}.png") for n in (1, 2, 3))
    assert (first.source, second.source, third.source) == (named, by_id, None)
    assert (first.body_part_examined, first.image_laterality) == ("KNEE", "L")
    assert (first.licence, first.attribution) == ("CC0; CC BY 4.0", "Films")
    assert first.provenance["source"] == {"id": str(named.pk), "sha256": named.sha256}
    assert third.provenance["source"] == "mine.png"
    assert third.provenance["warnings"] == ["the source “mine.png” is no radiograph of the library"]
    assert rejected(batch) == {"mine.png": "named_only"}
    campaign = campaign_of(batch)
    assert campaign.operation == "inpaint"
    jobs = campaign.jobs.order_by("position").values_list("source", "params")
    assert list(jobs) == [
        (named.pk, {}),
        (by_id.pk, {}),
        (None, {"source": "mine.png"}),
    ]
    assert figures.sheet_png(campaign, 1).startswith(b"\x89PNG")


def test_an_edit_of_an_unknown_radiograph_waits_for_review_unless_somebody_looked(folder):
    header = "filename,prompt,operation,source"
    told(made(folder, "1.png"), header, "1.png,a knee,outpaint,theirs.png")
    run(folder)
    assert image("1.png").state == "pending_review"
    told(made(folder, "1.png"), header, "1.png,a knee,outpaint,theirs.png")
    batch = run(folder, reviewed=True)
    assert batch.radiographs.get().state == "accepted"


def test_two_radiographs_of_one_name_are_no_source_but_a_note(folder):
    make_radiograph(source_name="a/k.png")
    make_radiograph(source_name="b/k.png")
    told(made(folder, "1.png"), "filename,operation,source", "1.png,outpaint,k.png")
    run(folder)
    assert "several radiographs" in image("1.png").provenance["warnings"][0]


def test_a_radiograph_that_the_importer_reads_blind_is_no_source(folder, manager):
    source = make_radiograph(source_name="k.png")
    set_embargo(user=manager, ids=[source.pk], held_by=source.pk)
    told(made(folder, "1.png"), "filename,operation,source", "1.png,outpaint,k.png")
    run(folder, actor=manager)
    assert image("1.png").source is None


def test_each_operation_becomes_a_campaign_of_its_own(folder, manager):
    made(folder, "1.png", "2.png", "3.png")
    told(
        folder,
        "filename,prompt,operation",
        "1.png,a knee,text_to_image",
        "2.png,a knee,outpaint",
        "3.png,a hand,text_to_image",
    )
    batch = run(folder, actor=manager)
    campaigns = list(campaigns_of(batch))
    assert [(c.title, c.operation, c.batch.made) for c in campaigns] == [
        ("DALL-E 2 (text to image)", "text_to_image", 2),
        ("DALL-E 2 (outpainting)", "outpaint", 1),
    ]
    assert [c.created_by for c in campaigns] == [manager, manager]
    assert [sorted(i.source_name for i in c.batch.radiographs.all()) for c in campaigns] == [
        ["1.png", "3.png"],
        ["2.png"],
    ]


def test_rows_are_told_apart_by_mask_and_parameters_and_by_model_where_there_are_several(folder):
    made(folder, *(f"{n}.png" for n in range(5)))
    told(
        folder,
        "filename,prompt,mask,parameters,model",
        "0.png,a knee,,steps=1,a",
        "1.png,a knee,left,steps=1,a",
        "2.png,a knee,,steps=2,a",
        "3.png,a knee,,steps=1,b",
        "4.png,a knee,,steps=1,a",
    )
    campaign = campaign_of(run(folder))
    assert [(job.params, job.n) for job in campaign.jobs.order_by("position")] == [
        ({"steps": 1, "model": "a"}, 2),
        ({"steps": 1, "mask": "left", "model": "a"}, 1),
        ({"steps": 2, "model": "a"}, 1),
        ({"steps": 1, "model": "b"}, 1),
    ]
    assert campaign.parameters["models"] == ["a", "b"]


def test_a_study_pairs_its_images_as_those_of_any_campaign(folder, manager):
    make_radiograph(body_part_examined="KNEE", view_position="AP")
    make_radiograph(body_part_examined="HAND", view_position="PA")
    made(folder, "1.png", "2.png")
    told(folder, "filename,prompt,region,view", "1.png,a knee,knee,AP", "2.png,a hand,hand,PA")
    batch = run(folder)
    study = studies.create_study(
        actor=manager, name="S", task="which_real", batches=[batch], seed=1
    )
    shown = study.cases.values_list("images__is_reference", "images__radiograph__source_name")
    assert {name for is_reference, name in shown if not is_reference} == {"1.png", "2.png"}
    parts = study.cases.filter(images__is_reference=True).values_list(
        "body_part_examined", flat=True
    )
    assert set(parts) == {"KNEE", "HAND"}


def test_a_row_of_many_images_is_shown_in_parts(folder):
    lines = [f"{n}.png,a knee,refused" for n in range(101)]
    told(folder, "filename,prompt,outcome", *lines)
    campaign = campaign_of(run(folder))
    jobs = campaign.jobs.order_by("position").values_list("n", "params")
    assert list(jobs) == [(100, {}), (1, {"part": 2})]


def test_a_shown_pair_of_source_and_result_needs_no_mask(folder):
    make_radiograph(source_name="k.png")
    told(made(folder, "1.png"), "filename,operation,source", "1.png,outpaint,k.png")
    campaign = campaign_of(run(folder))
    assert figures.all_sheets_pdf(campaign).startswith(b"%PDF")
