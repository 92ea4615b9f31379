"""Forms of the image library."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from radrate.images.models import Origin, Radiograph
from radrate.images.services import DESCRIBED
from radrate.images.terms import BODY_PARTS

ACCEPTED_FILES = ".png,.jpg,.jpeg,.dcm,.dicom,.zip,image/png,image/jpeg,application/dicom"
VIEWS = ("AP", "PA", "LATERAL", "OBLIQUE", "AXIAL", "OPEN_MOUTH", "DECUBITUS", "CC", "MLO")
LATERALITIES = {"R": _("right"), "L": _("left"), "B": _("both"), "U": _("unpaired")}
UNKNOWN = "unknown"
"""In the library's filter: images of which body part or view are not told."""


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """At least one upload. An empty one passes: the import tells why it is not taken."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        files = [super(SeveralFilesField, self).clean(file, initial) for file in data]
        limit = settings.MAX_UPLOAD_MB
        if sum(file.size for file in files) > limit << 20:
            raise forms.ValidationError(
                _("At most %(limit)d MB can be uploaded at once."), params={"limit": limit}
            )
        return files


class ImportForm(forms.Form):
    files = SeveralFilesField(
        label=_("Images"),
        allow_empty_file=True,
        help_text=_("PNG, JPEG or DICOM files, or zip archives of them."),
        error_messages={"required": _("Choose at least one file.")},
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED_FILES}),
    )
    manifest = forms.FileField(
        label=_("Manifest (optional)"),
        required=False,
        help_text=_(
            "A CSV file with the columns filename, body_part_examined, view_position, "
            "image_laterality, finding, licence, attribution and subject. "
            "A manifest.csv within a zip archive is found by itself."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    title = forms.CharField(
        label=_("Name of this import (optional)"), max_length=200, required=False
    )
    reviewed = forms.BooleanField(
        label=_(
            "I have looked at every image: no name, date of birth or number of a person "
            "can be read in it."
        ),
        required=False,
        help_text=_("Otherwise the images wait in the review queue until a manager has looked."),
    )


class LibraryFilter(forms.Form):
    """What the library shows. Choices of body part and view are those that occur."""

    origin = forms.ChoiceField(
        label=_("Origin"), required=False, choices=[("", _("all")), *Origin.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all but excluded")), *Radiograph.State.choices],
    )
    body_part_examined = forms.ChoiceField(label=_("Body part"), required=False)
    view_position = forms.ChoiceField(label=_("View"), required=False)
    batch = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, occurring: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in occurring.items():
            told = [(value, value) for value in values if value]
            self.fields[name].choices = [("", _("all")), *told, (UNKNOWN, _("not told"))]

    def lookups(self) -> dict[str, Any]:
        """Conditions on Radiograph. What is not a choice is not a condition."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: "" if value == UNKNOWN else value for name, value in chosen.items()}


class DetailsForm(forms.ModelForm):
    """What is said of an image. A value that is no term is kept unless another one is chosen."""

    class Meta:
        model = Radiograph
        fields = DESCRIBED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = {
            "body_part_examined": (_("Body part"), {part: part for part in sorted(BODY_PARTS)}),
            "view_position": (_("View"), {view: view for view in VIEWS}),
            "image_laterality": (_("Side"), LATERALITIES),
        }
        for name, (label, labels) in terms.items():
            kept = getattr(self.instance, name)
            choices = labels if kept in labels or not kept else {kept: kept, **labels}
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", _("not told")), *choices.items()]
            )

    def changes(self) -> dict[str, str]:
        """The fields that were sent and differ, with their new values. Expects a valid form."""
        sent = [name for name in self.changed_data if self.add_prefix(name) in self.data]
        return {name: self.cleaned_data[name] for name in sent}


class ReviewDetailsForm(DetailsForm):
    """What matching needs to know, beside each picture of the review queue."""

    class Meta:
        model = Radiograph
        fields = ("body_part_examined", "view_position", "image_laterality")


class ExcludeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages={"required": _("Say why these images are excluded.")},
    )
