"""Imports by web: from uploads to rows by a worker, with nothing left behind."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from celery import current_app
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from radrate.errors import Conflict, DomainError
from radrate.images import tasks
from radrate.images.importing import cancel_import
from radrate.images.incoming import KEPT_FOR, import_uploads
from radrate.images.manifest import ManifestError
from radrate.images.models import Batch, Incoming
from radrate.images.queries import imports_with_uploads
from radrate.images.uploads import create_upload, resume_import
from radrate.locks import exclusive
from tests.factories.dicom import write_dicom
from tests.factories.images import make_batch, make_image

pytestmark = pytest.mark.django_db


def png() -> bytes:
    stream = io.BytesIO()
    make_image().save(stream, "PNG")
    return stream.getvalue()


def zipped(**members: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return stream.getvalue()


def upload(
    *files: tuple[str, bytes], manifest: str | None = None, reviewed: bool = False, actor=None
) -> Batch:
    return create_upload(
        actor=actor,
        title="Films",
        files=[SimpleUploadedFile(name, data) for name, data in files],
        manifest_file=SimpleUploadedFile("m.csv", manifest.encode()) if manifest else None,
        reviewed=reviewed,
    )


def finished(batch: Batch) -> Batch:
    import_uploads(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def stored(batch: Batch) -> list[str]:
    return sorted(batch.radiographs.values_list("source_name", flat=True))


def rejected(batch: Batch) -> dict[str, str]:
    return dict(batch.rejections.values_list("name", "code"))


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_uploads_are_imported_and_then_deleted(media):
    batch = upload(("a.png", png()), ("films.zip", zipped(knee__b_png=png(), c_png=png())))
    assert (batch.state, batch.requested, batch.incoming.count()) == ("running", 2, 2)
    batch = finished(batch)
    assert stored(batch) == ["a.png", "films.zip/c.png", "films.zip/knee/b.png"]
    assert (batch.state, batch.requested, batch.made, batch.failed) == ("finished", 3, 3, 0)
    assert not Incoming.objects.exists()
    assert not files_below(media / "incoming")


def test_a_bad_upload_has_one_line_and_the_rest_goes_on():
    batch = upload(("a.png", b""), ("b.zip", zipped(b_png=png())[:40]), ("c.png", png()))
    batch = finished(batch)
    assert stored(batch) == ["c.png"]
    assert rejected(batch) == {"a.png": "empty", "b.zip": "bad_zip"}
    assert (batch.requested, batch.made, batch.failed) == (3, 1, 2)


def test_uploads_of_one_name_are_all_taken():
    batch = finished(
        upload(("a.png", png()), ("a.png", png()), manifest="filename,region\na.png,knee")
    )
    assert stored(batch) == ["2/a.png", "a.png"]
    parts = batch.radiographs.values_list("body_part_examined", flat=True)
    assert list(parts) == ["KNEE", "KNEE"]


def test_the_manifest_of_the_form_is_kept_without_a_person_and_only_until_the_end():
    manifest = "filename,region,subject,shelf\na.png,knee,PID-4711,3\n"
    batch = upload(("a.png", png()), manifest=manifest)
    batch.refresh_from_db()
    assert "PID-4711" not in str(batch.manifest)
    batch = finished(batch)
    assert batch.manifest == {"unknown_columns": ["shelf"]}
    image = batch.radiographs.get()
    assert image.body_part_examined == "KNEE"
    assert len(image.subject_key) == 32


def test_each_archive_has_the_manifest_that_lies_in_it():
    rows = "filename,region\na.png,knee\n"
    batch = finished(
        upload(
            ("a.png", png()),
            ("films.zip", zipped(a_png=png(), manifest_csv=rows)),
            ("bad.zip", zipped(a_png=png(), manifest_csv="region\nknee\n")),
        )
    )
    parts = dict(batch.radiographs.values_list("source_name", "body_part_examined"))
    assert parts == {"a.png": "", "films.zip/a.png": "KNEE"}
    assert rejected(batch) == {"bad.zip": "bad_manifest"}


def test_a_bad_manifest_or_no_file_leaves_nothing(media):
    with pytest.raises(ManifestError):
        upload(("a.png", png()), manifest="region\nknee\n")
    with pytest.raises(DomainError):
        upload()
    assert not Batch.objects.exists()
    assert not files_below(media)


def test_an_upload_that_cannot_be_kept_leaves_nothing(media):
    class Lost(SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            raise OSError("the connection was lost")

    with pytest.raises(OSError, match="lost"):
        create_upload(
            actor=None,
            title="Films",
            files=[SimpleUploadedFile("a.png", png()), Lost("b.png", png())],
            manifest_file=None,
            reviewed=False,
        )
    assert not Batch.objects.exists()
    assert not files_below(media)


def test_a_cancelled_import_stores_nothing_and_goes_on_when_it_is_resumed(media, manager):
    batch = upload(("a.png", png()), ("b.png", png()))
    cancel_import(actor=manager, batch=batch)
    assert finished(batch).made == 0
    assert len(files_below(media / "incoming")) == 2
    resume_import(actor=manager, batch=batch)
    assert finished(batch).made == 2
    with pytest.raises(Conflict):
        resume_import(actor=manager, batch=batch)


def test_a_worker_that_died_in_an_archive_goes_on_where_it_was():
    batch = upload(("films.zip", zipped(a_png=(a := png()), b_png=png())), ("c.png", png()))
    earlier = upload(("films.zip", zipped(a_png=a)))
    finished(earlier).radiographs.update(batch=batch)
    Batch.objects.filter(pk=batch.pk).update(made=1)
    batch = finished(batch)
    assert stored(batch) == ["c.png", "films.zip/a.png", "films.zip/b.png"]
    assert (batch.requested, batch.made, batch.failed) == (3, 3, 0)


def test_a_worker_that_died_between_the_file_and_its_row_ends_the_import():
    batch = upload(("a.png", png()), ("b.png", png()))
    for upload_ in batch.incoming.all():
        default_storage.delete(upload_.file.name)
    batch = finished(batch)
    assert rejected(batch) == {"a.png": "vanished", "b.png": "vanished"}
    assert batch.state == "finished"


def test_uploads_of_a_long_cancelled_import_are_deleted(media, manager):
    old, recent, running = (upload((f"{n}.png", png())) for n in range(3))
    for batch in (old, recent):
        cancel_import(actor=manager, batch=batch)
    long_ago = timezone.now() - KEPT_FOR - timedelta(minutes=1)
    Batch.objects.filter(pk=old.pk).update(finished_at=long_ago)
    tasks.sweep()
    assert set(Incoming.objects.values_list("batch", flat=True)) == {recent.pk, running.pk}
    assert len(files_below(media / "incoming")) == 2


def test_only_running_imports_with_uploads_are_swept(manager):
    waiting = upload(("a.png", png()))
    cancelled = upload(("b.png", png()))
    cancel_import(actor=manager, batch=cancelled)
    make_batch(state="running")
    make_batch(kind="campaign", state="running")
    assert list(imports_with_uploads()) == [waiting]


@pytest.mark.django_db(transaction=True)
def test_an_upload_rings_for_a_worker_and_the_sweep_rings_again():
    with current_app.connection_for_write() as broker:
        queue = broker.SimpleQueue(current_app.conf.task_default_queue)
        queue.queue.purge()
        batch = upload(("a.png", png()))
        tasks.sweep()
        for _ring in range(2):
            message = queue.get(timeout=5)
            assert message.headers["task"] == "radrate.images.tasks.import_uploads"
            assert message.payload[0] == [str(batch.pk)]
            message.ack()
        assert message.headers["expires"] is not None
        queue.close()


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_import_one_upload_at_a_time():
    batch = upload(("a.png", png()))
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        key = f"import:{batch.pk}"
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        assert finished(batch).made == 0
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
    other.close()
    assert finished(batch).made == 1
    with exclusive(key) as mine:
        assert mine


def test_an_import_that_is_not_there_is_passed_over():
    import_uploads(batch_id=uuid4())
    assert not Batch.objects.exists()


def test_a_dicom_upload_with_a_person_in_it_is_gone_after_the_import(media, tmp_path):
    pixels = np.random.default_rng().integers(0, 4096, (96, 96), np.uint16)
    path = write_dicom(tmp_path / "a.dcm", pixels=pixels, patient_id="PID-4711")
    batch = upload(("a.dcm", path.read_bytes()))
    assert any(b"PID-4711" in file.read_bytes() for file in files_below(media))
    assert finished(batch).made == 1
    assert not any(b"PID-4711" in file.read_bytes() for file in files_below(media))
