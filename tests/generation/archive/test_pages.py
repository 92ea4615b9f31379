"""The page on which managers import an archive, what a worker makes of it, and its report."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from generation.archive.queries import campaigns_of
from generation.checks import check_backends
from generation.models import Campaign
from radrate.images import tasks
from radrate.images.importing import cancel_import
from radrate.images.incoming import import_uploads
from radrate.images.models import Batch, BatchExposure, Incoming
from radrate.images.queries import imports_with_uploads
from radrate.images.services import set_embargo
from tests.factories.images import make_batch, make_image
from tests.generation.archive.making import ledger_of, rejected
from tests.generation.campaigns import finished
from tests.generation.conftest import SCRIPTED
from tests.generation.pages import text, url

pytestmark = pytest.mark.django_db

MANIFEST = "filename,prompt,outcome,reason\n1.png,a knee,,\n2.png,a knee,,\n,a head,refused,no\n"


def png() -> bytes:
    stream = io.BytesIO()
    make_image().save(stream, "PNG")
    return stream.getvalue()


def file(name: str, data: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())


def archive(manifest: str = MANIFEST, names=("1.png", "2.png")) -> SimpleUploadedFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name in names:
            opened.writestr(name, png())
        if manifest:
            opened.writestr("deep/manifest.csv", manifest)
    return file("dalle2.zip", stream.getvalue())


def send(page, *files: SimpleUploadedFile, **data):
    data = {"title": "DALL-E 2", "files": files or (archive(),)} | data
    return page.post(url("archive_import"), data)


def imported(batch: Batch) -> list[Campaign]:
    import_uploads(batch_id=batch.pk)
    batch.refresh_from_db()
    return list(campaigns_of(batch))


def errors(response) -> dict:
    assert response.status_code == 422
    assert not Batch.objects.exists()
    return response.context["form"].errors


def test_a_zip_is_uploaded_imported_by_a_worker_and_shown_as_a_campaign(page, manager):
    response = send(page, archive(names=("1.png", "extra.png")))
    batch = Batch.objects.get()
    address = url("image_batch", batch.pk)
    assert response.url == address
    assert (batch.kind, batch.created_by) == ("import", manager)
    progress = url("image_batch_progress", batch.pk)
    assert f'hx-get="{progress}"' in page.get(address).text
    (campaign,) = imported(batch)
    assert "HX-Refresh" in page.get(progress).headers
    led = page.get(address, follow=True)
    assert led.redirect_chain[-1][0] == url("campaign_detail", campaign.pk)
    told = text(led)
    assert "archive · text to image" in told
    assert "dalle2.zip" in told
    assert "seed" not in told
    assert "Retry what failed" not in told
    assert "1 of 3" in told
    report = text(page.get(url("archive_report", campaign.pk)))
    assert "dalle2.zip/extra.png not in the manifest" in report
    assert "2.png the archive has no such file" in report
    assert "manifest.csv, 3 images" in report
    assert "2 files were not stored" in report


def test_files_are_uploaded_with_a_manifest_beside_or_among_them(page):
    send(page, file("1.png", png()), file("2.png", png()), manifest=file("m.csv", MANIFEST))
    send(page, file("1.png", png()), file("2.png", png()), file("manifest.csv", MANIFEST))
    for batch in Batch.objects.all():
        (campaign,) = imported(batch)
        assert ledger_of(campaign) == [
            ("a knee", "succeeded", "1.png"),
            ("a knee", "succeeded", "2.png"),
            ("a head", "refused", "refused"),
        ]
        assert rejected(batch) == {}
    assert not Incoming.objects.exists()


def test_a_prompt_model_and_licence_stand_in_for_the_manifest(page):
    send(page, archive(manifest=""), prompt="a knee", model="gan", licence="CC0", reviewed="on")
    batch = Batch.objects.get()
    (campaign,) = imported(batch)
    assert batch.reviewed
    images = batch.radiographs.all()
    assert {(i.provenance["prompt"], i.provenance["model"], i.licence) for i in images} == {
        ("a knee", "gan", "CC0")
    }
    assert campaign.parameters["models"] == ["gan"]


def test_what_is_wrong_stands_beside_its_field(page):
    assert list(errors(send(page, archive(manifest="")))) == ["manifest"]
    assert "Line 2" in str(errors(send(page, archive("filename,outcome\n1.png,perhaps"))))
    assert list(errors(send(page, archive(), archive()))) == ["manifest"]
    assert list(errors(send(page, title=""))) == ["title"]
    assert "at least one file" in str(errors(send(page, file("manifest.csv", MANIFEST))))
    large = file("m.csv", b"filename\n" + b"a" * (16 << 20))
    assert "larger than 16 MB" in str(errors(send(page, manifest=large)))


def test_an_archive_that_is_there_or_on_its_way_is_told_and_taken_only_if_asked(page):
    same = archive()
    for _time in range(2):
        same.seek(0)
        response = send(page, same)
    assert Batch.objects.count() == 1
    assert "as “DALL-E 2”" in str(response.context["form"].errors["again"])
    same.seek(0)
    assert send(page, same, again="on").status_code == 302
    assert Batch.objects.count() == 2


def test_a_cancelled_import_is_no_campaign_and_is_resumed(page, manager):
    send(page)
    batch = Batch.objects.get()
    page.post(url("image_batch_cancel", batch.pk))
    assert imported(batch) == []
    assert "Resume" in text(page.get(url("image_batch", batch.pk)))
    page.post(url("image_batch_resume", batch.pk))
    (campaign,) = imported(batch)
    assert campaign.batch.made == 2


def test_a_worker_that_died_goes_on_where_it_was(page, monkeypatch):
    send(page, archive(names=("1.png", "2.png", "a/2.png")))
    batch = Batch.objects.get()
    stored = []
    keep = "generation.archive.importer.store_decoded"
    from generation.archive import importer

    original = importer.store_decoded

    def dying(*args, **kwargs):
        if stored:
            raise KeyboardInterrupt
        stored.append(original(*args, **kwargs))

    with monkeypatch.context() as patch:
        patch.setattr(keep, dying)
        with pytest.raises(KeyboardInterrupt):
            import_uploads(batch_id=batch.pk)
    assert list(imports_with_uploads()) == [batch]
    (campaign,) = imported(batch)
    assert campaign.batch.made == 2
    assert rejected(batch) == {"dalle2.zip/a/2.png": "line_taken"}


def test_the_sweep_never_takes_generated_images_for_real_ones(page):
    send(page)
    tasks.sweep()
    batch = Batch.objects.get()
    tasks.import_uploads(str(batch.pk))
    assert set(batch.radiographs.values_list("origin", flat=True)) == {"synthetic"}


def test_whoever_watches_the_import_has_opened_the_campaign(page, manager):
    send(page)
    batch = Batch.objects.get()
    page.get(url("image_batch", batch.pk))
    assert BatchExposure.objects.filter(user=manager, batch=batch).exists()
    manifest = "filename,prompt,operation\n1.png,a knee,\n2.png,a knee,outpaint\n"
    send(page, archive(manifest))
    batch = Batch.objects.exclude(pk=batch.pk).get()
    page.get(url("image_batch", batch.pk))
    for campaign in imported(batch):
        assert BatchExposure.objects.filter(user=manager, batch=campaign.batch).exists()
    other = make_batch()
    page.get(url("image_batch", other.pk))
    assert not BatchExposure.objects.filter(batch=other).exists()


def test_whoever_reads_it_blind_is_not_shown_the_report(page, manager):
    send(page)
    batch = Batch.objects.get()
    (campaign,) = imported(batch)
    set_embargo(user=manager, ids=[batch.radiographs.first().pk], held_by=batch.pk)
    assert page.get(url("archive_report", campaign.pk)).status_code == 403
    assert page.get(url("image_batch", batch.pk), follow=True).status_code == 403


def test_the_report_is_paged_and_says_when_there_is_nothing_to_tell(page, monkeypatch):
    monkeypatch.setattr("generation.archive_views.LINES_A_PAGE", 1)
    manifest = "filename,prompt,seed\n1.png,a knee,x\n2.png,a knee,\n3.png,a knee,\n"
    send(page, archive(manifest, names=("1.png",)))
    (campaign,) = imported(Batch.objects.get())
    address = url("archive_report", campaign.pk)
    first, second = text(page.get(address)), text(page.get(address + "?page=2"))
    assert "2.png the archive has no such file" in first
    assert "the seed “x” is not a whole number" in first
    assert "3.png the archive has no such file" in second
    assert "the seed" not in second
    send(page, archive())
    (campaign,) = imported(Batch.objects.order_by("created_at").last())
    told = text(page.get(url("archive_report", campaign.pk)))
    assert "Every file was stored, and nothing was noticed." in told


def test_a_campaign_of_a_backend_has_no_report(page):
    campaign = finished("a knee")
    assert page.get(url("archive_report", campaign.pk)).status_code == 404
    assert page.get(url("campaign_of_batch", make_batch().pk)).status_code == 404


def test_the_backends_page_counts_what_was_made_elsewhere(page):
    assert "archive made elsewhere Import images made elsewhere 0 0 0 0 0" in text(
        page.get(url("backend_list"))
    )
    send(page)
    imported(Batch.objects.get())
    body = text(page.get(url("backend_list")))
    assert "archive made elsewhere Import images made elsewhere 3 2 1 0 0" in body


def test_gallery_ledger_and_figures_are_those_of_any_campaign(page):
    send(page)
    (campaign,) = imported(Batch.objects.get())
    assert "a head" in text(page.get(url("campaign_ledger", campaign.pk)))
    csv = b"".join(page.get(url("campaign_ledger_csv", campaign.pk)).streaming_content)
    assert csv.count(b"\r\n") == 4
    sheet = page.get(url("campaign_sheet", campaign.pk, 1))
    assert sheet.content.startswith(b"\x89PNG")
    assert "DALL-E 2" in text(page.get(url("campaign_list")))


def test_an_image_without_a_prompt_says_so(page):
    send(page, archive("filename,model\n1.png,gan\n2.png,gan"))
    (campaign,) = imported(Batch.objects.get())
    assert "No prompt" in text(page.get(url("campaign_detail", campaign.pk)))


def test_a_backend_must_not_be_called_archive(settings):
    settings.IMAGE_BACKENDS = {"archive": {"BACKEND": SCRIPTED, "OPTIONS": {}}}
    assert [message.id for message in check_backends()] == ["generation.E002"]


@pytest.mark.parametrize("name", ["archive_import", "archive_report", "campaign_of_batch"])
def test_only_managers_come_in(client, reader, manager, name):
    batch = make_batch()
    address = reverse(name, args=[] if name == "archive_import" else [batch.pk])
    assert client.get(address).url.startswith(reverse("account_login"))
    client.force_login(reader)
    assert client.get(address).status_code == 403
    if name == "archive_import":
        assert client.post(address).status_code == 403


def test_the_way_in_is_on_the_page_of_new_campaigns(page):
    assert url("archive_import") in page.get(url("campaign_new")).text
    body = page.get(url("archive_import")).text
    assert "data-upload" in body
    assert "body_part_examined" in body


def test_uploads_of_an_archive_that_was_cancelled_long_ago_are_deleted_as_others(page, manager):
    send(page)
    batch = Batch.objects.get()
    cancel_import(actor=manager, batch=batch)
    Batch.objects.update(finished_at="2020-01-01T00:00Z")
    tasks.sweep()
    assert not Incoming.objects.exists()
