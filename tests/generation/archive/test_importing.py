"""From a folder or zip with a manifest to a finished campaign."""

import hashlib
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from generation import figures, ledger, services
from generation.archive.queries import campaigns_of, noticed
from generation.archive.services import AlreadyImported, resume_archive
from generation.models import Campaign, GenerationJob, State
from radrate.audit.models import Event
from radrate.errors import Conflict, DomainError
from radrate.images.decoding import client
from radrate.images.importing import ImportInterrupted, cancel_import, resume_batch
from radrate.images.models import Batch, Radiograph
from radrate.images.services import set_embargo
from radrate.images.tables import ManifestError
from radrate.studies import services as studies
from tests.factories.dicom import write_dicom
from tests.factories.images import contents, make_image, make_radiograph
from tests.generation.archive.making import (
    campaign_of,
    image,
    ledger_of,
    made,
    rejected,
    run,
    told,
    zipped,
)
from tests.generation.campaigns import outputs_of

pytestmark = pytest.mark.django_db


def test_an_archive_becomes_a_finished_campaign_with_every_outcome(folder):
    made(folder, "1.png", "2.png", "3.png")
    told(
        folder,
        "filename,prompt,outcome,reason,categories,seed",
        "1.png,a knee,,,,7",
        ",a bleeding head,refused,content policy,violence; blood,",
        "2.png,a knee,,,,8",
        ",a bleeding head,unsupported,no,,",
        ",a hand,failed,timed out,,",
        "3.png,a hand,made,,,",
    )
    batch = run(zipped(folder))
    campaign = campaign_of(batch)
    assert ledger_of(campaign) == [
        ("a knee", "succeeded", "dalle2.zip/1.png"),
        ("a knee", "succeeded", "dalle2.zip/2.png"),
        ("a bleeding head", "refused", "refused"),
        ("a bleeding head", "unsupported", "unsupported"),
        ("a hand", "failed", "failed"),
        ("a hand", "succeeded", "dalle2.zip/3.png"),
    ]
    assert (campaign.backend, campaign.state, campaign.operation) == (
        "archive",
        "finished",
        "text_to_image",
    )
    assert (batch.kind, batch.state, batch.title) == ("campaign", "finished", "DALL-E 2")
    assert (batch.requested, batch.made, batch.refused, batch.unsupported, batch.failed) == (
        (6, 3, 1, 1, 1)
    )
    jobs = GenerationJob.objects.filter(campaign=campaign)
    assert list(jobs.values_list("position", "n", "state", "reason")) == [
        (0, 2, "succeeded", ""),
        (1, 2, "refused", "content policy"),
        (2, 2, "failed", "timed out"),
    ]
    outputs = outputs_of(campaign)
    assert [output.seed for output in outputs[:2]] == [7, 8]
    assert outputs[2].categories == ["violence", "blood"]
    assert Event.objects.filter(verb="finish", target_id=str(campaign.pk)).exists()
    assert ledger.totals(campaign)["used"] == 3


def test_an_image_is_synthetic_and_archived_as_it_came_with_full_provenance(folder):
    made(folder, "1.png")
    (folder / "1.png").write_bytes((folder / "1.png").read_bytes() + b"trailer of a generator")
    told(
        folder,
        "filename,prompt,model,seed,operation,region,view,side,age_group,finding,licence,"
        "attribution,parameters,negative_prompt,provider,created,revised_prompt,row,index,shelf",
        '1.png,a knee,dall-e-2,42,text_to_image,knee,lateral,left,Adult,normal,CC0,Me,"steps=30",'
        "colour,labs,2023-01-02,a left knee,3,1,B7",
    )
    archive = zipped(folder)
    batch = run(archive)
    stored = image("dalle2.zip/1.png")
    came = (folder / "1.png").read_bytes()
    assert contents(stored.original) == came
    assert (stored.origin, stored.state, stored.batch) == ("synthetic", "accepted", batch)
    assert stored.sha256 == hashlib.sha256(came).hexdigest()
    shown = stored.body_part_examined, stored.view_position, stored.image_laterality
    assert shown == ("KNEE", "LATERAL", "L")
    assert (stored.age_group, stored.finding) == ("adult", "normal")
    assert (stored.licence, stored.attribution) == ("CC0", "Me")
    provenance = stored.provenance
    about = provenance.pop("archive")
    line = about.pop("line_sha256")
    assert len(line) == 64
    assert about == {
        "name": "dalle2.zip",
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "file": "dalle2.zip/1.png",
        "manifest_sha256": hashlib.sha256((folder / "manifest.csv").read_bytes()).hexdigest(),
        "line": 2,
    }
    assert provenance == {
        "backend": "archive",
        "provider": "labs",
        "model": "dall-e-2",
        "operation": "text_to_image",
        "prompt": "a knee",
        "revised_prompt": "a left knee",
        "negative_prompt": "colour",
        "seed": 42,
        "params": {"steps": 30},
        "created": "2023-01-02",
        "row": "3",
        "index": "1",
        "source": "",
        "mask": "",
        "manifest": {"shelf": "B7"},
        "warnings": [],
    }


