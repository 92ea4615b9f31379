"""From the files of a folder or zip to images with their provenance."""

import hashlib
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from generation import ledger
from generation.archive.queries import noticed
from generation.models import Campaign, GenerationJob
from radrate.audit.models import Event
from radrate.images.decoding import client
from tests.factories.dicom import write_dicom
from tests.factories.images import contents, make_image
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


def test_pixels_that_the_library_has_are_noticed_and_taken(folder):
    twin = make_image()
    twin.save(folder / "1.png")
    earlier = run(folder, prompt="a knee")
    twin.save(folder / "2.png", compress_level=0)
    (folder / "1.png").unlink()
    later = run(folder, prompt="a knee")
    assert not noticed(campaign_of(earlier)).exists()
    (found,) = noticed(campaign_of(later))
    assert found.provenance["warnings"] == ["the library has the same pixels already"]


def test_a_seed_that_is_no_number_is_kept_in_words(folder):
    told(made(folder, "1.png"), "filename,seed", "1.png,0xfe")
    campaign = campaign_of(run(folder))
    assert outputs_of(campaign)[0].seed is None
    stored = image("1.png")
    assert stored.provenance["seed"] == "0xfe"
    assert stored.provenance["warnings"] == ["the seed “0xfe” is not a whole number of 64 bits"]


def test_files_that_are_no_images_make_no_campaign(folder):
    (folder / "readme.txt").write_text("nothing")
    batch = run(folder, prompt="a knee")
    assert (batch.kind, batch.state) == ("import", "finished")
    assert not Campaign.objects.exists()
