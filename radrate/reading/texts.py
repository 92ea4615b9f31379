"""Sentences for readers, in one place, so that none tells what a study is about."""

from django.utils.translation import gettext as _

from radrate.studies.models import ReaderStudy, StudyReader

State = ReaderStudy.State


def state_for_reader(study: ReaderStudy) -> str:
    return {
        State.LOCKED: _("opens soon"),
        State.OPEN: _("open"),
        State.PAUSED: _("paused"),
    }.get(State(study.state), _("closed"))


def state_of_reader(reader: StudyReader) -> str:
    """The state of the study, unless the reader has left it."""
    return _("you have left") if reader.withdrawn_at else state_for_reader(reader.study)


def paragraphs(text: str) -> tuple[str, ...]:
    """Text as it was typed, in paragraphs that blank lines part."""
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def not_open(study: ReaderStudy) -> str:
    return _("%(title)s is %(state)s. Your answers so far are kept.") % {
        "title": study.neutral_title,
        "state": state_for_reader(study),
    }


def withdrawn() -> str:
    """Neither which image nor why: a reason such as a burnt-in name would tell an origin."""
    return _("This case was withdrawn from the reading. Your answers to all other cases are kept.")


def instructions(study: ReaderStudy) -> tuple[str, ...]:
    """What readers are told before they begin."""
    first = (
        _("Each case shows two images side by side, A and B. Exactly one of them is real.")
        if study.task == ReaderStudy.Task.WHICH_REAL
        else _("Each case shows two images side by side, A and B. Exactly one of them is intact.")
    )
    return (
        first,
        _("Score each image first, then say which one it is and how sure you are."),
        _("Take the time that you would take at work. There is no need to be quick."),
    )
