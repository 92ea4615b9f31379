"""The questions that a design asks by itself: which image, real or not, where, and how sure.

They are a rubric of their own beside the scores, so that any scores go with any design.
"""

from typing import Any

from django.utils.translation import gettext as _

from radrate.studies.models import Phase, ReaderStudy
from radrate.studies.rubrics.models import Criterion, Rubric
from radrate.studies.rubrics.storing import stored_verdict

Kind = Criterion.Kind
Design = Phase.Design
ALL_GENERATED = 8
CANNOT_TELL = 9


def verdict_rubric(
    *, design: str, task: str, images: int, offers_both: bool = False, offers_unsure: bool = False
) -> Rubric | None:
    """The design's own questions; None for a design that has none."""
    question = _question(design, task, offers_both, offers_unsure)
    if question is None:
        return None
    options = f"{'-both' * offers_both}{'-unsure' * offers_unsure}"
    name = f"verdict-{design}-{images}-{task}{options}"
    return stored_verdict(name, [question, _confidence()])


def _question(
    design: str, task: str, offers_both: bool, offers_unsure: bool
) -> dict[str, Any] | None:
    real = task == ReaderStudy.Task.WHICH_REAL
    unsure = {CANNOT_TELL: _("cannot tell")} if offers_unsure else {}
    none = {ALL_GENERATED: _("all generated") if real else _("all defective")}
    match design:
        case Design.PAIR | Design.MULTIPLE:
            key = "real_side" if real else "intact_side"
            words = (none if offers_both else {}) | unsure
            return _of_case(key, Kind.SIDE, _which(real, not offers_both), words)
        case Design.PREFERENCE:
            words = {CANNOT_TELL: _("no difference")} if offers_unsure else {}
            return _of_case("preferred_side", Kind.SIDE, _("Which one is better?"), words)
        case Design.SINGLE:
            words = _kinds(real) | unsure
            return _of_case("verdict", Kind.VERDICT, _real_or_not(real), words)
        case Design.FIND_EDIT:
            place = _of_case("place", Kind.PLACE, _where(real), {})
            return place | {"per_image": True, "allows_not_applicable": offers_unsure}
    return None


def _which(real: bool, exactly: bool) -> str:
    if real:
        return _("Exactly one of these is real. Which?") if exactly else _("Which one is real?")
    return _("Exactly one of these is intact. Which?") if exactly else _("Which one is intact?")


def _kinds(real: bool) -> dict[int, str]:
    if real:
        return {1: _("real"), 2: _("generated")}
    return {1: _("intact"), 2: _("defective")}


def _real_or_not(real: bool) -> str:
    return _("Is this image real or generated?") if real else _("Is this image intact?")


def _where(real: bool) -> str:
    return _("Where was this image changed?") if real else _("Where is the defect?")


def _of_case(key: str, kind: str, question: str, words: dict[int, str]) -> dict[str, Any]:
    """`words` are the options; a side offers the images before them."""
    return {
        "key": key,
        "kind": kind,
        "question": question,
        "per_image": False,
        "options": [{"value": value, "label": label} for value, label in words.items()],
    }


def _confidence() -> dict[str, Any]:
    sure = {"1": _("guessing"), "3": _("fairly sure"), "5": _("certain")}
    return {
        "key": "confidence",
        "kind": Kind.CONFIDENCE,
        "question": _("How sure are you?"),
        "per_image": False,
        "anchors": sure,
    }
