"""What a reader is asked about themselves, and the name on their certificate."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from radrate.reading.certificate_pdf import missing_signs
from radrate.reading.models import MOST_YEARS, ReaderProfile
from radrate.studies.terms import PROFILE_FIELDS, REQUIRED

LONGEST_NAME = 120
NOT_SAID = _("rather not say")


class ProfileForm(forms.ModelForm):
    """The fields that the study asks, `required` as it says."""

    class Meta:
        model = ReaderProfile
        fields = list(PROFILE_FIELDS)

    def __init__(self, *args: Any, asked: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PROFILE_FIELDS:
            if name not in asked:
                del self.fields[name]
                continue
            field = self.fields[name]
            field.required = asked[name] == REQUIRED
            if isinstance(field, forms.TypedChoiceField):
                blank = _("please choose") if field.required else NOT_SAID
                field.choices = [("", blank), *list(field.choices)[1:]]
            elif not field.required:
                field.help_text = _("May be left blank.")
        if years := self.fields.get("years_of_experience"):
            years.widget.attrs |= {"max": MOST_YEARS, "inputmode": "numeric"}


class CertificateForm(forms.Form):
    name = forms.CharField(
        label=_("Your name, as it is to stand on the certificate"), max_length=LONGEST_NAME
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if missing := missing_signs(name):
            raise forms.ValidationError(
                _("The certificate's font lacks: %(signs)s. Please write the name without them."),
                params={"signs": missing},
            )
        return name
