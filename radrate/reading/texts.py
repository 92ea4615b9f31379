"""Sentences for readers, in one place, so that none tells what a study is about."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from radrate.studies.models import CaseImage, Phase, ReaderStudy

Design = Phase.Design
State = ReaderStudy.State


def state_for_reader(study: ReaderStudy) -> str:
    return {
        State.LOCKED: _("opens soon"),
        State.OPEN: _("open"),
        State.PAUSED: _("paused"),
    }.get(State(study.state), _("closed"))


def not_open(study: ReaderStudy) -> str:
    return _("%(title)s is %(state)s. Your answers so far are kept.") % {
        "title": study.neutral_title,
        "state": state_for_reader(study),
    }


def withdrawn() -> str:
    """Neither which image nor why: a reason such as a burnt-in name would tell an origin."""
    return _("This case was withdrawn from the reading. Your answers to all other cases are kept.")


def instructions(phase: Phase) -> tuple[str, ...]:
    """What readers are told before they begin: the phase's own words, else those of its design."""
    if phase.told:
        return tuple(part for part in phase.told.splitlines() if part.strip())
    order = (
        _("Say first which one it is and how sure you are, then score each image.")
        if phase.verdict_first
        else _("Score each image first, then say which one it is and how sure you are.")
    )
    calm = _("Take the time that you would take at work. There is no need to be quick.")
    match phase.design:
        case Design.PAIR | Design.MULTIPLE:
            return (_which(phase), order, calm)
        case Design.PREFERENCE:
            return (_("Each case shows two images. Score them, then say which is better."), calm)
        case Design.SINGLE:
            return (_one(phase), _("Score the image, then say which it is."), calm)
        case Design.FIND_EDIT:
            return (_changed(phase), _("Place a point where you think it is."), calm)
    return (_("Each case shows one image."), _("Score what you see."), calm)


def _which(phase: Phase) -> str:
    real = phase.study.task == ReaderStudy.Task.WHICH_REAL
    words = {"images": " ".join(phase.labels)}
    if phase.offers_both:
        return (
            _("Each case shows images side by side, %(images)s. At most one is real.")
            if real
            else _("Each case shows images side by side, %(images)s. At most one is intact.")
        ) % words
    return (
        _("Each case shows images side by side, %(images)s. Exactly one of them is real.")
        if real
        else _("Each case shows images side by side, %(images)s. Exactly one of them is intact.")
    ) % words


def _one(phase: Phase) -> str:
    if phase.study.task == ReaderStudy.Task.WHICH_REAL:
        return _("Each case shows one image. It is real, or it was generated.")
    return _("Each case shows one image. It is intact, or it is defective.")


def _changed(phase: Phase) -> str:
    if phase.study.task == ReaderStudy.Task.WHICH_REAL:
        return _("Each case shows one radiograph, a part of which was changed by a computer.")
    return _("Each case shows one image with a defect.")


def outcome(name: str) -> str:
    """What is said first after an example: right, wrong or none."""
    return {"right": _("Right"), "wrong": _("Not right")}.get(name, _("What this was"))


def truth(study: ReaderStudy, shown: CaseImage) -> str:
    """What an image of an example is, in a word."""
    real = study.task == ReaderStudy.Task.WHICH_REAL
    if shown.is_reference:
        return _("real") if real else _("intact")
    if not real:
        return _("defective")
    return _("changed") if shown.radiograph.source_id else _("generated")


def truths(words: Mapping[str, str], *, outlined: bool) -> tuple[str, ...]:
    """A sentence for each image of an example; `words` by its label."""
    told = [
        (_("Image %(label)s is %(word)s.") if len(words) > 1 else _("This image is %(word)s."))
        % {"label": label, "word": word}
        for label, word in words.items()
    ]
    where = [_("The outline shows where.")] if outlined else []
    return (*told, *where)
