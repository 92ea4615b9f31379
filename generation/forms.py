"""The form from which a campaign is planned."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.backends import registry
from generation.presets import Preset
from generation.prompts import Prompt, format_line, parse_lines
from generation.services import MOST_SAMPLES
from radrate.errors import DomainError

LARGEST_SEED = 2**31 - 1


class CampaignForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    backend = forms.ChoiceField(label=_("Backend"))
    prompts = forms.CharField(
        label=_("Prompts"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "One a line. Parameters follow a bar: "
            "An X-ray of the knee | defect=misplaced_fibula, strength=0.5"
        ),
    )
    n = forms.IntegerField(label=_("Images a prompt"), min_value=1, max_value=MOST_SAMPLES)
    width = forms.IntegerField(label=_("Width in px"), min_value=1)
    height = forms.IntegerField(label=_("Height in px"), min_value=1)
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=LARGEST_SEED,
        help_text=_("The same seed, prompts and backend give the same images where it can."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["backend"].choices = [(alias, alias) for alias in registry.available()]

    def clean_prompts(self) -> list[Prompt]:
        try:
            return parse_lines(self.cleaned_data["prompts"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def images(self) -> int | None:
        """How many images a filled-in form asks for; None while that cannot be told."""
        self.is_valid()
        words, n = self.cleaned_data.get("prompts"), self.cleaned_data.get("n")
        return len(words) * n if words and n else None


def initial_of(preset: Preset | None) -> dict[str, Any]:
    """The form's first content: the preset's, or that of an empty campaign with a fresh seed."""
    if preset is None:
        seed = secrets.randbelow(LARGEST_SEED)
        return {"n": 4, "width": 1024, "height": 1024, "seed": seed}
    return {
        "title": preset.title,
        "backend": preset.backend,
        "prompts": "\n".join(map(format_line, preset.prompts)),
        "n": preset.n,
        "width": preset.width,
        "height": preset.height,
        "seed": preset.seed,
    }
