"""Forms for choosing what is edited: radiographs, masks drawn on them, margins around them."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.masking import LARGEST_FILE
from generation.masks import RANDOM_AREA
from generation.targets import MOST_MARGIN, SIDES, image_line
from radrate.images.forms import LibraryFilter
from radrate.images.models import Radiograph

LARGEST_RECIPE = 2**20  # characters
LARGEST_SEED = 2**31 - 1
SHAPE = ("type", "box", "points", "radius")


class SourceFilter(LibraryFilter):
    """Body part and view; which origins and states can be edited is not a choice."""

    origin = None
    state = None
    batch = None


class DrawingForm(forms.Form):
    """A mask that was drawn, as its recipe in JSON."""

    label = forms.CharField(label=_("Name"), required=False, max_length=100)
    recipe = forms.CharField(
        max_length=LARGEST_RECIPE,
        widget=forms.HiddenInput,
        error_messages={"required": _("Draw at least one shape.")},
    )

    def clean_recipe(self) -> dict[str, Any]:
        """What masks.py knows of a recipe and nothing else, since it is stored."""
        try:
            recipe = json.loads(self.cleaned_data["recipe"], parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("This drawing cannot be read.")) from error
        if not isinstance(recipe, dict):
            raise forms.ValidationError(_("This drawing cannot be read."))
        if "region" in recipe:
            return {"region": str(recipe["region"])}
        if isinstance(chance := recipe.get("random"), dict):
            return {"random": {name: chance.get(name) for name in ("seed", "area")}}
        shapes = recipe.get("shapes")
        return {"shapes": [_shape(shape) for shape in shapes] if isinstance(shapes, list) else []}


def _no_number(name: str) -> None:
    raise ValueError(name)


def _shape(shape: Any) -> Any:
    if not isinstance(shape, dict):
        return shape
    kept = {name: shape[name] for name in SHAPE if name in shape}
    return kept | {"erase": True} if shape.get("erase") else kept


class UploadForm(forms.Form):
    """A mask from a file."""

    label = forms.CharField(label=_("Name"), required=False, max_length=100)
    png = forms.FileField(
        label=_("PNG, white where it is to be generated"),
        widget=forms.FileInput(attrs={"accept": ".png,image/png"}),
        error_messages={"required": _("Choose a file.")},
    )

    def clean_png(self) -> bytes:
        file = self.cleaned_data["png"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("A mask may have at most 4 MiB."))
        return file.read()


class RandomForm(forms.Form):
    """An area by chance; its share in %."""

    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=LARGEST_SEED, initial=1)
    percent = forms.FloatField(
        label=_("Area in %"),
        min_value=100 * RANDOM_AREA[0],
        max_value=100 * RANDOM_AREA[1],
        initial=10,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    @property
    def chance(self) -> dict[str, Any]:
        """What stands in a recipe. Expects a valid form."""
        return {
            "seed": self.cleaned_data["seed"],
            "area": round(self.cleaned_data["percent"] / 100, 5),
        }


def _margin(label: Any) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": 0.25})
    return forms.FloatField(
        label=label, required=False, min_value=0, max_value=MOST_MARGIN, widget=widget
    )


class MarginsForm(forms.Form):
    """How far a radiograph is continued beyond each border, in its own widths and heights."""

    left = _margin(_("Left"))
    top = _margin(_("Top"))
    right = _margin(_("Right"))
    bottom = _margin(_("Bottom"))

    def line(self, source: Radiograph) -> str:
        """The line of the plan; empty while no margin is given."""
        if not self.is_valid():
            return ""
        given = {name: round(self.cleaned_data[name] or 0, 3) for name in SIDES}
        given = {name: share for name, share in given.items() if share}
        return image_line(source.pk, given) if given else ""
