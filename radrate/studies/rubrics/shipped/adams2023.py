"""What Adams et al. looked at in generated radiographs (J Med Internet Res 2023;25:e43110): small
bones missing or fused, joints, trabeculae against the lines of stress, collimation, the view."""

from django.utils.translation import gettext as _

from radrate.studies.rubrics.definition import Definition, Item
from radrate.studies.rubrics.shipped import defects
from radrate.studies.rubrics.shipped.wording import scale


def of_films() -> Definition:
    overall = scale(
        "realism",
        _("Overall realism"),
        _("All in all: would you take it for a radiograph of a patient?"),
        _("clearly artificial"),
        _("rather artificial"),
        _("undecided"),
        _("rather real"),
        _("fully realistic"),
    )
    return Definition(
        title=_("Adams 2023"),
        description=_(
            "Six questions on each image after Adams et al. 2023. A pair takes 15 key presses "
            "with the verdict, the confidence and going on."
        ),
        criteria=(*_scales(_("as in a real patient")), overall),
        tags=defects.common(),
    )


def of_phantoms() -> Definition:
    """Of drawn phantoms nothing is said on realism."""
    overall = scale(
        "intactness",
        _("Overall intactness"),
        _("All in all: is everything there and as it should be?"),
        _("clearly defective"),
        _("rather defective"),
        _("undecided"),
        _("rather intact"),
        _("nothing is wrong"),
    )
    return Definition(
        title=_("Adams 2023 for phantoms"),
        description=_("The same questions for drawn phantoms, with intactness for realism."),
        criteria=(*_scales(_("nothing is wrong")), overall),
        tags=defects.common(),
    )


def _scales(best: str) -> tuple[Item, ...]:
    """`best` words the highest value of anatomy and joints."""
    return (
        scale(
            "anatomy",
            _("Anatomy and proportions"),
            _("Each bone once, in its shape and size. Count the small ones: carpals, toes."),
            _("bones missing, extra or impossible"),
            _("a major error"),
            _("minor errors"),
            _("doubtful in one place"),
            best,
        ),
        scale(
            "joints",
            _("Joints"),
            _("Joint spaces open, surfaces smooth and fitting, an alignment that can be."),
            _("fused, absent or impossible"),
            _("a major error"),
            _("minor errors"),
            _("doubtful in one place"),
            best,
        ),
        scale(
            "trabeculae",
            _("Trabecular structure"),
            _("Trabeculae follow the lines of stress, the cortex is sharp and closed."),
            _("random or absent"),
            _("mostly implausible"),
            _("partly implausible"),
            _("almost right"),
            _("along the lines of stress"),
        ),
        scale(
            "collimation",
            _("Collimation and centring"),
            _("The whole region within the field and in its middle, finger tips included."),
            _("anatomy cut off"),
            _("badly placed"),
            _("acceptable"),
            _("good"),
            _("as in a textbook"),
        ),
        scale(
            "view",
            _("View"),
            _("One projection, without rotation, as a standard view of this body part is taken."),
            _("no view that exists"),
            _("another view, or badly rotated"),
            _("clearly rotated or tilted"),
            _("slightly rotated or tilted"),
            _("a standard view"),
        ),
    )