def test_a_colour_image_is_decoded_to_grey_and_kept_in_colour(folder):
    made(folder, "1.png")
    pixels = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(pixels).save(folder / "1.png")
    run(folder, prompt="a knee")
    stored = image("1.png")
    with stored.pixels.open("rb") as file:
        assert Image.open(file).mode == "L"
    with stored.original.open("rb") as file:
        assert Image.open(file).mode == "RGB"


def test_every_bad_file_has_one_line_and_the_rest_goes_on(folder):
    made(folder, "good.png", "twin.png", "extra.png", "refused.png", "deep/good.png")
    shutil.copy(folder / "good.png", folder / "twin.png")
    (folder / "page.png").write_text("<!doctype html>")
    short = (folder / "good.png").read_bytes()[:-40]
    (folder / "short.png").write_bytes(short)
    write_dicom(folder / "scan.dcm", pixels=np.full((96, 96), 9, np.uint16))
    told(
        folder,
        "filename,prompt,outcome",
        *(f"{name},a knee," for name in ("good.png", "twin.png", "page.png", "short.png")),
        "scan.dcm,a knee,",
        "gone.png,a knee,",
        "refused.png,a knee,refused",
    )
    with zipfile.ZipFile(archive := zipped(folder), "a") as opened:
        opened.writestr("../climbs.png", (folder / "good.png").read_bytes())
    batch = run(archive)
    assert rejected(batch) == {
        "dalle2.zip/deep/good.png": "line_taken",
        "dalle2.zip/extra.png": "not_in_manifest",
        "dalle2.zip/page.png": "other_format",
        "dalle2.zip/refused.png": "not_made",
        "dalle2.zip/scan.dcm": "dicom",
        "dalle2.zip/short.png": "truncated",
        "dalle2.zip/twin.png": "duplicate_here",
        "dalle2.zip/../climbs.png": "outside_archive",
        "gone.png": "no_file",
    }
    assert [code for _prompt, _state, code in ledger_of(campaign_of(batch))] == [
        "dalle2.zip/good.png",
        "duplicate_here",
        "other_format",
        "truncated",
        "dicom",
        "no_file",
        "refused",
    ]
    assert (batch.requested, batch.made, batch.failed, batch.refused) == (7, 1, 5, 1)


def test_only_the_bounded_child_decodes(folder, monkeypatch):
    made(folder, "1.png")
    asked = []
    decode = client.Decoder.decode

    def watched(self, path, *, name):
        asked.append((name, self.child_pid))
        return decode(self, path, name=name)

    def never(*args, **kwargs):
        raise AssertionError("decoded in this process")

    monkeypatch.setattr(client.Decoder, "decode", watched)
    monkeypatch.setattr(Image, "open", never)
    run(folder, prompt="a knee")
    assert [name for name, _pid in asked] == ["1.png"]


def test_a_default_prompt_takes_files_without_a_line_but_no_documents(folder):
    made(folder, "1.png", "2.png")
    (folder / "readme.txt").write_text("made on a Monday")
    (folder / "short.png").write_bytes((folder / "1.png").read_bytes()[:-40])
    told(folder, "filename,prompt", "2.png,a hand")
    batch = run(folder, prompt="a knee", model="gan-7", licence="CC0")
    assert ledger_of(campaign_of(batch)) == [
        ("a hand", "succeeded", "2.png"),
        ("a knee", "succeeded", "1.png"),
        ("a knee", "failed", "truncated"),
    ]
    assert rejected(batch) == {"readme.txt": "unknown_format", "short.png": "truncated"}
    assert {image(name).provenance["model"] for name in ("1.png", "2.png")} == {"gan-7"}
    assert image("1.png").licence == "CC0"


def test_a_file_nearest_to_the_top_is_that_of_the_line(folder):
    made(folder, "a/1.png", "1.png", "b/2.png")
    told(folder, "filename,prompt", "1.png,top", "2.png,deep")
    batch = run(folder)
    assert ledger_of(campaign_of(batch)) == [
        ("top", "succeeded", "1.png"),
        ("deep", "succeeded", "b/2.png"),
    ]
    assert rejected(batch) == {"a/1.png": "line_taken"}


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


def test_pixels_that_the_library_has_are_noticed_and_taken(folder):
    twin = make_image()
    twin.save(folder / "1.png")
    earlier = run(folder, prompt="a knee")
    twin.save(folder / "2.png", compress_level=0)
    (folder / "1.png").unlink()
    later = run(folder, prompt="a knee")
    assert not noticed(campaign_of(earlier)).exists()
    (found,) = noticed(campaign_of(later))
    assert found.provenance["warnings"] == ["the same pixels as 1.png of the library (synthetic)"]


