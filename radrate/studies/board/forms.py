from django import forms
from django.utils.translation import gettext_lazy as _


class EndForm(forms.Form):
    ends_on = forms.DateField(
        label=_("Planned end"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Readers are told it. Nothing closes by itself."),
    )


class HandlingForm(forms.Form):
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
