from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from radrate.accounts.models import User
from radrate.images.models import Batch
from radrate.images.queries import campaign_batches
from radrate.studies.matching import DEFAULT_RULES, EQUAL, EQUAL_IF_KNOWN
from radrate.studies.models import ReaderStudy

RULE_CHOICES = [
    (EQUAL, _("must be equal")),
    (EQUAL_IF_KNOWN, _("must be equal where both are known")),
    ("", _("does not matter")),
]
RULE_LABELS = {
    "body_part_examined": _("Body part"),
    "view_position": _("View"),
    "image_laterality": _("Laterality"),
    "age_group": _("Age group"),
    "finding": _("Finding"),
}


class StudyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("Readers never see it; they see “Reading 7”.")
    )
    task = forms.ChoiceField(
        label=_("Question"),
        choices=[
            (
                ReaderStudy.Task.WHICH_REAL,
                _("Which image is real? The references are real radiographs."),
            ),
            (
                ReaderStudy.Task.WHICH_INTACT,
                _("Which image is intact? References are phantoms; nothing is said on realism."),
            ),
        ],
        widget=forms.RadioSelect,
        initial=ReaderStudy.Task.WHICH_REAL,
    )
    batches = forms.ModelMultipleChoiceField(
        label=_("Campaigns under test"),
        queryset=Batch.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one campaign.")},
    )
    block_size = forms.IntegerField(
        label=_("Cases a block"),
        min_value=1,
        max_value=500,
        initial=12,
        help_text=_("Answers can be revised until their block is handed in."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        max_value=2**53,
        help_text=_("Decides pairs, orders and sides. Empty: drawn at random and stored."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batches"].queryset = campaign_batches(user)
        for name, label in RULE_LABELS.items():
            self.fields[f"rule_{name}"] = forms.ChoiceField(
                label=label,
                choices=RULE_CHOICES if name not in ("body_part_examined",) else RULE_CHOICES[:2],
                initial=DEFAULT_RULES[name],
                required=False,
            )

    @property
    def rule_fields(self) -> list[forms.BoundField]:
        return [self[f"rule_{name}"] for name in RULE_LABELS]

    def rules(self) -> dict[str, str]:
        chosen = {name: self.cleaned_data[f"rule_{name}"] for name in RULE_LABELS}
        return {name: rule for name, rule in chosen.items() if rule}


class ReaderForm(forms.Form):
    username = forms.CharField(label=_("User name of the reader"), max_length=150)

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].strip()
        people = User.objects.exclude(readings__reader_class="machine")
        self.user = people.filter(username__iexact=username).first()
        if self.user is None:
            raise forms.ValidationError(_("Nobody here has this user name."))
        return username


class ChooseExamplesForm(forms.Form):
    each = forms.IntegerField(label=_("Examples for each body part"), min_value=1, max_value=20)


class ExplanationForm(forms.Form):
    explanation = forms.CharField(
        label=_("What is told after the answer"), max_length=1000, required=False
    )


class CatchTrialsForm(forms.Form):
    catch_trials = forms.IntegerField(label=_("Catch trials"), min_value=0, max_value=100)


class UnblindForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it unblinded?"),
        max_length=500,
        help_text=_("Kept for ever in the audit trail, with your name and the time."),
    )
