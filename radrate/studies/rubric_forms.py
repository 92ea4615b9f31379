"""The rubric's form as its template shows it: what was typed, what is wrong with it, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from radrate.studies.rubrics import draft
from radrate.studies.rubrics.checks import LONGEST, LONGEST_TAG, Place
from radrate.studies.rubrics.definition import CHOICE, MOST, SCALE, TEXT, Definition, Item

KINDS = (
    (SCALE, gettext_lazy("Scale")),
    (CHOICE, gettext_lazy("Choice")),
    (TEXT, gettext_lazy("Text")),
)
LIMITS = LONGEST | LONGEST_TAG


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several; `words` as the page shows it."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """The words of one point; those beyond the scale are kept in hand."""

    value: int
    words: str
    on_scale: bool


@dataclass(frozen=True, slots=True)
class CriterionRow:
    uid: str
    number: int
    item: Item
    typed_key: str
    typed_options: str
    anchors: tuple[Anchor, ...]
    depends_on: tuple[Choice, ...]
    values: tuple[Choice, ...]
    is_open: bool
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GroupRow:
    uid: str
    number: int
    group: str
    labels: str
    count: int
    is_open: bool
    errors: tuple[str, ...]


@dataclass(slots=True)
class RubricForm:
    """`active` is the uid of what a button has just made or moved."""

    data: draft.Data
    active: str = ""
    faults: Mapping[Place, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def definition(self) -> Definition:
        return draft.definition_in(self.data)

    def errors(self, part: str, index: int = 0) -> dict[str, str]:
        return {
            name: words
            for (place, number, name), words in self.faults.items()
            if (place, number) == (part, index)
        }

    @property
    def head_errors(self) -> dict[str, str]:
        return self.errors("rubric")

    @property
    def criteria(self) -> list[CriterionRow]:
        names = draft.uids(self.data, "criteria")
        items = dict(zip(names, self.definition.criteria, strict=True))
        return [self._criterion(index, uid, items) for index, uid in enumerate(names)]

    def _criterion(self, index: int, uid: str, items: Mapping[str, Item]) -> CriterionRow:
        item, errors = items[uid], self.errors("criteria", index)
        typed = {value: self.data.get(f"{uid}-anchor_{value}", "") for value in range(1, MOST + 1)}
        other = self.data.get(f"{uid}-shown_if", "")
        earlier = dict(list(items.items())[:index])
        return CriterionRow(
            uid=uid,
            number=index + 1,
            item=item,
            typed_key=self.data.get(f"{uid}-key", ""),
            typed_options=self.data.get(f"{uid}-options", ""),
            anchors=tuple(
                Anchor(value, words, item.kind == SCALE and value <= item.points)
                for value, words in typed.items()
            ),
            depends_on=_depends_on(earlier, items, other),
            values=_values(items.get(other), item),
            is_open=bool(errors) or uid == self.active,
            errors=errors,
        )

    @property
    def groups(self) -> list[GroupRow]:
        rows, start = [], 0
        for number, (uid, tags) in enumerate(draft.tags_by_group(self.data).items(), start=1):
            errors = [
                _("“%(label)s”: %(problem)s") % {"label": tag.label, "problem": problem}
                for index, tag in enumerate(tags, start=start)
                for problem in self.errors("tags", index).values()
            ]
            start += len(tags)
            rows.append(
                GroupRow(
                    uid=uid,
                    number=number,
                    group=self.data.get(f"{uid}-group", ""),
                    labels=self.data.get(f"{uid}-labels", ""),
                    count=len(tags),
                    is_open=bool(errors) or uid == self.active,
                    errors=tuple(errors),
                )
            )
        return rows

    def context(self) -> dict[str, Any]:
        return {
            "form": self,
            "kinds": KINDS,
            "points": draft.POINTS,
            "limits": LIMITS,
            "refused": bool(self.faults),
        }


def _depends_on(
    earlier: Mapping[str, Item], items: Mapping[str, Item], chosen: str
) -> tuple[Choice, ...]:
    """The questions before this one that have values, and what was chosen even if it has moved."""
    possible = {uid: item for uid, item in earlier.items() if item.kind != TEXT}
    if chosen and chosen not in possible:
        possible[chosen] = items.get(chosen, Item("", _("a question that is gone")))
    return tuple(
        Choice(uid, item.question or _("Question without words"), uid == chosen)
        for uid, item in possible.items()
    )


def _values(asked: Item | None, item: Item) -> tuple[Choice, ...]:
    """What the other question can be answered with; those still chosen that it no longer has."""
    chosen = item.shown_if.values if item.shown_if else ()
    values = asked.values if asked else ()
    return tuple(
        Choice(
            value=str(value),
            words=asked.word(value) if asked and value in values else "",
            chosen=value in chosen,
        )
        for value in (*values, *(value for value in chosen if value not in values))
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A rubric that was downloaded from RadRate, here or elsewhere."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