def test_a_seed_that_is_no_number_is_kept_in_words(folder):
    told(made(folder, "1.png"), "filename,seed", "1.png,0xfe")
    campaign = campaign_of(run(folder))
    assert outputs_of(campaign)[0].seed is None
    stored = image("1.png")
    assert stored.provenance["seed"] == "0xfe"
    assert stored.provenance["warnings"] == ["the seed “0xfe” is not a whole number of 64 bits"]


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_is_imported_once_unless_it_is_asked_for(folder, packed):
    source = zipped(made(folder, "1.png")) if packed else made(folder, "1.png")
    run(source, prompt="a knee")
    with pytest.raises(AlreadyImported, match="as “DALL-E 2”"):
        run(source, prompt="a knee", title="Once more")
    run(source, prompt="a knee", title="Once more", again=True)
    assert sorted(Campaign.objects.values_list("title", flat=True)) == ["DALL-E 2", "Once more"]


def test_a_campaign_that_is_read_blind_is_not_named(folder, manager):
    batch = run(made(folder, "1.png"), prompt="a knee")
    set_embargo(user=manager, ids=[image("1.png").pk], held_by=batch.pk)
    with pytest.raises(AlreadyImported, match="as “…”"):
        run(folder, prompt="a knee", actor=manager)


def test_an_import_that_was_cancelled_has_no_campaign_and_goes_on_when_it_is_resumed(folder):
    made(folder, "1.png", "a/2.png", "2.png", "3.png")
    told(folder, "filename,prompt", "1.png,a knee", "2.png,a knee", "3.png,a knee")

    def cancel(_total, rejected):
        if rejected is not None:
            cancel_import(actor=None, batch=Batch.objects.get())

    batch = run(folder, progress=cancel)
    assert (batch.kind, batch.state) == ("import", "cancelled")
    assert not Campaign.objects.exists()
    batch = resume_archive(actor=None, batch=batch, source=folder)
    assert ledger_of(campaign_of(batch)) == [("a knee", "succeeded", f"{n}.png") for n in (1, 2, 3)]
    assert rejected(batch) == {"a/2.png": "line_taken"}


def test_an_import_that_broke_says_so_and_stores_no_half(folder, monkeypatch):
    made(folder, "1.png", "2.png")

    def full(*args, **kwargs):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("radrate.images.importer.store_file", full)
        with pytest.raises(ImportInterrupted, match="No space") as caught:
            run(folder, prompt="a knee")
    batch = caught.value.batch
    assert not Radiograph.objects.exists()
    assert resume_archive(actor=None, batch=batch, source=folder).made == 2


def test_what_is_resumed_must_be_the_same_archive_and_no_import_of_films(folder):
    made(folder, "1.png")

    def cancel(_total, _rejected):
        cancel_import(actor=None, batch=Batch.objects.get())

    batch = run(made(folder, "2.png"), prompt="a knee", progress=cancel)
    with pytest.raises(Conflict):
        resume_batch(actor=None, batch=batch, source=folder)
    made(folder, "3.png")
    with pytest.raises(DomainError, match="not the archive"):
        resume_archive(actor=None, batch=batch, source=folder)


def test_what_failed_elsewhere_is_not_tried_again_here(folder):
    told(made(folder, "1.png"), "filename,prompt", "1.png,a knee", "2.png,a knee")
    campaign = campaign_of(run(folder))
    with pytest.raises(Conflict, match="made elsewhere"):
        services.retry_failed(actor=None, campaign=campaign)
    assert outputs_of(campaign)[1].state == State.FAILED


def test_an_archive_without_manifest_or_prompt_or_file_is_refused_before_anything(folder):
    made(folder, "1.png")
    with pytest.raises(ManifestError, match="no manifest"):
        run(folder)
    with pytest.raises(DomainError, match="no file or folder"):
        run(folder / "gone", prompt="a knee")
    assert not Batch.objects.exists()


def test_files_that_are_no_images_make_no_campaign(folder):
    (folder / "readme.txt").write_text("nothing")
    batch = run(folder, prompt="a knee")
    assert (batch.kind, batch.state) == ("import", "finished")
    assert not Campaign.objects.exists()


def test_a_study_pairs_its_images_as_those_of_any_campaign(folder, manager):
    make_radiograph(body_part_examined="KNEE", view_position="AP")
    make_radiograph(body_part_examined="HAND", view_position="PA")
    made(folder, "1.png", "2.png")
    told(folder, "filename,prompt,region,view", "1.png,a knee,knee,AP", "2.png,a hand,hand,PA")
    batch = run(folder)
    study = studies.create_study(
        actor=manager, name="S", task="which_real", batches=[batch], seed=1
    )
    pairs = study.cases.values_list("candidate__source_name", "reference__body_part_examined")
    assert set(pairs) == {("1.png", "KNEE"), ("2.png", "HAND")}


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
