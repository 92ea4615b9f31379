"""How well an edit was done: a part replaced (inpainting) or an image continued (outpainting)."""

from django.utils.translation import gettext as _

from radrate.studies.rubrics.definition import Definition, Item
from radrate.studies.rubrics.shipped import defects
from radrate.studies.rubrics.shipped.wording import choice, only_if, scale

REPLACED, CONTINUED = 1, 2


def rubric() -> Definition:
    return Definition(
        title=_("Edit quality"),
        description=_(
            "For readers who know that images were edited. The first answer decides which "
            "questions follow: those of a replaced part, or those of a continued image."
        ),
        criteria=(_kind(), *_of_a_replaced_part(), *_of_a_continued_image(), *_of_both()),
        tags=(*defects.of_edits(), *defects.common()),
    )


def _kind() -> Item:
    return choice(
        "edit",
        _("What was done to it?"),
        _("A part was replaced or removed"),
        _("It was continued beyond its border"),
        _("I see no edit"),
        per_image=True,
    )


def _of_a_replaced_part() -> tuple[Item, ...]:
    replaced = only_if("edit", REPLACED)
    return (
        scale(
            "seam",
            _("Seam"),
            _("The transition from the old to the new all around the part."),
            _("a hard edge"),
            _("seen at once"),
            _("seen on a close look"),
            _("a trace of it"),
            _("none"),
            shown_if=replaced,
        ),
        scale(
            "residue",
            _("Residue"),
            _("What is left of the thing that was removed, its shadow included."),
            _("most of it is left"),
            _("a clear part"),
            _("a faint part"),
            _("a trace"),
            _("nothing"),
            shown_if=replaced,
        ),
        scale(
            "outside",
            _("Change outside of the part"),
            _("Anatomy or grey values that changed where nothing was to change."),
            _("other anatomy"),
            _("seen at once"),
            _("seen on a close look"),
            _("a trace"),
            _("none"),
            shown_if=replaced,
        ),
    )


def _of_a_continued_image() -> tuple[Item, ...]:
    continued = only_if("edit", CONTINUED)
    return (
        scale(
            "boundary",
            _("Boundary"),
            _("A line or step where the old image ended."),
            _("a hard line"),
            _("seen at once"),
            _("seen on a close look"),
            _("a trace of it"),
            _("none"),
            shown_if=continued,
        ),
        scale(
            "scale_jump",
            _("Scale and axis"),
            _("Bones go on in their size and direction; limbs have their length."),
            _("broken at the border"),
            _("a clear jump"),
            _("a slight jump"),
            _("doubtful"),
            _("go on"),
            shown_if=continued,
        ),
        scale(
            "repeated",
            _("Repeated anatomy"),
            _("Joints, vertebrae, ribs or patches that come twice, or too often."),
            _("a whole joint or organ"),
            _("several bones"),
            _("one bone"),
            _("a patch of texture"),
            _("none"),
            shown_if=continued,
        ),
    )


def _of_both() -> tuple[Item, ...]:
    edited = only_if("edit", REPLACED, CONTINUED)
    return (
        scale(
            "noise_match",
            _("Noise and sharpness"),
            _("Grain, sharpness and contrast of the new part against the old."),
            _("another kind of picture"),
            _("differ at once"),
            _("differ on a close look"),
            _("almost the same"),
            _("the same"),
            shown_if=edited,
        ),
        scale(
            "content",
            _("Anatomy of the new part"),
            _("Number, shape and place of what was put in; joints above all."),
            _("impossible"),
            _("a major error"),
            _("minor errors"),
            _("doubtful in one place"),
            _("as it could have been"),
            shown_if=edited,
        ),
    )
