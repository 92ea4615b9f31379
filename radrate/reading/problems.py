"""What does not work for a reader, told from the reading room; the study's manager reads it."""

import json
import math
import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from radrate.accounts.models import User
from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.studies.board.models import ProblemReport
from radrate.studies.models import Assignment, StudyReader

LONGEST = 2000
MOST_A_DAY = 50
LARGEST = 100_000  # pixels of a window, beyond which nobody's screen is
# The first that fits: most browsers name their ancestors, too.
BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"\bOPR/(\d+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"\b(?:Chrome|Chromium|HeadlessChrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"\bVersion/(\d+)[\d.]* .*Safari/")),
)


@dataclass(frozen=True, slots=True)
class Problem:
    id: UUID
    kind: str
    text: str
    width: int
    height: int
    ratio: float


def browser_family(user_agent: str) -> str:
    """Name and major version; nothing else of the header is kept."""
    for name, pattern in BROWSERS:
        if found := pattern.search(user_agent):
            return f"{name} {found[1][:6]}"
    return "other"


@transaction.atomic
def report_problem(*, user: User, token: str, problem: Problem, browser: str) -> ProblemReport:
    """Keep what the reader says of a case. The same id sent twice is kept once; it is taken
    whether the study is open or paused, and Http404 for anybody else's case."""
    assignment = Assignment.objects.filter(
        study_reader__user=user, study_reader__study__locked_at__isnull=False, token=token
    ).first()
    if assignment is None:
        raise Http404
    reader = StudyReader.objects.select_for_update(no_key=True).get(pk=assignment.study_reader_id)
    earlier = ProblemReport.objects.filter(pk=problem.id).first()
    if earlier is not None:
        return _again(earlier, assignment)
    if reader.problems.filter(at__gt=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise NotAllowed(_("You have reported many problems today. Please write to the manager."))
    try:
        with transaction.atomic():
            return ProblemReport.objects.create(
                id=problem.id,
                study_reader=reader,
                assignment=assignment,
                kind=problem.kind,
                text=problem.text,
                viewport_width=problem.width,
                viewport_height=problem.height,
                pixel_ratio=problem.ratio,
                browser=browser,
            )
    except IntegrityError as error:
        raise Conflict(_("This report could not be kept. Please send it again.")) from error


def _again(earlier: ProblemReport, assignment: Assignment) -> ProblemReport:
    if earlier.assignment_id != assignment.pk:
        raise Conflict(_("This report could not be kept. Please send it again."))
    return earlier


@require_POST
def reading_problem(request: HttpRequest, token: str) -> JsonResponse:
    """Answers like the saving of a sheet: 401 when the session has ended."""
    if not request.user.is_authenticated:
        return JsonResponse({"message": _("Your session has ended.")}, status=401)
    try:
        problem = _problem(request.body)
        browser = browser_family(request.headers.get("user-agent", "")[:500])
        report_problem(user=request.user, token=token, problem=problem, browser=browser)
    except DomainError as error:
        status = {Conflict: 409, NotAllowed: 429}.get(type(error), 422)
        return JsonResponse({"message": str(error)}, status=status)
    return JsonResponse(
        {"message": _("Thank you. The manager of the reading sees it.")}, status=201
    )


def _problem(body: bytes) -> Problem:
    try:
        sent = json.loads(body)
        kind = ProblemReport.Kind(sent["kind"])
        text = str(sent["text"])[:LONGEST].replace("\x00", "").strip()
        problem = Problem(
            id=UUID(str(sent["id"])),
            kind=kind,
            text=text.encode("utf-8", "replace").decode(),
            width=_pixels(sent["width"]),
            height=_pixels(sent["height"]),
            ratio=_ratio(sent["ratio"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise DomainError(_("The report arrived damaged. Please send it again.")) from error
    if problem.kind == ProblemReport.Kind.OTHER and not problem.text:
        raise DomainError(_("Please say what does not work."))
    return problem


def _pixels(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError
    return min(value, LARGEST)


def _ratio(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return round(min(max(float(value), 0), 100), 3)
