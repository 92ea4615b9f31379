"""What is asked of whoever designs a study."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from radrate.accounts.models import User
from radrate.images.models import Batch
from radrate.images.queries import campaign_batches
from radrate.studies.beginning import PARTS
from radrate.studies.design_words import NAMES, OFFERS
from radrate.studies.drafts import ONE_IMAGE
from radrate.studies.forms import RULE_LABELS, StudyForm
from radrate.studies.models import Arm, Phase, ReaderStudy
from radrate.studies.published import PUBLISHED
from radrate.studies.rubrics.models import Rubric

MOST_PLACES = 1000
DESIGN_CHOICES = [(offer.design, offer.name) for offer in OFFERS]
Design = Phase.Design


class NewStudyForm(StudyForm):
    """Without a design: pairs."""

    design = forms.ChoiceField(
        label=_("Design"),
        choices=DESIGN_CHOICES,
        widget=forms.RadioSelect,
        required=False,
        initial=Design.PAIR,
    )
    published = forms.ChoiceField(
        choices=[("", ""), *((key, key) for key in PUBLISHED)],
        widget=forms.HiddenInput,
        required=False,
    )


class DesignForm(forms.Form):
    design = forms.ChoiceField(
        label=_("Design"), choices=DESIGN_CHOICES, widget=forms.RadioSelect, initial=Design.PAIR
    )


class SettingsForm(StudyForm):
    """What holds for every phase of a draft."""

    planned_readers = forms.IntegerField(
        label=_("Places for readers"),
        min_value=0,
        max_value=MOST_PLACES,
        help_text=_("The lock gives cases to each, whether its reader has come or not."),
    )
    spare_readers = forms.IntegerField(
        label=_("Spare places"),
        min_value=0,
        max_value=MOST_PLACES,
        help_text=_("For readers who join late."),
    )

    def __init__(self, *args: Any, study: ReaderStudy, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, initial=_stored(study), **kwargs)
        del self.fields["task"]
        used = Batch.objects.filter(pk__in=study.batches.values("pk"))
        self.fields["batches"].queryset = campaign_batches(user) | used
        self.fields["batches"].required = False
        self.fields["seed"].required = True
        self.fields["seed"].help_text = _("Decides cases, orders and sides.")

    def settings(self) -> dict[str, Any]:
        names = ("name", "block_size", "seed", "planned_readers", "spare_readers", "batches")
        return {name: self.cleaned_data[name] for name in names} | {"matching_rules": self.rules()}


def _stored(study: ReaderStudy) -> dict[str, Any]:
    names = ("name", "block_size", "seed", "planned_readers", "spare_readers")
    rules = {f"rule_{name}": study.matching_rules.get(name, "") for name in RULE_LABELS}
    batches = list(study.batches.values_list("pk", flat=True))
    return {name: getattr(study, name) for name in names} | rules | {"batches": batches}


class PhaseForm(forms.ModelForm):
    """Everything that a phase can be told. Its parts are shown apart; see `FOLDED`."""

    images = forms.TypedChoiceField(
        label=_("Images a case"),
        choices=[(3, _("three: one is the reference")), (4, _("four: one is the reference"))],
        coerce=int,
        required=False,
        empty_value=None,
    )
    sessions = forms.TypedChoiceField(
        label=_("Sessions"),
        choices=[(1, _("one")), (2, _("two: everything is read again after a washout"))],
        coerce=int,
    )

    class Meta:
        model = Phase
        fields = [
            "title",
            "design",
            "images",
            "arms",
            "case_limit",
            "rubric",
            "told",
            "consent",
            "verdict_first",
            "offers_both",
            "offers_unsure",
            "allocation",
            "anchors",
            "cases_per_reader",
            "repeats",
            "minimum_lag",
            "sessions",
            "washout_days",
            "same_images_as",
        ]
        widgets = {
            "design": forms.RadioSelect,
            "arms": forms.CheckboxSelectMultiple,
            "allocation": forms.RadioSelect,
            "told": forms.Textarea(attrs={"rows": 4}),
            "consent": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "title": _("For you and the protocol; readers are not shown it."),
            "arms": _("None chosen: all campaigns of the study."),
            "case_limit": _("Empty: as many as the images allow."),
            "told": _("Shown before the phase begins. Plain text."),
            "consent": _("Empty: readers agree to the terms of the study alone."),
            "minimum_lag": _("So many cases at least lie between."),
            "anchors": _("A shared set, for agreement between readers."),
            "same_images_as": _(
                "Such as unaware, then informed. For designs with one image a case."
            ),
        }

    def __init__(self, *args: Any, rubrics: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phase: Phase = self.instance
        study = phase.study
        self.fields["design"].choices = DESIGN_CHOICES
        self.fields["allocation"].choices = Phase.Allocation.choices
        self.fields["arms"].queryset = Arm.objects.filter(study=study).order_by("pk")
        self.fields["rubric"].queryset = rubrics | Rubric.objects.filter(pk=phase.rubric_id)
        self.fields["rubric"].label_from_instance = _rubric_label
        earlier = study.phases.filter(
            position__lt=phase.position, design__in=ONE_IMAGE, same_images_as=None
        )
        self.fields["same_images_as"].queryset = earlier
        self.fields["same_images_as"].label = _("Shows the images again of")
        self.fields["same_images_as"].label_from_instance = phase_label
        self.fields["same_images_as"].empty_label = _("none: images of its own")
        self.initial["images"] = phase.images if phase.images > 2 else 4
        self.fields["arms"].label = _("Campaigns")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        design = data.get("design")
        if data.get("same_images_as") and design not in ONE_IMAGE:
            self.add_error(
                "same_images_as",
                _("Only designs with one image a case can show the same images again."),
            )
        needs = data.get("allocation") in (Phase.Allocation.BLOCKS, Phase.Allocation.QUOTA)
        if needs and not data.get("cases_per_reader"):
            self.add_error("cases_per_reader", _("Say how many cases each reader reads."))
        if design == Design.MULTIPLE:
            data["images"] = data.get("images") or 4
        elif design:
            data["images"] = 2 if design in (Design.PAIR, Design.PREFERENCE) else 1
        return data


def _rubric_label(rubric: Rubric) -> str:
    return f"{rubric.title or rubric.name} · {rubric.version}"


def phase_label(phase: Phase) -> str:
    return f"{phase.position} · {phase.title or NAMES[phase.design]}"


class CopyForm(forms.Form):
    name = forms.CharField(label=_("Name of the copy"), max_length=200)
    parts = forms.MultipleChoiceField(
        label=_("What is copied"),
        choices=list(PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=list(PARTS),
        help_text=_("Cases are made anew with a seed of its own; answers are never copied."),
    )
