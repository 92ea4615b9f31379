"""Figure sheets: everything that was asked for, in its place, with its denominator."""

import io
import re
import zlib

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from generation import figures
from generation.figures import all_sheets_pdf, sheet_png, sheets
from generation.pictures import YELLOW, boxed, outlined
from generation.queries import prompt_rows
from generation.targets import parse_targets
from radrate.audit.models import Event
from radrate.images.models import Exposure, Radiograph
from radrate.images.services import set_embargo
from tests.factories.images import make_radiograph
from tests.generation.campaigns import finished, run_all, running
from tests.generation.pages import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def painter(settings):
    settings.IMAGE_BACKENDS["painter"] = {
        "BACKEND": "tests.generation.backends.editors.Painter",
        "OPTIONS": {},
    }
    make_radiograph()


def edited(line, operation):
    targets = parse_targets(line)
    return run_all(
        running("{region}", n=2, operation=operation, backend="painter", width=64, targets=targets)
    )


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def words_of(pdf):
    """What is written in a PDF of uncompressed fonts: hex strings of its content streams."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join(_inflated(stream) for stream in streams)


def _inflated(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_a_sheet_has_a_place_for_every_output_and_a_line_for_every_row(monkeypatch):
    campaign = finished("a knee", "refuse all", "unsupported", n=3)
    written = []
    monkeypatch.setattr(
        figures._Sheet,
        "_words",
        lambda self, left, top, words, **style: written.append(words),
    )
    drawn = figures._sheet(campaign, 1, figures.count(campaign))
    tiles = drawn.get_axes()
    assert len(tiles) == 9
    assert sum(bool(tile.images) for tile in tiles) == 3
    told = [t.get_text() for tile in tiles for t in tile.texts]
    assert told == ["refused"] * 3 + ["unsupported"] * 3
    assert written[0] == "Knees"
    assert written[1].startswith("scripted · 3 of 9 images made, 3 refused, 3 unsupported · 20")
    assert written[2:] == [
        "A  a knee",
        "3 of 3 made",
        "B  refuse all",
        "0 of 3 made",
        "C  unsupported",
        "0 of 3 made",
    ]


def test_rows_are_spread_over_sheets_and_a_pdf_has_them_all():
    campaign = finished(*(f"knee {k}" for k in range(7)))
    assert sheets(campaign) == 2
    pdf = all_sheets_pdf(campaign)
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 2
    assert b"Tj" in words_of(pdf) or b"TJ" in words_of(pdf)  # words are vectors, not pixels


def test_more_outputs_than_columns_go_on_in_the_next_line():
    campaign = finished("a knee", n=11)
    drawn = figures._sheet(campaign, 1, figures.count(campaign))
    tops = [round(tile.get_position().y1, 3) for tile in drawn.get_axes()]
    assert len(tops) == 11
    assert sorted(map(tops.count, set(tops)), reverse=True) == [8, 3]


def test_an_inpainting_shows_its_source_with_the_erased_area_outlined(painter):
    campaign = edited("KNEE | region=centre", "inpaint")
    drawn = figures._sheet(campaign, 1, figures.count(campaign))
    source, *made = [np.asarray(tile.images[0].get_array()) for tile in drawn.get_axes()]
    assert (source == YELLOW).all(-1).sum() > 40
    assert len(made) == 2
    assert all(picture.ndim == 2 for picture in made)


def test_an_outpainting_shows_the_source_in_a_box_on_every_result(painter):
    campaign = edited("KNEE | right=0.5", "outpaint")
    drawn = figures._sheet(campaign, 1, figures.count(campaign))
    for tile in drawn.get_axes():
        yellow = (np.asarray(tile.images[0].get_array()) == YELLOW).all(-1)
        columns = np.flatnonzero(yellow.any(0))
        assert (columns[0], columns[-1]) == (0, 63)


def test_images_are_read_in_a_fixed_number_of_queries():
    def asked(campaign):
        with CaptureQueriesContext(connection) as found:
            sheet_png(campaign, 1)
        return len(found)

    assert asked(finished("a", n=1)) == asked(finished("b", "c", "d", n=4))


@pytest.mark.parametrize(("position", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_rows_are_named_as_panels_are(position, letter):
    assert figures._letter(position) == letter


@pytest.mark.parametrize(
    ("line", "operation", "words"),
    [
        ("KNEE | region=knee joint", "inpaint", "knee joint"),
        ("KNEE | right=0.5, top=0.25", "outpaint", "top +25%, right +50%"),
    ],
)
def test_a_row_says_what_was_done_to_its_source(painter, line, operation, words):
    campaign = edited(line, operation)
    first = campaign.jobs.filter(batch_number=0)
    assert [row.edit for row in prompt_rows(campaign, first)] == [words]


def test_outline_surrounds_the_mask_and_leaves_the_rest():
    grey = Image.new("L", (40, 30), 100)
    mask = np.zeros((30, 40), bool)
    mask[10:20, 10:30] = True
    shown = np.asarray(outlined(grey, mask))
    assert tuple(shown[9, 15]) == YELLOW
    assert tuple(shown[15, 15]) == (35, 35, 35)
    assert tuple(shown[2, 2]) == (100, 100, 100)


def test_box_lies_within_the_source():
    shown = np.asarray(boxed(Image.new("L", (40, 30), 9), (10, 5, 30, 25)))
    yellow = (shown == YELLOW).all(-1)
    rows, columns = np.flatnonzero(yellow.any(1)), np.flatnonzero(yellow.any(0))
    assert (columns[0], columns[-1], rows[0], rows[-1]) == (10, 29, 5, 24)


# Pages and command --------------------------------------------------------------------------


def test_the_page_has_each_sheet_and_notes_who_saw_it(page, manager):
    campaign = finished(*(f"knee {k}" for k in range(7)))
    body = page.get(url("campaign_figures", campaign.pk)).content.decode()
    assert [url("campaign_sheet", campaign.pk, k) in body for k in (1, 2, 3)] == [True, True, False]
    assert page.get(url("campaign_sheet", campaign.pk, 3)).status_code == 404
    shown = page.get(url("campaign_sheet", campaign.pk, 1))
    assert pixels(shown.content).std() > 10
    assert Exposure.objects.filter(user=manager).count() == 7


def test_the_pdf_is_a_download_and_audited(page):
    campaign = finished("a knee")
    answer = page.get(url("campaign_figures_pdf", campaign.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert Event.objects.filter(verb="export_figures", target_id=str(campaign.pk)).count() == 1


def test_more_sheets_than_a_request_may_draw_are_left_to_the_command(page, monkeypatch):
    monkeypatch.setattr("generation.record_views.MOST_SHEETS", 0)
    answer = page.get(url("campaign_figures_pdf", finished("a knee").pk))
    assert answer.status_code == 422
    assert "figure_sheet" in text(answer)


@pytest.mark.parametrize("name", ["campaign_figures", "campaign_figures_pdf", "campaign_ledger"])
def test_a_person_who_reads_it_blind_sees_none_of_it(page, manager, name):
    campaign = finished("a knee")
    ids = Radiograph.objects.values_list("pk", flat=True)
    set_embargo(user=manager, ids=ids, held_by=campaign.pk)
    answer = page.get(url(name, campaign.pk))
    assert answer.status_code == 403
    assert "blind" in text(answer)


def test_the_command_writes_one_pdf_and_a_png_a_sheet(tmp_path, capsys):
    campaign = run_all(running("a knee", title="Knees of today"))
    call_command("figure_sheet", "Knees of today", folder=tmp_path / "new")
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == [f"figures-{campaign.pk}-1.png", f"figures-{campaign.pk}.pdf"]
    call_command("figure_sheet", str(campaign.pk), folder=tmp_path)
    assert str(tmp_path / names[1]) in capsys.readouterr().out


def test_the_command_says_which_campaign_it_cannot_find(tmp_path):
    with pytest.raises(CommandError, match="no campaign “hips”"):
        call_command("figure_sheet", "hips", folder=tmp_path)
    finished("a knee")
    finished("a knee")
    with pytest.raises(CommandError, match="Several campaigns"):
        call_command("figure_sheet", "Knees", folder=tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError):
        call_command("figure_sheet", "Knees", folder=tmp_path / "file" / "in")
