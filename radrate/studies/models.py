"""The experiment: its protocol, cases, readers and allocation."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from radrate.blinding.models import RenditionSet
from radrate.images.models import Batch, Origin, Radiograph
from radrate.studies.rubrics.models import Rubric


def new_token() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


LABELS = "ABCD"  # of the images of a case, as a reader sees them


def default_profile_fields() -> dict[str, str]:
    """What readers are asked about themselves unless the study chooses otherwise."""
    return {
        "years_of_experience": "required",
        "specialty": "required",
        "region_of_expertise": "asked",
        "ai_familiarity": "asked",
    }


class Side(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class ReaderStudy(models.Model):
    class Task(models.TextChoices):
        WHICH_REAL = "which_real", _("Which image is real?")
        WHICH_INTACT = "which_intact", _("Which image is intact?")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LOCKING = "locking", _("being locked")
        LOCKED = "locked", _("locked")
        OPEN = "open", _("open")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")
        UNBLINDED = "unblinded", _("unblinded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("number"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    task = models.CharField(_("task"), max_length=16, choices=Task)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="studies", verbose_name=_("manager")
    )
    batches = models.ManyToManyField(Batch, related_name="+", verbose_name=_("campaigns"))
    matching_rules = models.JSONField(_("matching rules"))
    seed = models.PositiveBigIntegerField(_("seed"))
    block_size = models.PositiveIntegerField(_("cases a block"), default=12)
    keeps_trail = models.BooleanField(_("the viewer's trail is kept"), default=False)
    planned_readers = models.PositiveIntegerField(_("planned readers"), default=0)
    spare_readers = models.PositiveIntegerField(_("spare places for readers"), default=0)
    protocol = models.JSONField(_("protocol"), null=True, blank=True)
    protocol_hash = models.CharField(_("protocol hash"), max_length=64, blank=True)
    rendition_set = models.ForeignKey(
        RenditionSet, models.PROTECT, null=True, blank=True, related_name="+"
    )
    problem = models.TextField(_("what stopped the lock"), blank=True)
    profile_fields = models.JSONField(
        _("what readers are asked about themselves"), default=default_profile_fields, blank=True
    )
    analyses_leavers = models.BooleanField(
        _("answers of a reader who left are analysed"), default=True
    )
    institution = models.TextField(_("institution on certificates"), blank=True)
    debrief = models.TextField(_("debrief"), blank=True)
    ends_on = models.DateField(_("planned end"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    unblinded_at = models.DateTimeField(_("unblinded"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("reader study")
        verbose_name_plural = _("reader studies")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "locking"]) | ~Q(protocol_hash=""),
                name="locked_study_has_a_protocol",
            ),
            models.CheckConstraint(
                condition=~Q(state="unblinded")
                | Q(closed_at__isnull=False, unblinded_at__isnull=False),
                name="unblinded_after_close",
            ),
            models.CheckConstraint(condition=Q(block_size__gte=1), name="block_size_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def neutral_title(self) -> str:
        """What readers are told; the study's own name may give the aim away."""
        return _("Reading %(number)s") % {"number": self.number}

    @property
    def reference_origin(self) -> str:
        return Origin.REAL if self.task == self.Task.WHICH_REAL else Origin.SIMULATED


class Phase(models.Model):
    """A part of a study: a design, its questions, its cases and what its readers are told."""

    class Design(models.TextChoices):
        PAIR = "pair", _("pair: one of two is the reference")
        SINGLE = "single", _("single image: reference or not")
        MULTIPLE = "multiple", _("three or four images: one is the reference")
        PREFERENCE = "preference", _("preference between two conditions")
        RATING = "rating", _("rating only")
        FIND_EDIT = "find_edit", _("find the edit")

    class Allocation(models.TextChoices):
        CROSSED = "crossed", _("every reader reads every case")
        BLOCKS = "blocks", _("each case by some readers, a shared set by all")
        QUOTA = "quota", _("a number of cases a reader")

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=100, blank=True)
    design = models.CharField(_("design"), max_length=12, choices=Design, default=Design.PAIR)
    images = models.PositiveSmallIntegerField(_("images a case"), default=2)
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="phases")
    verdict = models.ForeignKey(Rubric, models.PROTECT, null=True, blank=True, related_name="+")
    verdict_first = models.BooleanField(_("the verdict comes before the scores"), default=False)
    offers_both = models.BooleanField(_("“all generated” can be answered"), default=False)
    offers_unsure = models.BooleanField(_("“cannot tell” can be answered"), default=False)
    told = models.TextField(_("what readers are told"), blank=True)
    consent = models.TextField(_("what readers agree to"), blank=True)
    arms = models.ManyToManyField("Arm", blank=True, related_name="+", verbose_name=_("arms"))
    same_images_as = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    case_limit = models.PositiveIntegerField(_("cases at most"), null=True, blank=True)
    allocation = models.CharField(
        _("allocation"), max_length=8, choices=Allocation, default=Allocation.CROSSED
    )
    anchors = models.PositiveIntegerField(_("cases that every reader reads"), default=0)
    cases_per_reader = models.PositiveIntegerField(_("cases a reader"), null=True, blank=True)
    catch_trials = models.PositiveIntegerField(_("catch trials"), default=0)
    repeats = models.PositiveIntegerField(_("hidden repeats"), default=0)
    minimum_lag = models.PositiveIntegerField(_("cases between a case and its repeat"), default=10)
    sessions = models.PositiveSmallIntegerField(_("sessions"), default=1)
    washout_days = models.PositiveIntegerField(_("days between the sessions"), default=28)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "position"],
                name="phase_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(design__in=["pair", "preference"], images=2)
                | Q(design="multiple", images__in=[3, 4])
                | Q(design__in=["single", "rating", "find_edit"], images=1),
                name="images_of_the_design",
            ),
            models.CheckConstraint(
                condition=Q(sessions__gte=1, sessions__lte=2), name="one_or_two_sessions"
            ),
        ]
        verbose_name = _("phase")
        verbose_name_plural = _("phases")

    def __str__(self) -> str:
        return self.title or self.get_design_display()

    @property
    def labels(self) -> str:
        """Of the images of a case, in their order."""
        return LABELS[: self.images]


