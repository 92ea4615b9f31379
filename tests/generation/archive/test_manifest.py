"""The manifest of an archive: what is read, in which order, and what is refused with its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.archive.manifest import ArchiveManifest, Defaults, read_archive
from generation.archive.rows import Ended, job_rows
from generation.models import State
from generation.planning import MOST_SAMPLES
from radrate.images.tables import ManifestError


def read(text: str, **defaults: str) -> ArchiveManifest:
    return read_archive(text.encode(), Defaults(**defaults))


def test_unknown_columns_are_kept_by_their_name():
    manifest = read("File Name,Prompt,Shelf Mark\n1.png,a knee,B7")
    (entry,) = manifest.entries
    assert (entry.filename, entry.prompt, entry.other) == ("1.png", "a knee", {"Shelf Mark": "B7"})
    assert manifest.unknown_columns == ("Shelf Mark",)


def test_defaults_hold_where_nothing_is_told():
    manifest = read(
        "filename,prompt,model\n1.png,,\n2.png,a hand,b", prompt="a knee", model="a", licence="CC0"
    )
    told = [(entry.prompt, entry.model, entry.licence) for entry in manifest.entries]
    assert told == [("a knee", "a", "CC0"), ("a hand", "b", "CC0")]


def test_rows_and_indices_order_the_lines_where_they_are_told():
    manifest = read("filename,row,index\nc.png,2,0\nb.png,1,1\na.png,1,0")
    assert [entry.filename for entry in manifest.entries] == ["a.png", "b.png", "c.png"]
    manifest = read("filename,row\nc.png,\nb.png,\na.png,")
    assert [entry.filename for entry in manifest.entries] == ["c.png", "b.png", "a.png"]


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("prompt\na knee", "Line 1 .* no column “filename”"),
        ("filename,prompt\n,a knee", "Line 2 .* neither a file nor an outcome"),
        ("filename,outcome\n1.png,perhaps", "Line 2 .* “perhaps”; known are: made"),
        ("filename,operation\n1.png,variation", "Line 2 .* “variation”; known are: text_to_image"),
        ("filename,source\n1.png,k.png", "Line 2 .* a source but no operation"),
        ("filename\n1.png\n./1.png", "Line 3 .* repeats 1.png of line 2"),
        ("filename,patient_id\n1.png,7", "column “patient_id”"),
        ("filename,prompt\n1.png,a\0b", "not a text file"),
        ("filename,prompt\n1.png," + "a" * 32_001, "prompt in line 2 .* too long"),
    ],
)
def test_what_cannot_be_is_told_with_its_line(text, trouble):
    with pytest.raises(ManifestError, match=trouble):
        read(text)


def test_an_archive_has_a_bound(monkeypatch):
    monkeypatch.setattr("generation.archive.manifest.MOST_OUTPUTS", 2)
    with pytest.raises(ManifestError, match="at most 2"):
        read("filename\n1.png\n2.png\n3.png")


@pytest.mark.parametrize(
    ("cell", "params"),
    [
        ("", {}),
        ('{"steps": 30, "lora": ["a", 1]}', {"steps": 30, "lora": ["a", 1]}),
        ("steps=30, sampler=ddim", {"steps": 30, "sampler": "ddim"}),
        ("--steps 30", {"parameters": "--steps 30"}),
        ('{"a": NaN}', {"parameters": '{"a": NaN}'}),
        ("a=NaN", {"parameters": "a=NaN"}),
        ('{"a": "\\u0000"}', {"parameters": '{"a": "\\u0000"}'}),
        ('{"a": "\\ud800"}', {"parameters": '{"a": "\\ud800"}'}),
        ("[" * 100_000, {"parameters": "[" * 100_000}),
        ("[1]", {"parameters": "[1]"}),
    ],
)
def test_parameters_are_read_or_kept_as_they_stand(cell, params):
    quoted = '"' + cell.replace('"', '""') + '"'
    (entry,) = read(f"filename,parameters\n1.png,{quoted}").entries
    assert entry.parameters == params


@pytest.mark.parametrize(
    ("cell", "seed"),
    [("7", 7), ("-1", -1), ("", None), ("0xfe", None), (str(2**63), None), ("9" * 5000, None)],
)
def test_a_seed_is_a_whole_number_of_64_bits(cell, seed):
    (entry,) = read(f"filename,seed\n1.png,{cell}").entries
    assert entry.seed == seed


def test_a_changed_cell_changes_the_digest_of_its_line():
    cells = ["1.png,a knee,x", "1.png,a knee,y", "1.png,a hand,x"]
    digests = {read(f"filename,prompt,shelf\n{line}").entries[0].digest for line in cells}
    assert len(digests) == 3


prompts = st.sampled_from(["a knee", "a hand", ""])
states = st.sampled_from([State.SUCCEEDED, State.REFUSED, State.FAILED])


@given(st.lists(st.tuples(prompts, st.integers(0, 2), states), max_size=300))
def test_every_entry_is_in_exactly_one_row_and_no_two_rows_are_alike(told):
    lines = [f"{n}.png,{prompt},steps={steps}" for n, (prompt, steps, _s) in enumerate(told)]
    manifest = read("\n".join(["filename,prompt,parameters", *lines]))
    ended = [
        Ended(entry, state)
        for entry, (_prompt, _steps, state) in zip(manifest.entries, told, strict=True)
    ]
    rows = job_rows(ended, {})
    assert sorted(one.entry.line for row in rows for one in row.ended) == [
        one.entry.line for one in ended
    ]
    alike = {(row.prompt, json.dumps(row.params, sort_keys=True)) for row in rows}
    assert len(alike) == len(rows)
    assert all(1 <= len(row.ended) <= MOST_SAMPLES for row in rows)
    assert all(
        row.decisive.state == State.FAILED
        for row in rows
        if any(one.state == State.FAILED for one in row.ended)
    )
