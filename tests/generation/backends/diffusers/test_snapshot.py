"""The files of a model, without loading them."""

import json

import pytest

from generation.backends.diffusers.options import Options
from generation.backends.diffusers.snapshot import BLOCK, BLOCKS, find, lora_file


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "knees"
    (folder / "unet").mkdir(parents=True)
    (folder / "model_index.json").write_text('{"_class_name": "FluxPipeline"}')
    (folder / "unet" / "weights.safetensors").write_bytes(bytes(range(100)))
    return folder


@pytest.fixture
def snapshot(folder):
    found = find(Options(model=str(folder)))
    assert found is not None
    return found


def test_a_folder_is_named_by_its_name(snapshot):
    assert (snapshot.label, snapshot.class_name()) == ("knees", "FluxPipeline")


@pytest.mark.parametrize(
    "text", ["", "[]", '{"_class_name": ["pipeline", "Own"]}', "{}", "\x00", '"a"']
)
def test_an_index_that_names_no_class_is_survived(folder, snapshot, text):
    (folder / "model_index.json").write_text(text)
    assert snapshot.class_name() == ""


def test_there_is_no_snapshot_without_an_index(folder, tmp_path):
    (folder / "model_index.json").unlink()
    assert find(Options(model=str(folder))) is None
    assert find(Options(model=str(tmp_path / "nothing"))) is None
    assert find(Options()) is None


def test_the_fingerprint_follows_names_sizes_and_contents(folder, snapshot):
    prints = {snapshot.fingerprint()}
    assert snapshot.fingerprint() in prints
    weights = folder / "unet" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    prints.add(snapshot.fingerprint())
    weights.write_bytes(weights.read_bytes() + b"\0")
    prints.add(snapshot.fingerprint())
    weights.rename(folder / "unet" / "other.safetensors")
    prints.add(snapshot.fingerprint())
    (folder / "model_index.json").write_text('{"_class_name": "OtherPipeline"}')
    prints.add(snapshot.fingerprint())
    assert len(prints) == 5


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_another_training_has_another_fingerprint_though_its_files_are_as_large(
    folder, snapshot, place
):
    weights = folder / "unet" / "weights.safetensors"
    size = 4 * BLOCK * BLOCKS
    weights.write_bytes(bytes(size))
    before = snapshot.fingerprint()
    block = (size - BLOCK) * 32 // (BLOCKS - 1)
    at = {"start": 0, "middle": block + 9, "end": size - 1}[place]
    with weights.open("r+b") as file:
        file.seek(at)
        file.write(b"\1")
    assert snapshot.fingerprint() != before


@pytest.mark.long
def test_the_hub_is_looked_up_in_its_cache_only(tmp_path, monkeypatch):
    hub = pytest.importorskip("huggingface_hub", reason="needs the extra diffusers")
    commit = "0123456789abcdef0123456789abcdef01234567"
    files = tmp_path / "models--owner--knees" / "snapshots" / commit
    files.mkdir(parents=True)
    (files / "model_index.json").write_text(json.dumps({"_class_name": "FluxPipeline"}))
    refs = tmp_path / "models--owner--knees" / "refs"
    refs.mkdir()
    (refs / "main").write_text(commit)
    monkeypatch.setattr(hub.constants, "HF_HUB_CACHE", str(tmp_path))
    found = find(Options(model="owner/knees"))
    assert found is not None
    assert (found.label, found.class_name()) == (f"owner/knees@{commit}", "FluxPipeline")
    assert find(Options(model="owner/knees", revision="v2")) is None
    assert find(Options(model="owner/others")) is None


def test_the_file_of_a_lora_is_the_one_in_its_folder_or_the_one_named(tmp_path):
    one = tmp_path / "one.safetensors"
    one.write_bytes(b"1")
    assert lora_file(Options(lora=str(tmp_path))) == one
    assert lora_file(Options(lora=str(one))) == one
    (tmp_path / "two.safetensors").write_bytes(b"2")
    assert lora_file(Options(lora=str(tmp_path))) is None
    named = Options(lora=str(tmp_path), lora_weight_name="two.safetensors")
    assert lora_file(named) == tmp_path / "two.safetensors"
    assert lora_file(Options(lora=str(tmp_path / "three.safetensors"))) is None
    assert lora_file(Options()) is None
