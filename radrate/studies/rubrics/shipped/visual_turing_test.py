"""What is asked beside a design's own verdict and confidence, so that one learns why."""

from django.utils.translation import gettext as _

from radrate.studies.rubrics.definition import Definition
from radrate.studies.rubrics.shipped import defects
from radrate.studies.rubrics.shipped.wording import choice, only_if, scale, text

YES, SOMETHING_ELSE = 2, 10


def rubric() -> Definition:
    return Definition(
        title=_("Visual Turing test"),
        description=_(
            "How realistic each image is on an even scale, whether anything is unusual, and what "
            "decides the reader. The verdict and the confidence come from the design."
        ),
        criteria=(
            scale(
                "realism",
                _("How realistic is it?"),
                _("Four points without a middle."),
                _("unrealistic"),
                _("rather unrealistic"),
                _("rather realistic"),
                _("fully realistic"),
            ),
            choice("unusual", _("Did anything strike you as unusual?"), _("No"), _("Yes")),
            text("unusual_what", _("What was it?"), shown_if=only_if("unusual", YES)),
            choice("feature", _("Which feature decides you most?"), *_features()),
            text(
                "feature_other",
                _("Which other feature?"),
                shown_if=only_if("feature", SOMETHING_ELSE),
            ),
        ),
        tags=defects.common(),
    )


def _features() -> tuple[str, ...]:
    return (
        _("Nothing in particular"),
        _("Bones, their shape or number"),
        _("Joints"),
        _("Trabeculae or cortex"),
        _("Soft tissue or organs"),
        _("Grain or sharpness"),
        _("Exposure or contrast"),
        _("Collimation or positioning"),
        _("Marker, text or objects"),
        _("Something else"),
    )
