"""The designs themselves. Numbers of cases and readers are those of the papers."""

from django.utils.translation import gettext_lazy as _

from radrate.studies.models import Phase
from radrate.studies.published.parts import PhasePart, Published

Design = Phase.Design

ADAMS = Published(
    key="adams2023",
    name=_("Rating of what a model draws"),
    summary=_("Images are scored one by one for anatomy, joints, trabeculae and collimation."),
    citation=(
        "Adams LC et al. What Does DALL-E 2 Know About Radiology? "
        "J Med Internet Res 2023;25:e43110."
    ),
    differs=_("There the authors looked unblinded; here references are hidden among the images."),
    phases=(
        PhasePart(
            Design.RATING,
            _("Rating"),
            _("Score each radiograph for what it shows. Use the whole scale."),
            rubric="adams2023",
        ),
    ),
    planned_readers=1,
)

TORDJMAN = Published(
    key="tordjman2026",
    name=_("Unaware, then informed"),
    summary=_(
        "Readers first judge quality without knowing the aim; then they see the same images again "
        "and tell real from generated."
    ),
    citation="Tordjman M et al. Radiology 2026 (17 readers, 77 generated and 77 real radiographs).",
    differs=_("The second set of chest radiographs is a study of its own."),
    phases=(
        PhasePart(
            Design.RATING,
            _("Quality"),
            _(
                "Judge the quality of each radiograph as in daily work, and say at the end whether "
                "anything about this set struck you as unusual."
            ),
            rubric="full-quality",
            options={"case_limit": 154},
        ),
        PhasePart(
            Design.SINGLE,
            _("Real or generated"),
            _(
                "About half of the radiographs that you have just read were made by a computer. "
                "You see them once more. Which are real?"
            ),
            rubric="visual-turing-test",
            shows_again=1,
            options={"verdict_first": True},
        ),
    ),
    planned_readers=17,
)

KHOSRAVI = Published(
    key="khosravi2023",
    name=_("Pairs: which one is real?"),
    summary=_("A real and a generated radiograph stand side by side; chance is one in two."),
    citation="Khosravi B et al. 2023, pelvis radiographs (5 readers, 50 pairs).",
    phases=(
        PhasePart(
            Design.PAIR,
            _("Pairs"),
            _("One of the two radiographs is real, the other was made by a computer."),
            rubric="visual-turing-test",
            options={"case_limit": 50},
        ),
    ),
    planned_readers=5,
)

QUARTETS = Published(
    key="cervical2025",
    name=_("Quartets with realism"),
    summary=_(
        "One real radiograph among three generated ones; every image is scored for realism. Chance "
        "is one in four."
    ),
    citation="Cervical spine DDPM, arXiv:2510.22166 (8 readers, 50 quartets, 3 checkpoints).",
    differs=_("Choose three campaigns, and each quartet shows an image of each."),
    phases=(
        PhasePart(
            Design.MULTIPLE,
            _("Quartets"),
            _("One of the four radiographs is real, three were made by a computer."),
            rubric="adams2023",
            images=4,
            options={"case_limit": 50},
        ),
    ),
    planned_readers=8,
)

PARK = Published(
    key="park2021",
    name=_("Single images, half of them real"),
    summary=_("Real or generated, one image at a time, as many of each."),
    citation=(
        "Park HY et al. JMIR Med Inform 2021 (CT; 10 readers in 3 groups of experience, 150 real "
        "and 150 generated)."
    ),
    phases=(
        PhasePart(
            Design.SINGLE,
            _("Single images"),
            _("Each radiograph is real or was made by a computer. Judge them one by one."),
            rubric="visual-turing-test",
            options={"case_limit": 300, "repeats": 20, "minimum_lag": 30},
        ),
    ),
    differs=_("Twenty images are shown twice: how far does a reader agree with an earlier answer?"),
    planned_readers=10,
)

PREFERENCE = Published(
    key="preference",
    name=_("Preference between two models"),
    summary=_(
        "Images of two campaigns for the same prompt stand side by side; the better one is chosen."
    ),
    differs=_("Ranks models by wins. Nothing is said on how real either looks."),
    phases=(
        PhasePart(
            Design.PREFERENCE,
            _("Preference"),
            _("Which of the two radiographs is the better one?"),
            options={"offers_unsure": True},
        ),
    ),
    planned_readers=3,
)

FIND_EDIT = Published(
    key="find-edit",
    name=_("Find the edit"),
    summary=_("Readers click where an image was changed; the click is scored against the mask."),
    differs=_("Needs a campaign of edits, whose masks are known."),
    phases=(
        PhasePart(
            Design.FIND_EDIT,
            _("Find the edit"),
            _("A part of each radiograph was changed. Click where."),
            rubric="edit-quality",
        ),
    ),
    planned_readers=3,
)

PUBLISHED: dict[str, Published] = {
    one.key: one for one in (ADAMS, TORDJMAN, KHOSRAVI, QUARTETS, PARK, PREFERENCE, FIND_EDIT)
}
