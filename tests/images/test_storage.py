"""Files by their digest."""

import errno
import os
import stat
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from radrate.images.storage import sha256, store, store_file


def test_storing_twice_is_storing_once(media):
    first, second = (store(folder="pixels", data=b"pixels", suffix=".png") for _time in range(2))
    digest = sha256(b"pixels")
    assert first == second == f"pixels/{digest[:2]}/{digest}.png"
    assert [path.read_bytes() for path in media.rglob("*.*")] == [b"pixels"]


def test_a_file_is_stored_under_the_digest_of_its_bytes(media, tmp_path):
    data = bytes(3 << 20)
    path = tmp_path / "film.jpg"
    path.write_bytes(data)
    name, digest = store_file(folder="originals", path=path, suffix=".jpg")
    assert digest == sha256(data)
    assert (media / name).read_bytes() == data
    assert path.exists()


def test_what_a_crash_has_cut_short_is_replaced(media):
    name = store(folder="pixels", data=b"pixels", suffix=".png")
    (media / name).write_bytes(b"pix")
    assert store(folder="pixels", data=b"pixels", suffix=".png") == name
    assert (media / name).read_bytes() == b"pixels"


class Interrupted(ContentFile):
    """A file whose second half cannot be read."""

    def chunks(self, chunk_size=None):
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_that_could_not_be_written_whole_is_not_there(media):
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("pixels/a.png", Interrupted(b"half and half"))
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_name_that_is_taken_is_overwritten_in_one_step(media, monkeypatch):
    default_storage.save("pixels/a.png", ContentFile(b"old"))
    seen = []
    replace = Path.replace

    def look(self, target):
        seen.append((self.read_bytes(), Path(target).read_bytes()))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look)
    assert default_storage.save("pixels/a.png", ContentFile(b"new")) == "pixels/a.png"
    assert seen == [(b"new", b"old")]
    assert [path.read_bytes() for path in media.rglob("*.*")] == [b"new"]


def test_a_file_is_on_the_disk_before_its_row_can_be(media, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.fstat(handle).st_mode))
    default_storage.save("pixels/a.png", ContentFile(b"pixels"))
    assert [stat.S_ISREG(mode) for mode in flushed] == [True, False]
