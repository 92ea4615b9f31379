"""Designs as they are offered: a name, and a sentence on when to take it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from radrate.studies.models import Phase

Design = Phase.Design


@dataclass(frozen=True, slots=True)
class Offer:
    design: str
    name: str | Promise
    sentence: str | Promise


OFFERS = (
    Offer(
        Design.PAIR,
        _("Pair"),
        _("Two images, one of them real. The sharpest test; chance is 1 in 2."),
    ),
    Offer(
        Design.SINGLE,
        _("Single image"),
        _("Real or generated, one by one, as in daily work; chance is 1 in 2."),
    ),
    Offer(
        Design.MULTIPLE,
        _("Three or four"),
        _("One real image among generated ones; for several models at once."),
    ),
    Offer(
        Design.PREFERENCE,
        _("Preference"),
        _("Two models side by side: which image is better? Ranks models."),
    ),
    Offer(
        Design.RATING,
        _("Rating only"),
        _("Scores and defects, no verdict; for readers who must not know the aim."),
    ),
    Offer(
        Design.FIND_EDIT,
        _("Find the edit"),
        _("Click where an image was changed; scored against the true region."),
    ),
)
NAMES = {offer.design: offer.name for offer in OFFERS}
