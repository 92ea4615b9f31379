"""Writes of rubrics. What a study has locked is never changed: an edit of it is a new version."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.locks import one_at_a_time
from radrate.studies.models import ReaderStudy
from radrate.studies.rubrics import queries
from radrate.studies.rubrics.access import EDIT, READ
from radrate.studies.rubrics.checks import Place, faults
from radrate.studies.rubrics.definition import Definition
from radrate.studies.rubrics.models import Rubric
from radrate.studies.rubrics.rows import definition_of, write
from radrate.studies.rubrics.shipped import SHIPPED

LANGUAGE_OF_THE_SOURCE = "en"


class InvalidRubric(DomainError):
    """`faults` maps a place of the definition to what is wrong there."""

    def __init__(self, found: dict[Place, str]) -> None:
        super().__init__(_("The rubric cannot be used as it is."))
        self.faults = found


@transaction.atomic
def create_rubric(*, actor: User, definition: Definition) -> Rubric:
    _check(definition)
    one_at_a_time("rubric-names")
    rubric = Rubric(name=_free_name(definition.title), owner=actor)
    write(rubric, definition)
    record(actor=actor, verb="create", target=rubric, name=rubric.name)
    return rubric


@transaction.atomic
def copy_rubric(*, actor: User, source: Rubric) -> Rubric:
    """A rubric of one's own that begins as the source is."""
    _require(actor, READ, source)
    original = definition_of(source)
    title = (_("Copy of %(title)s") % {"title": original.title})[:120]
    copy = Definition(title, original.description, original.criteria, original.tags)
    return create_rubric(actor=actor, definition=copy)


@transaction.atomic
def save_rubric(
    *, actor: User, rubric: Rubric, definition: Definition, seen: datetime | None = None
) -> Rubric:
    """The rubric as it is edited; of a frozen one a new version. `seen` is when it was last
    changed as far as the editor knows; raises `Conflict` when it was changed since."""
    rubric = Rubric.objects.select_for_update().get(pk=rubric.pk)
    _require(actor, EDIT, rubric)
    _check(definition)
    if definition == definition_of(rubric):
        return rubric
    if seen is not None and rubric.changed_at != seen:
        raise Conflict(
            _("This rubric was changed in another window since. Save again to overwrite that.")
        )
    if rubric.frozen:
        rubric = _next_version(rubric)
    write(rubric, definition)
    record(actor=actor, verb="edit", target=rubric, version=rubric.version)
    return rubric


@transaction.atomic
def delete_rubric(*, actor: User, rubric: Rubric) -> None:
    """Delete a draft that no study asks."""
    rubric = Rubric.objects.select_for_update().get(pk=rubric.pk)
    _require(actor, EDIT, rubric)
    if rubric.frozen or queries.is_used(rubric):
        raise Conflict(_("A study uses this version, so it stays."))
    record(actor=actor, verb="delete", target=rubric, name=rubric.name, version=rubric.version)
    rubric.delete()


def freeze(*, rubric_ids: Iterable[int]) -> None:
    """Keep rubrics as they are, for ever; edits under way end first. Within a transaction."""
    held = Rubric.objects.select_for_update().filter(pk__in=set(rubric_ids)).order_by("pk")
    Rubric.objects.filter(pk__in=[rubric.pk for rubric in held]).update(frozen=True)


def default_rubric(task: str) -> Rubric:
    """What a phase asks unless told otherwise. A phantom study never asks for realism."""
    is_real = task == ReaderStudy.Task.WHICH_REAL
    return shipped_rubric("adams2023" if is_real else "adams2023-phantom")


@transaction.atomic
def shipped_rubric(name: str) -> Rubric:
    """The newest version of what is shipped, in the language in use; a new version where its
    words have changed since the last."""
    one_at_a_time("rubric-names")
    return _stored([name]).get(name) or _ship(name)


def shipped_rubrics() -> list[Rubric]:
    """All of them, in their order, in three queries; written only where something is new."""
    stored = _stored(SHIPPED)
    return [stored.get(name) or shipped_rubric(name) for name in SHIPPED]


def _stored(names: Iterable[str]) -> dict[str, Rubric]:
    """Those whose newest version is what would be stored now."""
    localised = {_name_in_language(name): name for name in names}
    newest = (
        Rubric.objects.filter(name__in=localised, owner=None)
        .order_by("name", "-version")
        .distinct("name")
        .prefetch_related("criteria", "tags")
    )
    by_name = {localised[rubric.name]: rubric for rubric in newest}
    return {name: row for name, row in by_name.items() if definition_of(row) == SHIPPED[name]()}


def _ship(name: str) -> Rubric:
    rubric = Rubric(name=_name_in_language(name))
    last = queries.versions(rubric).first()
    rubric.version = last.version + 1 if last else 1
    write(rubric, SHIPPED[name]())
    return rubric


def _name_in_language(name: str) -> str:
    language = (get_language() or LANGUAGE_OF_THE_SOURCE).split("-")[0]
    return name if language == LANGUAGE_OF_THE_SOURCE else f"{name}-{language}"


def _next_version(rubric: Rubric) -> Rubric:
    one_at_a_time("rubric-names")
    last = queries.versions(rubric).values_list("version", flat=True)[0]
    return Rubric(name=rubric.name, version=last + 1, owner=rubric.owner)


def _free_name(title: str) -> str:
    """Made of the title; with a number where another rubric has that name."""
    base = slugify(title)[:80] or "rubric"
    taken = set(Rubric.objects.filter(name__startswith=base).values_list("name", flat=True))
    taken |= {name for name in SHIPPED if name.startswith(base)}
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _check(definition: Definition) -> None:
    if found := faults(definition):
        raise InvalidRubric(found)


def _require(actor: User, permission: str, rubric: Rubric) -> None:
    if not actor.has_perm(permission, rubric):
        raise NotAllowed(_("This rubric is not yours."))
