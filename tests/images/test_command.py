"""import_radiographs, as an operator types it."""

import io
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from radrate.images.importing import cancel_import, import_batch
from radrate.images.models import Batch, Radiograph
from tests.factories.dicom import write_dicom
from tests.factories.images import make_image
from tests.images.decoding.test_bombs import write_png

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[str, list[str]]:
    """What was written to stdout, and the lines about rejected files on stderr."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_radiographs", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), [line for line in err.getvalue().splitlines() if ": " in line]


def write_bad_files(folder: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 4096, (96, 96), np.uint16)
    (folder / "empty.png").touch()
    (folder / "page.png").write_text("<!doctype html>")
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    shutil.copy(folder / "a.png", folder / "twin.png")
    write_png(folder / "bomb.png", side=30_000, depth=1, colour=0)
    write_dicom(folder / "scan.dcm", pixels=pixels, modality="CT")
    path = write_dicom(folder / "short.dcm", pixels=pixels)
    path.write_bytes(path.read_bytes()[:-1000])
    with zipfile.ZipFile(folder / "films.zip", "w") as archive:
        archive.writestr("../climbs.png", (folder / "a.png").read_bytes())
        archive.writestr("inner.zip", b"PK")


def test_every_kind_of_bad_file_has_one_line_and_the_rest_is_stored(films):
    write_bad_files(films)
    out, lines = run(films, "--title", "Films [1]")
    assert sorted(lines) == [
        "bomb.png: 30000 × 30000 pixels; at most 100 megapixels are accepted",
        "empty.png: the file is empty",
        "films.zip/../climbs.png: its path leads out of the archive",
        "films.zip/inner.zip: a zip within a zip; unpack it first",
        "gone.png: not a regular file (a folder, link, pipe or device)",
        "page.png: not a PNG, JPEG or DICOM file, but HTML",
        "scan.dcm: modality CT (computed tomography) is not projection radiography",
        "short.dcm: the file is cut short: part of the image is missing",
        "twin.png: the same image as a.png, which is in the library",
    ]
    batch = Batch.objects.get(title="Films [1]")
    assert (batch.made, batch.failed) == (3, 9)
    assert f"Stored 3, rejected 9. Import {batch.pk}." in out
    assert "3 wait in the review queue." in out


def test_reviewed_images_of_a_manager_are_accepted(films, manager):
    out, _lines = run(films, "--reviewed", "--user", "manager")
    assert "review queue" not in out
    assert set(Radiograph.objects.values_list("state", "reviewed_by")) == {("accepted", manager.pk)}


def test_the_manifest_is_found_or_given_and_its_unknown_columns_are_told(films, tmp_path):
    given = tmp_path / "other.csv"
    given.write_text("filename,region,shelf\na.png,knee,3\n")
    (films / "manifest.csv").write_text("filename,region\nb.png,hand\n")
    out, _lines = run(films, "--manifest", given)
    parts = dict(Radiograph.objects.values_list("source_name", "body_part_examined"))
    assert parts == {"a.png": "KNEE", "b.png": "", "c.png": ""}
    assert "not used: shelf." in out


def test_an_import_that_stores_nothing_fails(source):
    (source / "empty.png").touch()
    with pytest.raises(SystemExit) as caught:
        run(source)
    assert caught.value.code == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["nowhere"], "no file or folder nowhere"),
        ([".", "--user", "nobody"], "no manager nobody"),
        ([".", "--resume", "7d0b1a3e-6d7c-4a5c-8b1a-0d5f6a7b8c9d"], "no import"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(source, monkeypatch, options, message):
    monkeypatch.chdir(source)
    with pytest.raises(CommandError, match=message):
        run(*options)
    assert not Batch.objects.exists()


def test_a_reader_cannot_be_the_one_who_imports(films, reader):
    with pytest.raises(CommandError, match="no manager"):
        run(films, "--user", reader.username)


def test_an_import_is_resumed_by_its_number(films):
    def cancel(_total, _rejected):
        if Batch.objects.get().made == 1:
            cancel_import(actor=None, batch=Batch.objects.get())

    batch = import_batch(actor=None, title="Films", source=films, progress=cancel)
    assert batch.state == "cancelled"
    out, _lines = run(films, "--resume", batch.pk)
    assert "Stored 3, rejected 0." in out
    batch.refresh_from_db()
    assert batch.state == "finished"


@pytest.mark.django_db(transaction=True)
def test_ctrl_c_says_how_to_go_on(source, settings):
    folder = source / "my films"
    folder.mkdir()
    for number in range(60):
        make_image(side=1200).save(folder / f"{number:02}.png", compress_level=0)
    settings_ = settings.DATABASES["default"]
    script = (
        "import os, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "django.setup()\n"
        "from django.db import connection\n"
        f"connection.settings_dict['NAME'] = {settings_['NAME']!r}\n"
        "from django.core.management import execute_from_command_line\n"
        f"execute_from_command_line(['manage.py', 'import_radiographs', {str(folder)!r}])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    while process.poll() is None and not Radiograph.objects.exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=60)[0]
    batch = Batch.objects.get()
    assert (process.returncode, batch.state) == (1, "cancelled"), output
    again = re.search(r"Go on with: (.*)", output)[1]
    assert again == f"manage.py import_radiographs '{folder}' --resume {batch.pk}"
    out, _lines = run(folder, "--resume", batch.pk)
    assert "Stored 60, rejected 0." in out
