import os
from pathlib import Path

import pytest

from radrate.images.manifest import ManifestError, ManifestRow, read_manifest

COLUMNS = (
    b"filename,body_part_examined,view_position,image_laterality,"
    b"finding,licence,attribution,subject"
)


def test_a_row_is_read_in_the_terms_of_dicom():
    manifest = read_manifest(COLUMNS + b"\nk.png,knee,lateral,right,Normal,CC0 1.0,Jane,7\n")
    assert manifest.row("k.png") == ManifestRow(
        "KNEE", "LATERAL", "R", "normal", "CC0 1.0", "Jane", "7"
    )
    assert manifest.unknown_columns == ()


def test_the_words_region_view_and_laterality_are_understood():
    manifest = read_manifest(b"File Name,Region,View,Laterality,Width\nk.png,skull,AP,n/a,5")
    assert manifest.row("k.png") == ManifestRow("SKULL", "AP")
    assert manifest.unknown_columns == ("Width",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_spreadsheet_s_way_of_writing_is_read(delimiter, encoding, newline):
    rows = [["filename", "view", "attribution"], ["k.png", "AP", "Häggström"]]
    text = newline.join(delimiter.join(row) for row in rows)
    row = read_manifest(text.encode(encoding)).row("k.png")
    assert (row.view_position, row.attribution) == ("AP", "Häggström")


def test_a_quoted_value_may_hold_delimiters_and_lines():
    manifest = read_manifest(b'filename,attribution\na.png,"Jane; Joe,\nand others"\nb.png,Zoe')
    assert manifest.row("a.png").attribution == "Jane; Joe,\nand others"
    assert manifest.row("b.png").attribution == "Zoe"


def test_a_file_is_found_by_its_path_or_ever_shorter_ends_of_it():
    manifest = read_manifest(b"filename,view\nleft/1.png,AP\n1.png,PA\n.\\deep\\2.png,AP")
    assert manifest.row("films.zip/left/1.png").view_position == "AP"
    assert manifest.row("films.zip/right/1.png").view_position == "PA"
    assert manifest.key("x/deep/2.png") == "deep/2.png"
    assert manifest.row("other.png") == ManifestRow()


@pytest.mark.parametrize(
    ("laterality", "body_part"), [("bilateral", "PELVIS"), ("left", "HIP"), ("unknown", "HIP")]
)
def test_pelvis_or_hip_is_decided_by_the_side(laterality, body_part):
    data = f"filename,region,laterality\nk.png,pelvis/hip,{laterality}".encode()
    assert read_manifest(data).row("k.png").body_part_examined == body_part


def test_empty_lines_and_missing_cells_are_no_errors():
    manifest = read_manifest(b"filename,view,finding\n\n,,\nk.png,AP\n")
    assert dict(manifest.rows) == {"k.png": ManifestRow(view_position="AP")}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The manifest is empty: its first line must name the columns."),
        (b"name,view\nk.png,AP", "Line 1 of the manifest names no column “filename”."),
        (b"filename,view\na,AP\nb,AP\na,PA", "Line 4 of the manifest repeats a of line 2."),
        (b"filename,view\na,AP\n,PA", "Line 3 of the manifest names no file."),
        (
            b'filename,view\na,"A"P',
            "Line 2 of the manifest is not valid CSV: ',' expected after '\"'.",
        ),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(data, message):
    with pytest.raises(ManifestError) as caught:
        read_manifest(data)
    assert str(caught.value) == message


def test_a_manifest_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ManifestError, match="cannot be read: No such file or directory"):
        read_manifest(tmp_path / "manifest.csv")


@pytest.mark.skipif(
    "RADRATE_TEST_IMAGES" not in os.environ, reason="RADRATE_TEST_IMAGES names no folder"
)
def test_the_manifest_of_the_real_films_is_understood():
    manifest = read_manifest(Path(os.environ["RADRATE_TEST_IMAGES"]) / "images" / "manifest.csv")
    parts = {row.body_part_examined for row in manifest.rows.values()}
    views = {row.view_position for row in manifest.rows.values()}
    assert len(manifest.rows) == 60
    assert {"KNEE", "CSPINE", "LSPINE", "PELVIS", "HIP", "CHEST", "SKULL"} < parts
    assert views == {"AP", "PA", "LATERAL", "OBLIQUE", "AXIAL", "OPEN_MOUTH"}
    assert all(row.licence and row.attribution for row in manifest.rows.values())
