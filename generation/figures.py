"""Figure sheets as in Adams et al. 2023, Figures 1 to 4: every output of every row, in a grid.

Text to image: all n outputs of each prompt. Inpainting: the source with the erased area outlined,
beside its reconstructions. Outpainting: the source in a yellow box on each result. What was refused
or failed has its place, and every row prints its denominator.
"""

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image

from generation.models import Campaign, GenerationJob, Output, State
from generation.pictures import boxed
from generation.previews import source_on, source_picture
from generation.queries import Counts, PromptRow, count, prompt_rows
from radrate.images.rasters import grey_within

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROWS_A_SHEET = 6
MOST_COLUMNS = 8
WIDTH_IN = 7.1  # inches: a journal's page
TILE_PX = 512
PNG_DPI = 200
MEDIA_TYPES = {"png": "image/png", "pdf": "application/pdf"}


def sheets(campaign: Campaign) -> int:
    """How many sheets a campaign fills."""
    return math.ceil(campaign.jobs.filter(batch_number=0).count() / ROWS_A_SHEET)


def sheet_png(campaign: Campaign, number: int) -> bytes:
    """One sheet, counted from 1."""
    stream = io.BytesIO()
    drawn = _sheet(campaign, number, count(campaign))
    drawn.savefig(stream, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return stream.getvalue()


def all_sheets_pdf(campaign: Campaign) -> bytes:
    """Every sheet as a page of one PDF; words and boxes are vectors."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages

    stream = io.BytesIO()
    counted = count(campaign)
    with rc_context({"pdf.fonttype": 42}), PdfPages(stream, metadata=_about(campaign)) as pdf:
        for number in range(1, sheets(campaign) + 1):
            pdf.savefig(_sheet(campaign, number, counted))
    return stream.getvalue()


def _about(campaign: Campaign) -> dict[str, Any]:
    return {"Title": campaign.title, "Creator": "RadRate", "Producer": None}


def _sheet(campaign: Campaign, number: int, counted: Counts) -> "Figure":
    first = (number - 1) * ROWS_A_SHEET
    jobs = campaign.jobs.filter(batch_number=0).select_related("source", "mask")
    shown = list(jobs.order_by("position")[first : first + ROWS_A_SHEET])
    rows = prompt_rows(campaign, shown, images=True)
    return _Sheet(campaign, {job.position: job for job in shown}).draw(rows, counted)


class _Sheet:
    """Lays one sheet out, in inches from the top."""

    def __init__(self, campaign: Campaign, jobs: dict[int, GenerationJob]) -> None:
        self._campaign = campaign
        self._jobs = jobs

    def draw(self, rows: Sequence[PromptRow], counted: Counts) -> "Figure":
        from matplotlib.figure import Figure

        most = max((len(row.outputs) for row in rows), default=1)
        edited = any(row.source for row in rows)
        columns = min(MOST_COLUMNS, most) + edited
        side = (WIDTH_IN - 0.4) / max(4, columns)
        heights = [self._height(row, columns - edited, side) for row in rows]
        self._total = 0.75 + sum(heights) + 0.2
        self._figure = Figure(figsize=(WIDTH_IN, self._total))
        self._words(0.2, 0.24, self._campaign.title, size=11, weight="bold")
        self._words(0.2, 0.46, _denominator(self._campaign, counted), size=7, color="0.3")
        top = 0.75
        for row, height in zip(rows, heights, strict=True):
            self._row(row, top, side, columns - edited, edited=edited)
            top += height
        return self._figure

    @staticmethod
    def _height(row: PromptRow, columns: int, side: float) -> float:
        lines = math.ceil(max(1, len(row.outputs)) / columns)
        return 0.26 + lines * (side + 0.04) + 0.1

    def _row(self, row: PromptRow, top: float, side: float, columns: int, *, edited: bool) -> None:
        label = f"{_letter(row.position)}  {_shortened(row.prompt)}"
        for more in filter(None, (row.edit, row.params)):
            label += f" · {more}"
        self._words(0.2, top + 0.16, label, size=8)
        self._words(WIDTH_IN - 0.2, top + 0.16, _made(row), size=7, color="0.3", ha="right")
        if edited:
            source = source_picture(self._jobs[row.position], TILE_PX)
            self._picture(self._tile(0.2, top + 0.26, side), source)
        for number, output in enumerate(row.outputs):
            line, column = divmod(number, columns)
            left = 0.2 + (column + edited) * side
            tile = self._tile(left, top + 0.26 + line * (side + 0.04), side)
            self._output(tile, output, row)

    def _tile(self, left: float, top: float, side: float) -> "Axes":
        size = side - 0.04
        box = (
            left / WIDTH_IN,
            1 - (top + size) / self._total,
            size / WIDTH_IN,
            size / self._total,
        )
        axes = self._figure.add_axes(box)
        axes.set_axis_off()
        return axes

    def _output(self, axes: "Axes", output: Output, row: PromptRow) -> None:
        if output.radiograph is not None:
            self._picture(axes, self._result(output, row))
            return
        axes.set_axis_on()
        axes.set(xticks=[], yticks=[], facecolor="0.95")
        words = str(State(output.state).label)
        if output.reason_code and output.reason_code != output.state:
            words += f"\n{output.reason_code}"
        axes.text(0.5, 0.5, words, ha="center", va="center", size=6, transform=axes.transAxes)

    def _result(self, output: Output, row: PromptRow) -> Image.Image:
        radiograph = output.radiograph
        assert radiograph is not None  # noqa: S101 - the caller looked
        scale = min(1.0, TILE_PX / max(radiograph.columns, radiograph.rows))
        size = (round(radiograph.columns * scale), round(radiograph.rows * scale))
        with radiograph.pixels.open("rb") as file:
            image = grey_within(file.read(), size)
        if not any(row.margins):
            return image
        return boxed(image, source_on(self._jobs[row.position], scale))

    @staticmethod
    def _picture(axes: "Axes", image: Image.Image) -> None:
        grey = {"cmap": "gray", "vmin": 0, "vmax": 255} if image.mode == "L" else {}
        axes.imshow(np.asarray(image), interpolation="antialiased", **grey)

    def _words(self, left: float, top: float, words: str, **style: Any) -> None:
        self._figure.text(left / WIDTH_IN, 1 - top / self._total, words, va="center", **style)


def _letter(position: int) -> str:
    """A to Z, then AA, AB and so on, as a figure's panels are named."""
    before, last = divmod(position, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def _shortened(words: str, most: int = 90) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _made(row: PromptRow) -> str:
    return _("%(made)s of %(requested)s made") % {
        "made": row.made,
        "requested": len(row.outputs),
    }


def _denominator(campaign: Campaign, counted: Counts) -> str:
    """Of all that was asked for, what became of it."""
    parts = [
        _("%(made)s of %(requested)s images made")
        % {"made": counted.made, "requested": counted.requested}
    ]
    for number, word in (
        (counted.refused, _("refused")),
        (counted.unsupported, _("unsupported")),
        (counted.failed, _("failed")),
        (counted.cancelled, _("cancelled")),
        (counted.running + counted.queued, _("not ended")),
    ):
        if number:
            parts.append(f"{number} {word}")
    if campaign.left_out:
        parts.append(
            ngettext("%s source not found", "%s sources not found", len(campaign.left_out))
            % len(campaign.left_out)
        )
    return f"{campaign.backend} · {', '.join(parts)} · {campaign.created_at:%Y-%m-%d}"