class Arm(models.Model):
    """A condition compared: one campaign's images."""

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="arms")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    label = models.CharField(_("label"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "batch"], name="arm_once")]
        verbose_name = _("arm")
        verbose_name_plural = _("arms")

    def __str__(self) -> str:
        return self.label


class Case(models.Model):
    """What is shown at once: one to four images."""

    class Kind(models.TextChoices):
        MAIN = "main", _("main")
        TRAINING = "training", _("training")
        CATCH = "catch", _("catch trial")

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="cases")
    phase = models.ForeignKey(Phase, models.CASCADE, related_name="cases")
    arm = models.ForeignKey(Arm, models.CASCADE, null=True, blank=True, related_name="cases")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.MAIN)
    explanation = models.TextField(_("what is told after this example"), blank=True)
    body_part_examined = models.CharField(_("body part examined"), max_length=32)
    view_position = models.CharField(_("view position"), max_length=32, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="case_number_once"),
        ]
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def __str__(self) -> str:
        return str(self.number)


class CaseImage(models.Model):
    """An image of a case. The reference, where there is one, has number 1."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="images")
    number = models.PositiveSmallIntegerField(_("number"))
    radiograph = models.ForeignKey(Radiograph, models.PROTECT, related_name="+")
    arm = models.ForeignKey(Arm, models.CASCADE, null=True, blank=True, related_name="+")
    is_reference = models.BooleanField(_("reference"), default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="image_number_once_a_case"),
            models.UniqueConstraint(fields=["case", "radiograph"], name="image_once_a_case"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=4), name="at_most_four_images"
            ),
        ]
        verbose_name = _("image of a case")
        verbose_name_plural = _("images of cases")

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class Unmatched(models.Model):
    """A candidate for which no reference was left, and why."""

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="unmatched")
    radiograph = models.ForeignKey(Radiograph, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "radiograph"], name="unmatched_once")
        ]
        verbose_name = _("unmatched image")
        verbose_name_plural = _("unmatched images")

    def __str__(self) -> str:
        return self.reason


class StudyReader(models.Model):
    """A place for a reader; the slot decides order and sides together with the study's seed.

    A spare place has no user yet. The slot of somebody who left before rating anything is given to
    the next who joins, as a place of its own. A machine has an account of its own, which reads one
    study.
    """

    class ReaderClass(models.TextChoices):
        HUMAN = "human", _("human")
        MACHINE = "machine", _("machine")

    study = models.ForeignKey(ReaderStudy, models.CASCADE, related_name="readers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="readings"
    )
    reader_class = models.CharField(
        _("class"), max_length=8, choices=ReaderClass, default=ReaderClass.HUMAN
    )
    slot = models.PositiveIntegerField(_("slot"))
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True, default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        ordering = ["slot"]
        constraints = [
            models.UniqueConstraint(fields=["study", "user"], name="reader_once_a_study"),
            models.UniqueConstraint(
                fields=["study", "slot"],
                condition=Q(withdrawn_at__isnull=True),
                name="slot_once_a_study",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(reader_class="machine"), name="machine_reads_one_study"
            ),
        ]
        verbose_name = _("reader")
        verbose_name_plural = _("readers")

    def __str__(self) -> str:
        return f"{self.study_id} {self.slot}"


class Assignment(models.Model):
    """One reader × one case, with its place in the order and which image stands where.

    `layout` has, for each label of the case in order, the number of the image under it: "21" shows
    image 2 as A and image 1 as B. Positions and blocks run on through phases and sessions.
    """

    study_reader = models.ForeignKey(StudyReader, models.CASCADE, related_name="assignments")
    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    position = models.PositiveIntegerField(_("position"))
    block = models.PositiveIntegerField(_("block"))
    session = models.PositiveSmallIntegerField(_("session"), default=1)
    occurrence = models.PositiveSmallIntegerField(_("occurrence"), default=1)
    layout = models.CharField(_("images by label"), max_length=4)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    shown_at = models.DateTimeField(_("first shown"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["study_reader", "case", "session", "occurrence"],
                name="case_once_an_occurrence",
            ),
            models.UniqueConstraint(
                fields=["study_reader", "position"], name="position_once_a_reader"
            ),
            models.CheckConstraint(
                condition=Q(layout__regex=r"^[1-4]{1,4}$"), name="layout_of_numbers"
            ),
        ]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.study_reader_id} {self.position}"

    @property
    def labels(self) -> str:
        """Of the images of the case, as this reader sees them."""
        return LABELS[: len(self.layout)]

    def number_at(self, label: str) -> int:
        """The number of the image that stands under this label."""
        return int(self.layout[LABELS.index(label)])


class ConsentText(models.Model):
    """What readers agree to before they begin. Appended: a change is a new version."""

    study = models.ForeignKey(ReaderStudy, models.PROTECT, related_name="consent_texts")
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    text_hash = models.CharField(_("SHA-256 of the text"), max_length=64)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["study", "version"], name="consent_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="consent_version_from_one"),
        ]
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")

    def __str__(self) -> str:
        return f"{self.study_id} v{self.version}"
