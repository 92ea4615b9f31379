"""Importing from a path: what becomes of each file, and of an import that is interrupted."""

import hashlib
import json
import shutil
import threading
import time
import zipfile

import numpy as np
import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.utils import timezone

from radrate.audit.models import Event
from radrate.errors import Conflict, DomainError
from radrate.images.importing import (
    ImportInterrupted,
    cancel_import,
    import_batch,
    resume_batch,
)
from radrate.images.manifest import ManifestError
from radrate.images.models import Batch, Radiograph
from tests.factories.dicom import write_dicom
from tests.factories.images import contents, make_batch, make_image, make_radiograph

pytestmark = pytest.mark.django_db


def run(source, **options) -> Batch:
    return import_batch(**{"actor": None, "title": "Films", "source": source} | options)


def stored(batch: Batch) -> list[str]:
    return sorted(batch.radiographs.values_list("source_name", flat=True))


def rejected(batch: Batch) -> dict[str, str]:
    return dict(batch.rejections.values_list("name", "code"))


def exclude_all() -> None:
    Radiograph.objects.update(
        state="excluded",
        excluded_because="blurred",
        excluded_at=timezone.now(),
        reviewed_at=timezone.now(),
    )


def noise(side: int = 96) -> np.ndarray:
    return np.random.default_rng().integers(0, 4096, (side, side), np.uint16)


def test_a_photograph_waits_for_review_with_its_files_as_they_came(media, films):
    batch = run(films)
    assert (batch.state, batch.requested, batch.made, batch.failed) == ("finished", 3, 3, 0)
    first = batch.radiographs.get(source_name="a.png")
    came = (films / "a.png").read_bytes()
    assert contents(first.original) == came
    assert first.sha256 == hashlib.sha256(came).hexdigest()
    assert (first.origin, first.state, first.reviewed_at) == ("real", "pending_review", None)
    assert all(default_storage.size(name.name) for name in (first.pixels, first.thumbnail))


def test_reviewed_images_are_accepted_in_the_name_of_who_imported_them(films, manager):
    batch = run(films, actor=manager, reviewed=True)
    image = batch.radiographs.first()
    assert (image.state, image.reviewed_by) == ("accepted", manager)
    assert image.reviewed_at is not None


def test_a_file_that_says_that_text_is_burnt_in_waits_even_so(source):
    write_dicom(source / "a.dcm", pixels=noise(), BurnedInAnnotation="YES")
    write_dicom(source / "b.dcm", pixels=noise(), BurnedInAnnotation="NO")
    batch = run(source, reviewed=True)
    states = dict(batch.radiographs.values_list("source_name", "state"))
    assert states == {"a.dcm": "pending_review", "b.dcm": "accepted"}


def test_bad_files_have_one_line_each_and_the_rest_is_stored(films):
    (films / "empty.png").touch()
    (films / "page.png").write_text("<!doctype html><title>no image</title>")
    shutil.copy(films / "a.png", films / "d.png")
    write_dicom(films / "scan.dcm", pixels=noise(), modality="CT")
    batch = run(films)
    assert stored(batch) == ["a.png", "b.png", "c.png"]
    assert rejected(batch) == {
        "empty.png": "empty",
        "page.png": "other_format",
        "d.png": "duplicate",
        "scan.dcm": "modality",
    }
    assert (batch.requested, batch.made, batch.failed) == (7, 3, 4)
    duplicate = batch.rejections.get(code="duplicate")
    assert duplicate.message == "the same image as a.png, which is in the library"


def test_a_duplicate_is_known_by_its_pixels_whatever_its_file(source):
    image = make_image()
    image.save(source / "a.png")
    image.save(source / "b.png", compress_level=1)
    batch = run(source)
    assert stored(batch) == ["a.png"]
    assert rejected(batch) == {"b.png": "duplicate"}


def test_an_excluded_image_may_be_imported_again(films):
    run(films)
    exclude_all()
    assert run(films).made == 3


def test_a_generated_image_of_the_same_pixels_is_no_duplicate(source):
    generated = make_radiograph(origin="synthetic")
    (source / "a.png").write_bytes(contents(generated.pixels))
    batch = run(source)
    assert batch.radiographs.get().pixel_hash == generated.pixel_hash


def test_the_manifest_goes_before_the_file(source):
    write_dicom(source / "a.dcm", pixels=noise(), body_part="CHEST", ViewPosition="PA")
    (source / "manifest.csv").write_text(
        "filename,region,view,laterality,finding,licence,attribution\n"
        "a.dcm,knee,,left,normal,CC0 1.0,A. Author\n"
    )
    image = run(source).radiographs.get()
    assert (image.body_part_examined, image.view_position, image.image_laterality) == (
        "KNEE",
        "PA",
        "L",
    )
    assert (image.finding, image.licence, image.attribution) == ("normal", "CC0 1.0", "A. Author")


def test_a_bad_manifest_stops_the_import_before_it_begins(films):
    (films / "manifest.csv").write_text("region\nknee\n")
    with pytest.raises(ManifestError):
        run(films)
    assert not Batch.objects.exists()


def test_a_source_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DomainError, match="no file or folder"):
        run(tmp_path / "nowhere")


