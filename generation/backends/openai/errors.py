"""A provider's no in all its shapes: what is a refusal, what may pass later, what never will."""

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from generation.backends.base import (
    BackendError,
    InvalidRequest,
    Misconfigured,
    PermanentError,
    Refusal,
    Refused,
    TransientError,
)
from generation.backends.openai.words import plain

REFUSAL_CODES = frozenset(
    {
        "contentblocked",
        "contentfilter",
        "contentfiltered",
        "contentpolicyviolation",
        "contentsafetyviolation",
        "moderationblocked",
        "responsibleaipolicyviolation",
        "safetyviolation",
    }
)
REFUSAL_WORDS = re.compile(
    r"safety system|safety_violations|content[ _]?policy|content management policy"
    r"|content[ _]filter|rejected by (?:the |our )?(?:content )?moderation",
    re.IGNORECASE,
)
VIOLATIONS = re.compile(r"safety_violations=\[([^\[\]]{0,300})\]")
OUTPUT_WORDS = re.compile(
    r"generated (?:image|content)|output image|image output|(?:image|output) was filtered",
    re.IGNORECASE,
)
INPUT_WORDS = re.compile(r"input image|image input|uploaded image", re.IGNORECASE)
QUOTA_CODES = frozenset(
    {"insufficientquota", "billinghardlimitreached", "billingnotactive", "quotaexceeded"}
)
LONGEST_NAME = 60
LATER = frozenset({408, 409, 425, 429})


def failure(
    status: int, headers: Mapping[str, str], body: bytes, *, edit: bool = False
) -> BackendError:
    """The error for an answer that is none. The order matters: a refusal may have any status."""
    details = _details(body)
    message = _message(details) or f"status {status}"
    codes = _codes(details)
    if codes & QUOTA_CODES or status == 402:
        return PermanentError(f"The provider's quota is used up: {message}", code="quota")
    if codes & REFUSAL_CODES or (_may_refuse(status) and REFUSAL_WORDS.search(message)):
        told = refusal(details, message, edit=edit)
        return Refused(told.message, code=told.code, stage=told.stage, categories=told.categories)
    return _by_status(status, message, headers)


def _by_status(status: int, message: str, headers: Mapping[str, str]) -> BackendError:
    if status in LATER or (status >= 500 and status != 501):
        return TransientError(
            f"The provider answered with status {status}: {message}",
            retry_after=retry_after(headers),
        )
    if status in (401, 403):
        return Misconfigured(f"The provider does not accept the key (status {status}): {message}")
    if status == 404:
        return Misconfigured(f"The provider knows no such model or path (status 404): {message}")
    if 300 <= status < 400:
        return Misconfigured(f"The provider answered with a redirect ({status}), never followed.")
    if status in (400, 413, 422):
        return InvalidRequest(f"The provider does not take the request: {message}")
    return PermanentError(f"The provider answered with status {status}: {message}")


def refusal(details: Mapping[str, Any], message: str, *, edit: bool = False) -> Refusal:
    """What a refusal tells about itself: its code, stage and categories."""
    known = [code for code in _raw_codes(details) if _spelt(code) in REFUSAL_CODES]
    return Refusal(
        code=plain(known[0], LONGEST_NAME) if known else "content_policy_violation",
        message=message,
        stage=_stage(details, message, edit=edit),
        categories=categories(details, message),
    )


def categories(details: Mapping[str, Any], message: str = "") -> tuple[str, ...]:
    """Named categories, wherever a provider puts them, each once and in their order."""
    found: list[str] = []
    told = details.get("moderation_details")
    if isinstance(told, Mapping) and isinstance(told.get("categories"), list):
        found += [name for name in told["categories"] if isinstance(name, str)]
    match = VIOLATIONS.search(message)
    if match:
        found += [name.strip(" '\"") for name in match[1].split(",")]
    found += _filtered(details)
    return tuple(dict.fromkeys(plain(name, LONGEST_NAME) for name in found if name))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from Retry-After (seconds or a date) or its form in milliseconds."""
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        if "retry-after-ms" in lower:
            return max(0.0, float(lower["retry-after-ms"]) / 1000)
        value = lower.get("retry-after", "")
        if re.fullmatch(r"\s*\d+(\.\d+)?\s*", value):
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time()) if value else None
    except (ValueError, TypeError, OverflowError):
        return None


def _details(body: bytes) -> dict[str, Any]:
    """The error object, whatever it is called: error, detail, or the body itself."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(parsed, dict):
        return {}
    for name in ("error", "detail"):
        inner = parsed.get(name)
        if isinstance(inner, dict):
            return inner
        if inner:
            told = parsed.get("message")
            words = inner if isinstance(inner, str) else json.dumps(inner)
            return {**parsed, "message": f"{words}: {told}" if told else words}
    return parsed


def _message(details: Mapping[str, Any]) -> str:
    return plain(" ".join(str(details.get("message") or "").split()))


def _raw_codes(details: Mapping[str, Any]) -> Iterator[str]:
    """Every code of the error: its own, its type, and those of what it wraps."""
    for name in ("code", "type"):
        if isinstance(details.get(name), str):
            yield details[name]
    for name in ("innererror", "inner_error"):
        if isinstance(details.get(name), Mapping):
            yield from _raw_codes(details[name])


def _codes(details: Mapping[str, Any]) -> set[str]:
    return {_spelt(code) for code in _raw_codes(details)}


def _spelt(code: str) -> str:
    """One spelling for content_filter, contentFilter and ContentFilter."""
    return re.sub(r"[^a-z]", "", code.lower())


def _may_refuse(status: int) -> bool:
    """Those under which the words of the message count: not a wrong key, not a lack of time."""
    return status == 200 or (
        400 <= status < 500 and status not in (401, 404) and status not in LATER
    )


def _stage(details: Mapping[str, Any], message: str, *, edit: bool) -> str:
    told = details.get("moderation_details")
    stage = told.get("moderation_stage") if isinstance(told, Mapping) else None
    if stage == "output" or (stage is None and OUTPUT_WORDS.search(message)):
        return "output"
    if (stage == "input" and edit) or (stage is None and INPUT_WORDS.search(message)):
        return "input"
    return "prompt"


def _filtered(details: Mapping[str, Any]) -> Iterable[str]:
    """Azure's verdicts: {category: {"filtered": true, …}}, at several places and depths."""
    for name, value in details.items():
        if name in ("innererror", "inner_error") and isinstance(value, Mapping):
            yield from _filtered(value)
        elif name.startswith(("content_filter_result", "prompt_filter_result")):
            yield from verdicts(value)


def verdicts(results: Any) -> Iterator[str]:
    """The categories that a filter's results mark as filtered or detected."""
    if isinstance(results, list):
        for one in results:
            yield from verdicts(one)
    elif isinstance(results, Mapping):
        for name, verdict in results.items():
            if isinstance(verdict, Mapping) and "filtered" in verdict:
                if verdict["filtered"] is True:
                    yield str(name)
            else:
                yield from verdicts(verdict)
