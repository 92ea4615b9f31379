"""The form from which a campaign is planned."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.backends import registry
from generation.backends.base import Operation
from generation.filters import list_filters
from generation.models import Campaign
from generation.planning import MOST_SAMPLES, Plan
from generation.presets import Preset
from generation.prompts import Prompt, format_line, format_params, parse_lines, parse_params
from generation.targets import Target, parse_targets
from radrate.errors import DomainError

LARGEST_SEED = 2**31 - 1
MONEY = {"min_value": 0, "max_digits": 12, "decimal_places": 4}


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})


class BudgetForm(forms.Form):
    budget = forms.DecimalField(**MONEY)


class CampaignForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    backend = forms.ChoiceField(label=_("Backend"))
    operation = forms.ChoiceField(label=_("Operation"), choices=Campaign.Operation.choices)
    prompts = forms.CharField(
        label=_("Prompts"),
        widget=_lines(6),
        help_text=_(
            "One a line. Parameters follow a bar: "
            "An X-ray of the knee | defect=misplaced_fibula, strength=0.5. "
            "In an edit, {region} is what the source shows."
        ),
    )
    targets = forms.CharField(
        label=_("Radiographs to edit"),
        required=False,
        widget=_lines(6),
        help_text=_(
            "One a line. A region of a film of the library: PELVIS AP | region=left hip. "
            "An area by chance: KNEE AP | random=0.1, seed=3. "
            "Beyond a border: KNEE AP | right=0.5."
        ),
    )
    n = forms.IntegerField(label=_("Images each"), min_value=1, max_value=MOST_SAMPLES)
    width = forms.IntegerField(label=_("Width in px"), min_value=1)
    height = forms.IntegerField(label=_("Height in px"), min_value=1)
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=LARGEST_SEED)
    negative_prompt = forms.CharField(
        label=_("Negative prompt"), required=False, help_text=_("What should not be shown.")
    )
    parameters = forms.CharField(
        label=_("Parameters of the backend"),
        required=False,
        help_text=_("For example: steps=30, guidance=7.5"),
    )
    content_filter = forms.ChoiceField(label=_("Content filter of the study"), required=False)
    budget = forms.DecimalField(
        label=_("Budget"),
        required=False,
        **MONEY,
        help_text=_("The campaign pauses before it is passed. Empty: no limit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["backend"].choices = [(alias, alias) for alias in registry.available()]
        filters = [(known.name, known.title) for known in list_filters()]
        self.fields["content_filter"].choices = [("", _("none")), *filters]

    def clean_prompts(self) -> list[Prompt]:
        return _parsed(parse_lines, self.cleaned_data["prompts"])

    def clean_targets(self) -> list[Target]:
        return _parsed(parse_targets, self.cleaned_data["targets"])

    def clean_parameters(self) -> dict[str, Any]:
        return _parsed(parse_params, self.cleaned_data["parameters"])

    def clean(self) -> dict[str, Any]:
        """Text to image takes no radiographs; lines written for an edit are kept aside."""
        if self.cleaned_data.get("operation") == Operation.TEXT_TO_IMAGE:
            self.cleaned_data["targets"] = []
        return self.cleaned_data

    @property
    def plan(self) -> Plan | None:
        """What a filled-in form asks for; None while that cannot be told."""
        self.is_valid()
        data = self.cleaned_data
        needed = ("backend", "operation", "prompts", "targets", "n", "width", "height")
        if any(name not in data for name in needed):
            return None
        return Plan(
            backend=data["backend"],
            prompts=data["prompts"],
            n=data["n"],
            size=(data["width"], data["height"]),
            operation=Operation(data["operation"]),
            targets=data["targets"],
            parameters=data.get("parameters", {}),
        )


def _parsed(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except DomainError as error:
        raise forms.ValidationError(str(error)) from error


def initial_of(preset: Preset | None, target: str = "") -> dict[str, Any]:
    """The form's first content: the preset's, or that of an empty campaign with a fresh seed, to
    edit the target where there is one."""
    if preset is None:
        seed = secrets.randbelow(LARGEST_SEED)
        edit = {"operation": Operation.INPAINT, "targets": target} if target else {}
        return {"n": 4, "width": 1024, "height": 1024, "seed": seed, **edit}
    return {
        "title": preset.title,
        "backend": preset.backend,
        "operation": preset.operation,
        "prompts": "\n".join(map(format_line, preset.prompts)),
        "targets": "\n".join(target.line for target in preset.targets),
        "n": preset.n,
        "width": preset.width,
        "height": preset.height,
        "seed": preset.seed,
        "negative_prompt": preset.negative_prompt,
        "parameters": format_params(preset.parameters),
        "content_filter": preset.content_filter,
    }
