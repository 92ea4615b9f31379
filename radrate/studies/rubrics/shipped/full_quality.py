"""Ten dimensions of the quality of an image, for reading without hurry."""

from django.utils.translation import gettext as _

from radrate.studies.rubrics.definition import Definition, Item
from radrate.studies.rubrics.shipped import defects
from radrate.studies.rubrics.shipped.wording import scale


def rubric() -> Definition:
    return Definition(
        title=_("Full quality"),
        description=_(
            "Ten dimensions of each image from anatomy to use in teaching, and the full list of "
            "defects. For single images, or for pairs where time is no matter."
        ),
        criteria=(*_of_what_is_shown(), *_of_how_it_is_shown(), *_of_the_whole()),
        tags=defects.full(),
    )


def _of_what_is_shown() -> tuple[Item, ...]:
    return (
        scale(
            "anatomy",
            _("Anatomy and proportions"),
            _("Number, shape, size and place of every bone and organ."),
            _("region not recognisable, or bones missing, extra or impossible"),
            _("a major error"),
            _("minor errors"),
            _("doubtful in one place"),
            _("correct"),
        ),
        scale(
            "joints",
            _("Joints"),
            _("Joint spaces, articular surfaces, congruence and alignment."),
            _("fused, absent or impossible"),
            _("a major error"),
            _("minor errors"),
            _("doubtful in one place"),
            _("correct"),
        ),
        scale(
            "bone_structure",
            _("Cortex and trabeculae"),
            _("Cortex closed and of the right thickness, trabeculae along the lines of stress."),
            _("random or absent"),
            _("mostly implausible"),
            _("partly implausible"),
            _("almost right"),
            _("as in a real bone"),
        ),
        scale(
            "soft_tissue",
            _("Soft tissue"),
            _("Skin and fat outlines, lung, heart, diaphragm, bowel gas, vessels."),
            _("absent or impossible"),
            _("a major error"),
            _("minor errors"),
            _("doubtful in one place"),
            _("correct"),
        ),
    )


def _of_how_it_is_shown() -> tuple[Item, ...]:
    return (
        scale(
            "projection",
            _("Projection and positioning"),
            _("One view, the right one, without rotation or tilt."),
            _("no view that exists"),
            _("another view, or badly rotated"),
            _("clearly rotated or tilted"),
            _("slightly rotated or tilted"),
            _("a standard view"),
        ),
        scale(
            "collimation",
            _("Collimation and centring"),
            _("The region complete, in the middle, within edges that a collimator makes."),
            _("anatomy cut off"),
            _("badly placed"),
            _("acceptable"),
            _("good"),
            _("as in a textbook"),
        ),
        scale(
            "exposure",
            _("Exposure, noise and texture"),
            _("Penetration, contrast, grain and sharpness, all over the image."),
            _("useless"),
            _("poor"),
            _("acceptable"),
            _("good"),
            _("excellent"),
        ),
    )


def _of_the_whole() -> tuple[Item, ...]:
    return (
        scale(
            "adherence",
            _("What was asked for"),
            _("Region, view, side and finding of the request; n/a where you were told none."),
            _("something else"),
            _("the region only"),
            _("a major part is wrong or missing"),
            _("a detail is wrong or missing"),
            _("all of it"),
        ),
        scale(
            "usability",
            _("Use in teaching"),
            _("Would you show it to students as an example of this view or finding?"),
            _("never, it teaches something wrong"),
            _("rather not"),
            _("with an explanation"),
            _("yes, with little to add"),
            _("yes, at once"),
        ),
        scale(
            "realism",
            _("Overall realism"),
            _("All in all: would you take it for a radiograph of a patient?"),
            _("clearly artificial"),
            _("rather artificial"),
            _("undecided"),
            _("rather real"),
            _("fully realistic"),
        ),
    )
