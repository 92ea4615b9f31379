"""Archives that come twice, stop half-way, or cannot be taken at all."""

import pytest

from generation import services
from generation.archive.services import AlreadyImported, resume_archive
from generation.models import Campaign, State
from radrate.errors import Conflict, DomainError
from radrate.images.importing import ImportInterrupted, cancel_import, resume_batch
from radrate.images.models import Batch, Radiograph
from radrate.images.services import set_embargo
from radrate.images.tables import ManifestError
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
