"""What a plan will take, told by jobs that ended: time and cost, before anything starts."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, F, FloatField
from django.db.models.functions import Cast

from generation.backends import registry
from generation.models import GenerationJob, State
from generation.planning import Laid, Plan

LATELY = 200  # jobs


@dataclass(frozen=True, slots=True)
class Estimate:
    """`rows` of the matrix × n make `images`; `asked` is what the backend makes for them, windows
    and candidates included. `seconds` is one worker's time, None where no job tells yet."""

    rows: int
    images: int
    asked: int
    seconds: float | None
    cost: Decimal

    @property
    def minutes(self) -> int:
        return round((self.seconds or 0) / 60)


def estimate(plan: Plan, laid: Laid) -> Estimate:
    each = seconds_each(plan.backend, plan.operation)
    return Estimate(
        rows=len(laid.rows),
        images=len(laid.rows) * plan.n,
        asked=laid.images_asked,
        seconds=None if each is None else each * laid.images_asked,
        cost=registry.limits_or_default(plan.backend).cost_per_image * laid.images_asked,
    )


def seconds_each(backend: str, operation: str) -> float | None:
    """Seconds for each image that was asked for, over the last jobs of this kind."""
    ended = GenerationJob.objects.filter(
        campaign__backend=backend,
        campaign__operation=operation,
        state=State.SUCCEEDED,
        seconds__isnull=False,
    )
    last = ended.order_by("-finished_at").values("pk")[:LATELY]
    each = Avg(F("seconds") / Cast("asked", FloatField()))
    found: float | None = GenerationJob.objects.filter(pk__in=last).aggregate(each=each)["each"]
    return found
