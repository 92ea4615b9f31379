"""Files by their digest."""

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
