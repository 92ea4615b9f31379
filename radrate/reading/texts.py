"""Sentences for readers, in one place, so that none tells what a study is about."""

from django.utils.translation import gettext as _

from radrate.studies.models import ReaderStudy

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
