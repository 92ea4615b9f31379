"""What a draft's numbers of readers and cases will be able to show."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

RATING = "rating"
WANTED_POWER = 0.8
DIFFERENCE = 0.1
"""From chance, that a study should find or exclude. Half of it takes four times as many answers."""
PART_OF_A_SCALE = 1 / 8
"""The same for a mean score: half a point of 1 to 5."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Half-width of the 95 % interval of the accuracy (0 to 1) or of a mean score (points of its
    scale); the smallest difference that is found with 80 % power; the power to find the
    `sought` difference and, if there is none, to show that it is smaller."""

    half_width: float
    detectable: float
    sought: float
    power: float
    equivalence_power: float
    too_low: bool
    sentence: str


def outlook(
    *,
    design: str,
    images: int,
    readers: int,
    cases: int,
    load: int,
    shared: int,
    points: int = 5,
) -> Outlook | None:
    """Of a phase in which each of `readers` reads `load` of `cases`, `shared` of them by everyone;
    a score has so many `points`. None if nothing can be said: fewer than two readers, or no case.
    """
    from radrate.stats.precision import Precision, Reading, of_accuracy, of_score

    if readers < 2 or not load:
        return None
    scored = design == RATING
    chance = 0.5 if images == 1 else 1 / images
    components = of_score(points - 1) if scored else of_accuracy(chance)
    reading = Reading(readers, cases, load, shared)
    precision = Precision(reading, components)
    sought = PART_OF_A_SCALE * (points - 1) if scored else DIFFERENCE
    power = precision.power(sought)
    too_low = power < WANTED_POWER
    more_readers = Precision(replace(reading, readers=2 * readers), components)
    more_cases = Precision(Reading(readers, 2 * cases, 2 * load, 2 * shared), components)
    return Outlook(
        half_width=precision.half_width(),
        detectable=precision.detectable(WANTED_POWER),
        sought=sought,
        power=power,
        equivalence_power=precision.equivalence_power(sought),
        too_low=too_low,
        sentence=_sentence(
            precision.half_width(),
            precision.detectable(WANTED_POWER),
            scored=scored,
            too_low=too_low,
            readers_first=more_readers.half_width() < more_cases.half_width(),
        ),
    )


def _sentence(
    half_width: float, detectable: float, *, scored: bool, too_low: bool, readers_first: bool
) -> str:
    if scored:
        text = _(
            "The 95 %% interval of a mean score will be about ± %(half).1f points; a "
            "difference of %(least).1f points is found with a power of 80 %%."
        )
        said = text % {"half": half_width, "least": detectable}
    else:
        text = _(
            "The 95 %% interval of the accuracy will be about ± %(half)d percentage points; a "
            "difference of %(least)d points from chance is found with a power of 80 %%."
        )
        said = text % {"half": round(100 * half_width), "least": round(100 * detectable)}
    if not too_low:
        return said
    if readers_first:
        return said + " " + _("That is little: more readers would help most.")
    return said + " " + _("That is little: more cases would help most.")
