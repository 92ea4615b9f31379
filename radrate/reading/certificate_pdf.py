"""A certificate as one page of vectors, A4 across. Its font has Latin, Greek and Cyrillic."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from radrate.reading.models import Certificate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE_IN = (11.69, 8.27)
WIDEST = 0.8  # of the page
INK, GREY, ACCENT = "#1b2227", "#57636b", "#14708c"
SMALLEST_NAME_PT = 20


@dataclass(frozen=True, slots=True)
class Line:
    """`y` is the height of its base line in parts of the page, from below."""

    text: str
    y: float
    size: float
    colour: str = INK


def missing_signs(text: str) -> str:
    """The signs of a name that the font cannot draw, each once."""
    known = _charmap()
    return "".join(dict.fromkeys(sign for sign in text if ord(sign) not in known))


@cache
def _charmap() -> frozenset[int]:
    from matplotlib import font_manager

    path = font_manager.findfont("DejaVu Sans")
    return frozenset(font_manager.get_font(path).get_charmap())


def pdf(certificate: Certificate, *, check_url: str) -> bytes:
    """`check_url` is where the code can be checked, printed as text."""
    from matplotlib import rc_context

    stream = io.BytesIO()
    about = {"Title": _title(), "Creator": "RadRate", "Producer": None}
    with rc_context({"pdf.fonttype": 42, "font.family": "DejaVu Sans"}):
        drawn = draw(certificate, check_url=check_url)
        drawn.savefig(stream, format="pdf", metadata=about)
    return stream.getvalue()


def draw(certificate: Certificate, *, check_url: str) -> "Figure":
    figure = _page()
    for line in _lines(figure, certificate, check_url):
        _write(figure, line)
    _frame(figure)
    return figure


def _title() -> str:
    return _("Certificate of participation")


def _page() -> "Figure":
    """An empty page on which words can be measured."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN)
    FigureCanvasAgg(figure)
    return figure


def _lines(figure: "Figure", certificate: Certificate, url: str) -> Iterator[Line]:
    study = certificate.study_reader.study
    yield Line(_title(), 0.80, 30, ACCENT)
    yield from _name(figure, certificate.name)
    yield Line(_("has taken part as a reader in a blinded reading of radiographs:"), 0.51, 13)
    yield Line(study.neutral_title, 0.45, 17)
    yield Line(_extent(certificate), 0.395, 13, GREY)
    institution = study.institution.splitlines()[:5]
    for number, text in enumerate(institution):
        yield Line(text, 0.315 - 0.032 * number, 11.5)
    yield Line(_("Code: %(code)s") % {"code": certificate.code}, 0.125, 12)
    yield Line(_("Whether it is valid is told at %(url)s") % {"url": url}, 0.09, 9.5, GREY)


def _name(figure: "Figure", name: str) -> Iterator[Line]:
    """On one line as large as it can be, else on two."""
    for size in range(34, SMALLEST_NAME_PT - 1, -2):
        if _width(figure, name, size) <= WIDEST:
            yield Line(name, 0.63, size)
            return
    upper, lower = halves(name)
    yield Line(upper, 0.66, SMALLEST_NAME_PT)
    yield Line(lower, 0.605, SMALLEST_NAME_PT)


def halves(name: str) -> tuple[str, str]:
    """Parted at the space nearest to the middle, else in the middle."""
    middle = len(name) / 2
    spaces = [place for place, sign in enumerate(name) if sign == " "]
    place = min(spaces, key=lambda at: abs(at - middle), default=round(middle))
    return name[:place].strip(), name[place:].strip()


def _extent(certificate: Certificate) -> str:
    cases = ngettext("%(n)s case", "%(n)s cases", certificate.cases) % {"n": certificate.cases}
    minutes = ngettext(
        "%(n)s minute of reading", "%(n)s minutes of reading", certificate.minutes
    ) % {"n": certificate.minutes}
    first, last = (date_format(day) for day in (certificate.first_on, certificate.last_on))
    days = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    return " · ".join((cases, minutes, days))


def _write(figure: "Figure", line: Line) -> None:
    """Centred, and made smaller where it would be too wide. A dollar sign is a dollar sign."""
    size = line.size * min(1, WIDEST / max(_width(figure, line.text, line.size), 1e-6))
    figure.text(0.5, line.y, line.text, ha="center", size=size, color=line.colour, parse_math=False)


def _width(figure: "Figure", text: str, size: float) -> float:
    """Of the text, in parts of the page."""
    probe = figure.text(0, 0, text, size=size, parse_math=False)
    extent = probe.get_window_extent()
    probe.remove()
    return extent.width / (figure.dpi * SIZE_IN[0])


def _frame(figure: "Figure") -> None:
    from matplotlib.patches import Rectangle

    place = {"transform": figure.transFigure, "fill": False, "edgecolor": ACCENT}
    figure.add_artist(Rectangle((0.035, 0.05), 0.93, 0.9, linewidth=1.2, **place))
