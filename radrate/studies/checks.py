"""What stands against the lock of a draft, and what its manager should know before it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from radrate.errors import DomainError
from radrate.studies.allocation import problems
from radrate.studies.assigning import told
from radrate.studies.matching import NO_SUCH_REFERENCE, REFERENCES_USED_UP
from radrate.studies.models import Phase, ReaderStudy
from radrate.studies.outline import Outline, outlines
from radrate.studies.power import outlook

Design = Phase.Design
LONGEST_SESSION = 60
"""Minutes; attention goes before."""
WITH_REFERENCES = (Design.PAIR, Design.SINGLE, Design.MULTIPLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """`place` tells where it is changed: `phase`, `settings`, `readers` or `rubric`."""

    text: str
    is_error: bool
    phase: Phase | None = None
    place: str = "phase"


def findings(study: ReaderStudy, phases: Sequence[Outline] | None = None) -> list[Finding]:
    """Errors first, each in the order of the phases."""
    phases = outlines(study) if phases is None else phases
    found = [*_of_study(phases), *(one for each in phases for one in _of_phase(each))]
    return sorted(found, key=lambda finding: not finding.is_error)


def require_ready(study: ReaderStudy) -> None:
    """Raise DomainError with everything that stops the lock."""
    errors = [finding for finding in findings(study) if finding.is_error]
    if errors:
        raise DomainError(" ".join(_named(error) for error in errors))


def _named(finding: Finding) -> str:
    if finding.phase is None:
        return finding.text
    where = _("Phase %(n)d:") % {"n": finding.phase.position}
    return f"{where} {finding.text}"


def _of_study(phases: Sequence[Outline]) -> Iterator[Finding]:
    if not any(outline.arms for outline in phases):
        yield Finding(_("No campaign is under test. Choose one."), True, place="settings")
    if not any(outline.readers for outline in phases):
        text = _("There is no place for a reader. Plan some, or add readers.")
        yield Finding(text, True, place="settings")


def _of_phase(outline: Outline) -> Iterator[Finding]:
    phase = outline.phase
    for check in (_cases, _references, _questions, _again, _reading):
        for text, is_error, place in check(outline):
            yield Finding(text, is_error, phase, place)


Told = Iterator[tuple[str, bool, str]]


def _cases(outline: Outline) -> Told:
    phase = outline.phase
    if outline.mains or not outline.arms:
        return
    if phase.design == Design.PREFERENCE and len(outline.arms) == 1:
        text = _("A preference compares two campaigns, and one is under test. Add another.")
        yield text, True, "settings"
    elif phase.design == Design.FIND_EDIT:
        text = _("There is no case: of no image is it known where it was changed.")
        what_to_do = _("Choose a campaign of edits.")
        yield f"{text} {what_to_do}", True, "phase"
    elif phase.same_images_as:
        yield _("There is no case: the phase whose images it shows has none."), True, "phase"
    else:
        text = _("There is no case to read: nothing could be matched.")
        yield f"{text} {_why(outline)}", True, "phase"


def _why(outline: Outline) -> str:
    if not outline.left_count:
        return _(
            "Another phase shows all images: give it fewer cases, or use other campaigns here."
        )
    return _("Import references that show the same, or relax the matching rules.")


def _references(outline: Outline) -> Told:
    """Too few references stop the lock where so many cases were asked for; else they cost cases."""
    phase = outline.phase
    if phase.design not in WITH_REFERENCES or not outline.mains:
        return
    missing: Counter[str] = Counter()
    for row in outline.left:
        if row.reason in (NO_SUCH_REFERENCE, REFERENCES_USED_UP):
            missing[row.what] += row.count
    if not missing:
        return
    short = phase.case_limit is not None and outline.mains < phase.case_limit
    regions = ", ".join(f"{what} ({count})" for what, count in sorted(missing.items()))
    if short:
        text = _(
            "Of %(asked)d cases asked for %(found)d were found; references are missing for "
            "%(regions)s. Import more of them, or ask for fewer cases."
        )
        words = {"asked": phase.case_limit, "found": outline.mains, "regions": regions}
    else:
        text = _("No reference is left for %(regions)s; these images are left out.")
        words = {"regions": regions}
    yield text % words, short, "phase"


def _questions(outline: Outline) -> Told:
    """A design without a question of its own asks nothing if the rubric does not."""
    rubric = outline.phase.rubric
    if any(criterion.required for criterion in rubric.criteria.all()):
        return
    is_all = not any(criterion.required for criterion in outline.asked)
    text = _("No question of the rubric “%(rubric)s” has to be answered.")
    if is_all:
        text += " " + _("Make one required, or choose another rubric.")
    if is_all or rubric.criteria.all():
        yield text % {"rubric": rubric.title or rubric.name}, is_all, "rubric"


def _again(outline: Outline) -> Told:
    phase = outline.phase
    source = phase.same_images_as
    if source and (phase.images, source.images) != (1, 1):
        text = _("Only designs with one image a case can show the same images again.")
        yield text, True, "phase"
    if outline.mains:
        for problem in problems(outline.plan):
            text = told(problem)
            yield f"{text[0].upper()}{text[1:]}.", True, "phase"


def _reading(outline: Outline) -> Told:
    if not outline.mains:
        return
    minutes = outline.minutes
    if minutes > LONGEST_SESSION:
        text = ngettext(
            "A session takes about %(n)d minute. Give each reader fewer cases.",
            "A session takes about %(n)d minutes. Give each reader fewer cases.",
            minutes,
        )
        yield text % {"n": minutes}, False, "phase"
    found = outlook(
        design=outline.phase.design,
        images=outline.phase.images,
        readers=outline.readers,
        cases=outline.mains,
        load=outline.load,
        shared=min(outline.plan.shared, outline.load),
    )
    if found is not None and found.too_low:
        yield found.sentence, False, "phase"