def test_trouble_with_one_file_costs_one_line(films):
    (films / "manifest.csv").write_text("filename,attribution\na.png,A\0B\n")
    batch = run(films)
    assert rejected(batch) == {"a.png": "internal"}
    assert stored(batch) == ["b.png", "c.png"]


def test_two_files_of_one_name_are_told(source):
    with zipfile.ZipFile(source / "films.zip", "w") as archive, pytest.warns(UserWarning):
        for _time in range(2):
            make_image().save(source / "one.png")
            archive.write(source / "one.png", "one.png")
    (source / "one.png").unlink()
    batch = run(source)
    assert stored(batch) == ["films.zip/one.png"]
    assert rejected(batch) == {"films.zip/one.png": "same_name"}


def dump() -> str:
    """Every row of every table, as text."""
    rows = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{model._meta.db_table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def test_a_person_becomes_a_keyed_pseudonym_and_is_nowhere_else(media, source, settings):
    write_dicom(source / "a.dcm", pixels=noise(), patient_id="PID-4711", patient_name="ROE^RICHARD")
    write_dicom(source / "b.dcm", pixels=noise(), patient_id="PID-4711")
    make_image().save(source / "c.png")
    make_image().save(source / "d.png")
    (source / "manifest.csv").write_text("filename,subject\nc.png,PID-4711\n")
    batch = run(source)
    keys = dict(batch.radiographs.values_list("source_name", "subject_key"))
    assert keys["a.dcm"] == keys["b.dcm"] == keys["c.png"]
    assert len(keys["a.dcm"]) == 32
    assert keys["d.png"] == ""
    rows = dump()
    assert "PID-4711" not in rows
    assert "RICHARD" not in rows
    for file in media.rglob("*.*"):
        assert b"PID-4711" not in file.read_bytes()
        assert b"RICHARD" not in file.read_bytes()

    settings.SECRET_KEY = "another" * 8
    Radiograph.objects.all().delete()
    other = run(source).radiographs.get(source_name="a.dcm")
    assert other.subject_key != keys["a.dcm"]


def test_an_import_cancelled_on_the_way_keeps_what_it_has_and_goes_on_where_it_ended(
    films, manager
):
    (films / "bad.png").touch()

    def cancel(_total, _rejected):
        batch = Batch.objects.get()
        if batch.made + batch.failed == 2:
            cancel_import(actor=manager, batch=batch)

    batch = run(films, progress=cancel)
    assert (batch.state, batch.made, batch.failed, batch.requested) == ("cancelled", 2, 0, 4)
    told = []
    resumed = resume_batch(
        actor=manager, batch=batch, source=films, progress=lambda *told_: told.append(told_)
    )
    assert (resumed.state, resumed.made, resumed.failed) == ("finished", 3, 1)
    assert [(total, reason and reason.code) for total, reason in told] == [
        (4, None),
        (4, None),
        (4, "empty"),
        (4, None),
    ]
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["import", "cancel", "resume", "finish"]


def test_ctrl_c_cancels_the_import_and_says_which(films):
    def interrupt(_total, _rejected):
        raise KeyboardInterrupt

    with pytest.raises(ImportInterrupted) as caught:
        run(films, progress=interrupt)
    batch = Batch.objects.get()
    assert caught.value.batch == batch
    assert (batch.state, batch.made) == ("cancelled", 1)
    assert resume_batch(actor=None, batch=batch, source=films).made == 3


def test_a_full_disk_is_not_the_files_fault(media, films):
    (media / "originals").touch()
    with pytest.raises(ImportInterrupted):
        run(films)
    batch = Batch.objects.get()
    assert (batch.state, batch.failed) == ("cancelled", 0)
    (media / "originals").unlink()
    assert resume_batch(actor=None, batch=batch, source=films).made == 3


def test_a_finished_import_cannot_be_resumed(films):
    with pytest.raises(Conflict):
        resume_batch(actor=None, batch=run(films), source=films)


def test_a_campaign_is_no_import(films):
    campaign = make_batch(kind="campaign", state="running")
    for refuse in (
        lambda: cancel_import(actor=None, batch=campaign),
        lambda: resume_batch(actor=None, batch=campaign, source=films),
    ):
        with pytest.raises(Conflict):
            refuse()


def test_what_is_stored_is_written_down_with_its_counts(films, manager):
    batch = run(films, actor=manager, reviewed=True)
    began, ended = Event.objects.order_by("pk")
    assert (began.actor, began.verb, began.detail) == (
        manager,
        "import",
        {"title": "Films", "reviewed": True},
    )
    assert (ended.target_id, ended.detail) == (str(batch.pk), {"made": 3, "failed": 0})


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_image_at_a_time_store_it_once(source):
    make_image().save(source / "a.png")
    first = run(source).radiographs.get()
    exclude_all()
    outcome = []

    def import_again() -> None:
        outcome.append(json.dumps(rejected(run(source))))
        connections.close_all()

    thread = threading.Thread(target=import_again)
    with transaction.atomic():
        Radiograph.objects.filter(pk=first.pk).update(
            state="pending_review", excluded_because="", excluded_at=None
        )
        thread.start()
        while thread.is_alive() and not waiting_for_a_lock():
            time.sleep(0.02)
    thread.join()
    assert outcome == ['{"a.png": "duplicate"}']
    assert Radiograph.objects.count() == 1
