"""What a manager decides about the readers of a study."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from radrate.studies.models import ReaderStudy
from radrate.studies.terms import ASKED, LONGEST, PROFILE_FIELDS, REQUIRED

LABELS = {
    "years_of_experience": _("Years of experience"),
    "specialty": _("Specialty"),
    "region_of_expertise": _("Region of expertise"),
    "ai_familiarity": _("Familiarity with artificial intelligence"),
}
CHOICES = [("", _("not asked")), (ASKED, _("asked")), (REQUIRED, _("asked, must be answered"))]
ROWS = {"rows": 10}


class TermsForm(forms.Form):
    consent = forms.CharField(
        label=_("What readers agree to"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs=ROWS),
        help_text=_(
            "A blank line begins a paragraph. It must not give the aim away. A change is a new "
            "version; every reader is asked to agree to it before the next case."
        ),
    )
    analyses_leavers = forms.TypedChoiceField(
        label=_("Answers of a reader who leaves"),
        choices=[
            ("yes", _("are kept under the pseudonym and analysed")),
            ("no", _("are kept under the pseudonym and left out of the analysis")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    institution = forms.CharField(
        label=_("On certificates"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who runs the reading and vouches for it; up to five lines."),
    )
    debrief = forms.CharField(
        label=_("Debrief"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Shown to readers after the close, above the licences of the images."),
    )

    def __init__(self, *args: Any, study: ReaderStudy, consent: str, **kwargs: Any) -> None:
        initial = {
            "consent": consent,
            "analyses_leavers": "yes" if study.analyses_leavers else "no",
            "institution": study.institution,
            "debrief": study.debrief,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["analyses_leavers"].disabled = study.state != ReaderStudy.State.DRAFT
        for name in PROFILE_FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name],
                choices=CHOICES,
                required=False,
                initial=study.profile_fields.get(name, ""),
            )

    @property
    def profile(self) -> list[forms.BoundField]:
        return [self[name] for name in PROFILE_FIELDS]

    def profile_fields(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in PROFILE_FIELDS}

    def clean_institution(self) -> str:
        text = self.cleaned_data["institution"].replace("\r\n", "\n").strip()
        if text.count("\n") > 4 or any(len(line) > 100 for line in text.splitlines()):
            raise forms.ValidationError(_("At most five lines of 100 characters."))
        return text
