"""What tests of managers' pages share."""

import re

from django.urls import reverse

from tests.generation.campaigns import SIDE


def url(name: str, *args: object) -> str:
    return reverse(name, args=args)


def text(response) -> str:
    """What a person reads: no tags, one space between words."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def form_data(**changes) -> dict:
    values = {
        "title": "Two knees",
        "backend": "scripted",
        "operation": "text_to_image",
        "prompts": "A knee\nA hand | defect=extra_finger",
        "n": 2,
        "width": SIDE,
        "height": SIDE,
        "seed": 5,
    }
    return values | changes
