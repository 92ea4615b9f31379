"""What is stored of an image, in words for its page."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from radrate.audit.models import Event
from radrate.images.models import Radiograph

Facts = list[tuple[str, str]]
LONGEST_WORD, SHOWN_OF_IT = 100, 24  # characters

VERBS = {
    "review": gettext_lazy("confirmed: no identity can be read"),
    "describe": gettext_lazy("corrected"),
    "exclude": gettext_lazy("excluded"),
}
_WORD_STARTS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def facts(radiograph: Radiograph) -> Facts:
    """Label and value of whatever is known, in the order of interest."""
    known = {
        _("Origin"): radiograph.get_origin_display(),
        _("State"): radiograph.get_state_display(),
        _("Excluded because"): radiograph.excluded_because,
        _("Size"): f"{radiograph.columns} × {radiograph.rows} px, {radiograph.bits_stored} bit",
        _("Pixel spacing"): _spacing(radiograph.pixel_spacing),
        _("Modality"): radiograph.modality,
        _("Photometric interpretation"): radiograph.photometric_interpretation,
        _("Original"): radiograph.media_type,
        _("Subject key"): radiograph.subject_key,
        _("Licence"): radiograph.licence,
        _("Attribution"): radiograph.attribution,
        _("SHA-256 of the original"): radiograph.sha256,
    }
    return [(label, str(value)) for label, value in known.items() if value]


def attributes(radiograph: Radiograph) -> Facts:
    """The DICOM attributes that were kept, by name."""
    return [(_spaced(key), _text(value)) for key, value in sorted(radiograph.attributes.items())]


def provenance(radiograph: Radiograph) -> Facts:
    """How the pixels came to be."""
    stored = radiograph.provenance.items()
    return [
        (_sentence(key), _text(value)) for key, value in stored if value not in ("", [], {}, None)
    ]


def history(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Each audit event with the words for it."""
    return [
        {
            "at": event.at,
            "who": event.actor.get_username() if event.actor else _("RadRate"),
            "what": VERBS.get(event.verb, event.verb),
            "detail": _detail(event.detail),
        }
        for event in events
    ]


def _detail(detail: Mapping[str, Any]) -> str:
    parts = []
    for key, value in detail.items():
        if isinstance(value, list) and len(value) == 2:
            before, after = (text or _("not told") for text in value)
            parts.append(f"{_sentence(key)}: {before} → {after}")
        else:
            parts.append(_text(value))
    return "; ".join(parts)


def _spacing(spacing: list[float] | None) -> str:
    return "{:g} × {:g} mm".format(*spacing) if spacing else ""


def _spaced(keyword: str) -> str:
    """`BodyPartExamined` as `Body Part Examined`."""
    return _WORD_STARTS.sub(" ", keyword)


def _sentence(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_sentence(str(key))}: {_text(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(part) for part in value)
    text = str(value)
    if len(text) > LONGEST_WORD and " " not in text:  # a picture in base64, not words
        return f"{text[:SHOWN_OF_IT]}…"
    return text
