"""What a provider's 200 holds: images as base64 or by address, and refusals in their place."""

import base64
import binascii
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image

from generation.backends.base import (
    GeneratedImage,
    GenerationRequest,
    Misconfigured,
    Operation,
    Refusal,
    Refused,
    TransientError,
)
from generation.backends.openai.dialects import Call
from generation.backends.openai.errors import categories, failure, verdicts
from generation.backends.openai.words import plain

Fetch = Callable[[str], bytes]

FORMATS = ("PNG", "JPEG", "WEBP")
LONGEST_PROMPT = 32_000
UNKNOWN = "application/octet-stream"
FLAGS = ("flagged", "nsfw", "nsfw_content_detected", "has_nsfw_concept")
FILTERED = re.compile(r"filter|safety|moderat|refus|block", re.IGNORECASE)
NO_REASON = "The provider gave no image here, and no reason."


def parsed(body: bytes, media_type: str) -> dict[str, Any]:
    """The JSON object of an answer. Raises Misconfigured for a page, TransientError for a part."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        if "json" in media_type:
            raise TransientError("The provider's answer is cut off or garbled.") from error
        raise Misconfigured(
            f"The provider answered with {media_type or 'something'} instead of JSON; "
            "is BASE_URL right?"
        ) from error
    if not isinstance(answer, dict):
        raise Misconfigured("The provider's answer is no JSON object; is BASE_URL right?")
    return answer


def images(
    answer: Mapping[str, Any], call: Call, request: GenerationRequest, fetch: Fetch
) -> list[GeneratedImage]:
    """One image or refusal for each output of the call. Raises BackendError, Refused for all."""
    edit = request.operation is not Operation.TEXT_TO_IMAGE
    if answer.get("error"):
        raise failure(200, {}, json.dumps(answer).encode(), edit=edit)
    slots = answer.get("data")
    if not isinstance(slots, list):
        slots = []
    reasons = answer.get("finish_reasons")
    told: list[Any] = reasons if isinstance(reasons, list) else []
    if not slots and not any(told):
        raise _all_refused(answer)
    return [
        _image(_slot(slots, told, place), index, call, request, fetch)
        for place, index in enumerate(call.indices)
    ]


def slot_refusal(slot: Mapping[str, Any]) -> Refusal | None:
    """Why this slot holds no image that may be used; None where it holds one."""
    reason = slot.get("finish_reason")
    if isinstance(reason, str) and FILTERED.search(reason):
        return Refusal("content_filter", plain(reason), _stage(reason), categories(slot))
    found = tuple(dict.fromkeys(verdicts([slot.get("content_filter_results")])))
    if found:
        return Refusal("content_filter", "The provider filtered this image.", "output", found)
    prompt = tuple(dict.fromkeys(verdicts([slot.get("prompt_filter_results")])))
    if prompt:
        return Refusal("content_filter", "The provider filtered the prompt.", "prompt", prompt)
    if slot.get("respect_moderation") is False or any(slot.get(name) is True for name in FLAGS):
        return Refusal("flagged", "The provider flagged this image.", "output", categories(slot))
    if not slot.get("b64_json") and not slot.get("url"):
        return Refusal("empty", plain(slot.get("message") or NO_REASON), "output")
    return None


def decoded(raw: bytes, size: tuple[int, int]) -> tuple[Image.Image | None, str]:
    """The image where the file is one of the size asked for, and its media type.

    Nothing is decoded before the header has told that size; whoever stores the file says what is
    wrong with one that is not decoded here.
    """
    try:
        image = Image.open(io.BytesIO(raw), formats=FORMATS)
        media_type = image.get_format_mimetype() or UNKNOWN
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return None, UNKNOWN
    if image.size != size:
        return None, media_type
    try:
        image.load()
    except (OSError, ValueError, SyntaxError):
        return None, media_type
    return image, media_type


def _image(
    slot: Mapping[str, Any], index: int, call: Call, request: GenerationRequest, fetch: Fetch
) -> GeneratedImage:
    refused = slot_refusal(slot)
    if refused is not None:
        return GeneratedImage(index=index, seed=call.seed, refusal=refused)
    raw = _from_base64(slot["b64_json"]) if slot.get("b64_json") else fetch(str(slot["url"]))
    image, media_type = decoded(raw, (request.width, request.height))
    return GeneratedImage(
        index=index,
        image=image,
        raw=raw,
        media_type=media_type,
        seed=call.seed,
        revised_prompt=plain(slot.get("revised_prompt"), LONGEST_PROMPT),
    )


def _from_base64(text: Any) -> bytes:
    """The file; what is no base64 stays as it came, so that it is kept out as no image."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return str(text).encode(errors="replace")


def _all_refused(answer: Mapping[str, Any]) -> Refused:
    """An answer without a single slot: a refusal that has lost its words."""
    reason = answer.get("block_reason") or answer.get("message")
    found = tuple(dict.fromkeys(verdicts([answer.get("prompt_filter_results")])))
    if reason or found:
        return Refused(
            plain(reason or "The provider filtered the prompt."),
            code="content_filter",
            categories=found,
        )
    return Refused("The provider gave no image, and no reason.", code="empty", stage="output")


def _stage(reason: str) -> str:
    """Stability's reasons on Bedrock are “Filter reason: prompt”, “… input image”, and so on."""
    lower = reason.lower()
    if "prompt" in lower:
        return "prompt"
    return "input" if "input" in lower else "output"


def _slot(slots: list[Any], reasons: list[Any], place: int) -> dict[str, Any]:
    """The slot at its place, empty where there is none, with the reason that stands beside it."""
    slot = slots[place] if place < len(slots) else None
    reason = reasons[place] if place < len(reasons) else None
    return (dict(slot) if isinstance(slot, Mapping) else {}) | (
        {"finish_reason": reason} if reason else {}
    )
