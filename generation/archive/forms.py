"""The form of an archive by web."""

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.archive.manifest import Defaults
from generation.prompts import LONGEST
from radrate.images.forms import SeveralFilesField, SeveralFilesInput

ACCEPTED_FILES = ".zip,.png,.jpg,.jpeg,.csv,image/png,image/jpeg"


class ArchiveForm(forms.Form):
    title = forms.CharField(label=_("Name of the campaign"), max_length=200)
    files = SeveralFilesField(
        label=_("Archive"),
        allow_empty_file=True,
        help_text=_("A zip archive, or PNG and JPEG files. They are kept as they come."),
        error_messages={"required": _("Choose at least one file.")},
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED_FILES}),
    )
    manifest = forms.FileField(
        label=_("Manifest"),
        required=False,
        help_text=_("A CSV file; a manifest.csv within the archive is found by itself."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    prompt = forms.CharField(
        label=_("Prompt where none is told"),
        required=False,
        max_length=LONGEST,
        help_text=_("With it, files that are not in the manifest are taken too."),
    )
    model = forms.CharField(label=_("Model where none is told"), required=False, max_length=200)
    licence = forms.CharField(label=_("Licence where none is told"), required=False, max_length=200)
    reviewed = forms.BooleanField(
        label=_(
            "I have looked at every image: no name, date of birth or number of a person "
            "can be read in it."
        ),
        required=False,
        help_text=_(
            "Otherwise edits of a radiograph that is not in the library wait in the review queue."
        ),
    )
    again = forms.BooleanField(label=_("Import it even if it was imported before."), required=False)

    def defaults(self) -> Defaults:
        """Of a valid form."""
        told = self.cleaned_data
        return Defaults(prompt=told["prompt"], model=told["model"], licence=told["licence"])
