"""Folders, zips and single files as people bring them, and as an attacker does."""

import hashlib
import os
import stat
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from radrate.images.decoding import Rejected
from radrate.images.intake import (
    IncomingFile,
    Limits,
    count_files,
    digest_of,
    display_name,
    find_manifest,
    iter_files,
    names_in,
)

OUTSIDE = "its path leads out of the archive"
DAMAGED = "the zip archive is damaged at this file"


def intake(source: Path, **limits: int) -> dict[str, str]:
    """Names to contents, or to the reason for which a file is not taken."""
    answers = {}
    for item in iter_files(source, limits=Limits(**limits)):
        refused = isinstance(item, Rejected)
        answers[item.name] = item.message if refused else item.path.read_text()
    return answers


def write_zip(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_single_file_is_taken(tmp_path):
    (tmp_path / "knee.png").write_text("knee")
    assert intake(tmp_path / "knee.png") == {"knee.png": "knee"}


def test_an_upload_is_called_by_its_own_name(tmp_path):
    (tmp_path / "tmp123").write_text("knee")
    assert [item.name for item in iter_files(tmp_path / "tmp123", name="knee.png")] == ["knee.png"]


def test_a_folder_is_walked_in_the_order_of_names(tmp_path):
    for name in ("b/2.png", "b/10.png", "a.png", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    write_zip(tmp_path / "b" / "z.zip", {"deep/2.png": "y", "deep/1.png": "x"})
    answers = intake(tmp_path)
    assert list(answers) == [
        *("a.png", "b/10.png", "b/2.png", "b/z.zip/deep/1.png", "b/z.zip/deep/2.png", "c.png")
    ]
    assert answers["b/z.zip/deep/1.png"] == "x"
    assert count_files(tmp_path) == 6


def test_what_nobody_meant_to_import_is_passed_over(tmp_path):
    unwanted = [
        *(".DS_Store", "Thumbs.db", "manifest.csv", ".git/knee.png", "__MACOSX/._knee.png"),
    ]
    for name in unwanted:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    write_zip(tmp_path / "films.zip", dict.fromkeys([*unwanted, "knee.png"], "x"))
    assert intake(tmp_path) == {"films.zip/knee.png": "x"}


def test_bad_files_have_one_line_each_and_the_rest_goes_on(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "b.png").symlink_to("/etc/passwd")
    (tmp_path / "c").symlink_to("/etc")
    os.mkfifo(tmp_path / "d.png")
    (tmp_path / "e.png").write_text("fine")
    (tmp_path / "f.png").write_text("x" * 2000)
    not_a_file = "not a regular file (a folder, link, pipe or device)"
    assert intake(tmp_path, file_bytes=1000) == {
        "a.png": "the file is empty",
        "b.png": not_a_file,
        "c": not_a_file,
        "d.png": not_a_file,
        "e.png": "fine",
        "f.png": "the file is larger than 0 MB",
    }


def test_a_file_that_vanishes_on_the_way_is_told(tmp_path):
    for name in ("a.png", "b.png", "c.png"):
        (tmp_path / name).write_text(name)
    items = iter_files(tmp_path)
    assert next(items).name == "a.png"
    (tmp_path / "b.png").unlink()
    vanished, last = list(items)
    assert (vanished.name, vanished.code) == ("b.png", "vanished")
    assert last.name == "c.png"


def test_a_source_that_is_not_there_is_told(tmp_path):
    assert intake(tmp_path / "films") == {"films": "the file is no longer there"}


def test_the_copy_is_private_and_gone_afterwards(tmp_path):
    (tmp_path / "knee.png").write_text("knee")
    items = iter_files(tmp_path)
    item = next(items)
    assert isinstance(item, IncomingFile)
    assert stat.S_IMODE(item.path.parent.stat().st_mode) == 0o700
    assert (item.path.parent != tmp_path, item.size) == (True, 4)
    items.close()
    assert not item.path.parent.exists()


def test_no_more_than_so_many_files_are_read(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.png").write_text("x")
    answers = intake(tmp_path, files=3)
    assert list(answers) == ["0.png", "1.png", "2.png", tmp_path.name]
    assert answers[tmp_path.name] == "more than 3 files; the rest is not read"
    assert count_files(tmp_path, limits=Limits(files=3)) == 4


@pytest.mark.parametrize(
    "name",
    [
        "../evil.png",
        "a/../../evil.png",
        "/etc/evil.png",
        "C:evil.png",
        "..\\evil.png",
        "\\evil.png",
    ],
)
def test_a_member_that_climbs_out_is_refused_and_the_rest_is_taken(tmp_path, name):
    archive = write_zip(tmp_path / "films.zip", {name: "evil", "knee.png": "knee"})
    answers = intake(archive)
    assert sorted(answers.values()) == [OUTSIDE, "knee"]
    assert [path.name for path in tmp_path.rglob("*")] == ["films.zip"]


def test_a_link_in_an_archive_is_refused(tmp_path):
    link = zipfile.ZipInfo("knee.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "films.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    answers = intake(tmp_path / "films.zip")
    assert answers == {"films.zip/knee.png": "not a regular file (a folder, link, pipe or device)"}


def test_an_archive_that_says_it_unpacks_to_100_gb_is_refused_unread(tmp_path):
    path = tmp_path / "films.zip"
    names = [f"{number:03}.png" for number in range(200)]
    write_zip(path, dict.fromkeys(names, b"x"))
    declare_size(path, 512 << 20)
    assert intake(path) == {
        "films.zip": "the archive unpacks to more than 20 GB; nothing more is read"
    }


def declare_size(path: Path, size: int) -> None:
    """Forge the unpacked size of every member in the central directory."""
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", data, place + 24, size)
        place = data.find(b"PK\x01\x02", place + 4)
    path.write_bytes(data)


def test_a_real_bomb_is_refused_by_what_it_unpacks_to(tmp_path):
    path = tmp_path / "films.zip"
    write_zip(path, {f"{number}.png": bytes(8 << 20) for number in range(3)})
    assert path.stat().st_size < 1 << 20
    answers = intake(path, unpacked_bytes=16 << 20)
    assert list(answers) == ["films.zip"]


def test_the_limit_is_over_all_archives_of_a_folder(tmp_path):
    for name in "abc":
        write_zip(tmp_path / f"{name}.zip", {"knee.png": "x" * 1000})
    answers = intake(tmp_path, unpacked_bytes=2500)
    assert list(answers) == ["a.zip/knee.png", "b.zip/knee.png", "c.zip"]


def test_a_member_larger_than_a_file_may_be_is_refused(tmp_path):
    path = write_zip(tmp_path / "films.zip", {"a.png": bytes(3 << 20), "b.png": "fine"})
    assert intake(path, file_bytes=1 << 20) == {
        "films.zip/a.png": "the file is larger than 1 MB",
        "films.zip/b.png": "fine",
    }


def test_a_member_that_holds_more_than_it_says_is_damaged(tmp_path):
    path = write_zip(tmp_path / "films.zip", {"a.png": bytes(1 << 20)})
    declare_size(path, 10)
    assert intake(path) == {"films.zip/a.png": DAMAGED}


def test_an_encrypted_member_is_refused(tmp_path):
    path = write_zip(tmp_path / "films.zip", {"a.png": "x"})
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    expected = "encrypted; unpack the archive with its password first"
    assert intake(path) == {"films.zip/a.png": expected}


def test_an_unknown_compression_is_refused(tmp_path):
    path = write_zip(tmp_path / "films.zip", {"a.png": "x"})
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", data, data.find(magic) + offset, 95)
    path.write_bytes(data)
    assert intake(path) == {"films.zip/a.png": DAMAGED}


def test_a_zip_within_a_zip_is_refused(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", {"a.png": "x"}).read_bytes()
    path = write_zip(tmp_path / "films.zip", {"inner.zip": inner, "b.png": "fine"})
    assert intake(path) == {
        "films.zip/b.png": "fine",
        "films.zip/inner.zip": "a zip within a zip; unpack it first",
    }


@pytest.mark.parametrize("kept", [0.2, 0.9])
def test_an_archive_that_is_cut_short_is_refused(tmp_path, kept):
    path = write_zip(tmp_path / "films.zip", {f"{n}.png": os.urandom(500) for n in range(9)})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert intake(path) == {"films.zip": "the zip archive is damaged"}


def test_damaged_bytes_cost_one_member(tmp_path):
    path = write_zip(tmp_path / "films.zip", {"a.png": "a" * 500, "b.png": "fine"})
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(data)
    assert intake(path) == {"films.zip/a.png": DAMAGED, "films.zip/b.png": "fine"}


def test_a_directory_of_countless_members_is_not_even_listed(tmp_path):
    with zipfile.ZipFile(tmp_path / "films.zip", "w") as archive:
        for number in range(200):
            info = zipfile.ZipInfo(f"{number}.png")
            info.comment = bytes(60_000)
            archive.writestr(info, "x")
    assert intake(tmp_path / "films.zip") == {"films.zip": "the zip archive is damaged"}


def test_names_are_one_line_that_can_be_stored():
    assert display_name("a\nb\x00c\udcff.png") == "a\ufffdb\ufffdc\ufffd.png"
    assert len(display_name("x" * 900 + ".png")) == 500
    assert display_name("x" * 900 + ".png").endswith("x.png")


def test_the_manifest_is_found_in_a_folder_or_nearest_to_the_top_of_a_zip(tmp_path):
    (tmp_path / "manifest.csv").write_text("of the folder")
    members = {"films/deep/manifest.csv": "deep", "films/manifest.csv": "near"}
    archive = write_zip(tmp_path / "films.zip", members)
    assert find_manifest(tmp_path) == b"of the folder"
    assert find_manifest(archive) == b"near"


def test_no_manifest_is_none(tmp_path):
    (tmp_path / "knee.png").write_text("x")
    assert find_manifest(tmp_path) is None
    assert find_manifest(tmp_path / "knee.png") is None


def test_a_folder_is_known_again_by_what_sha256sum_prints(source):
    (source / "deep").mkdir()
    (source / "b.png").write_bytes(b"b")
    (source / "deep" / "a.png").write_bytes(b"a")
    (source / ".hidden").write_bytes(b"x")
    (source / "manifest.csv").write_bytes(b"filename")
    (source / "link.png").symlink_to(source / "b.png")
    lines = subprocess.check_output(["sha256sum", "b.png", "deep/a.png"], cwd=source)
    assert digest_of(source) == hashlib.sha256(lines).hexdigest()
    assert digest_of(source / "b.png") == hashlib.sha256(b"b").hexdigest()


def test_the_names_of_a_source_are_those_that_its_files_will_have(films):
    with zipfile.ZipFile(films / "films.zip", "w") as archive:
        archive.write(films / "a.png", "deep/a.png")
        archive.writestr("../climbs.png", b"x")
    names = names_in(films, name="films")
    assert names == [item.name for item in iter_files(films)]
