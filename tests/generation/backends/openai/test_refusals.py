"""Refusals in all their shapes: recorded, with stage and categories, and never asked again."""

import pytest

from generation.backends.base import PermanentError, Refused
from generation.backends.contract import Recorder
from tests.generation.backends.openai.conftest import edit_request, text_request
from tests.generation.backends.openai.provider import Reply, data, error, slot

REJECTED = "Your request was rejected by the safety system. safety_violations=[sexual, violence]."
AZURE = {
    "hate": {"filtered": False, "severity": "safe"},
    "self_harm": {"filtered": True, "severity": "medium"},
}


@pytest.mark.parametrize(
    ("reply", "code", "stage", "categories"),
    [
        (
            error(400, code="moderation_blocked", message=REJECTED),
            "moderation_blocked",
            "prompt",
            ("sexual", "violence"),
        ),
        (
            error(
                400,
                type="image_generation_user_error",
                code="moderation_blocked",
                message="Rejected.",
                moderation_details={"moderation_stage": "output", "categories": ["violence"]},
            ),
            "moderation_blocked",
            "output",
            ("violence",),
        ),
        (
            error(400, code="content_policy_violation", message="Not allowed."),
            "content_policy_violation",
            "prompt",
            (),
        ),
        (
            error(
                400,
                code="contentFilter",
                message="The generated image was filtered.",
                inner_error={
                    "code": "ResponsibleAIPolicyViolation",
                    "content_filter_results": AZURE,
                },
            ),
            "contentFilter",
            "output",
            ("self_harm",),
        ),
        (
            error(
                400,
                code="content_filter",
                message="The prompt was filtered.",
                innererror={"content_filter_result": AZURE},
            ),
            "content_filter",
            "prompt",
            ("self_harm",),
        ),
        (
            error(
                400,
                code="400",
                message="litellm.BadRequestError: litellm.ContentPolicyViolationError: no",
            ),
            "content_policy_violation",
            "prompt",
            (),
        ),
        (
            error(400, code=None, message=REJECTED),
            "content_policy_violation",
            "prompt",
            ("sexual", "violence"),
        ),
        (
            Reply({"error": "the prompt violates the content policy"}, status=403),
            "content_policy_violation",
            "prompt",
            (),
        ),
        (
            Reply({"detail": "blocked: safety system"}, status=422),
            "content_policy_violation",
            "prompt",
            (),
        ),
        (
            error(500, code="content_policy_violation", message="no"),
            "content_policy_violation",
            "prompt",
            (),
        ),
        (
            Reply({"error": {"code": "moderation_blocked", "message": "no"}}, status=200),
            "moderation_blocked",
            "prompt",
            (),
        ),
        (data(), "empty", "output", ()),
        (Reply({"created": 1}), "empty", "output", ()),
        (Reply({"data": None}), "empty", "output", ()),
        (
            data(prompt_filter_results=[{"content_filter_results": AZURE}]),
            "content_filter",
            "prompt",
            ("self_harm",),
        ),
        (data(block_reason="the prompt was blocked"), "content_filter", "prompt", ()),
    ],
)
def test_a_refused_request_is_refused_whole_and_asked_once(
    provider, backend, reply, code, stage, categories
):
    provider.script = [reply]
    with pytest.raises(Refused) as caught:
        backend.run(text_request(n=2), Recorder())
    told = caught.value.refusal
    assert (told.code, told.stage, told.categories) == (code, stage, categories)
    assert caught.value.reason_code == code
    assert told.message
    assert len(provider.seen) == 1


def test_a_source_that_is_refused_is_told_from_a_prompt(provider, backend):
    told = {"moderation_stage": "input", "categories": []}
    reply = error(400, code="moderation_blocked", message="no", moderation_details=told)
    stages = []
    for request in (edit_request(), text_request()):
        provider.script = [reply]
        with pytest.raises(Refused) as caught:
            backend.run(request, Recorder())
        stages.append(caught.value.refusal.stage)
    assert stages == ["input", "prompt"]


@pytest.mark.parametrize(
    ("given", "code", "stage", "categories"),
    [
        ({}, "empty", "output", ()),
        (None, "empty", "output", ()),
        ("garbled", "empty", "output", ()),
        ({"b64_json": "", "url": ""}, "empty", "output", ()),
        (slot(respect_moderation=False), "flagged", "output", ()),
        (slot(nsfw=True), "flagged", "output", ()),
        (slot(content_filter_results=AZURE), "content_filter", "output", ("self_harm",)),
        (slot(prompt_filter_results=AZURE), "content_filter", "prompt", ("self_harm",)),
        (slot(finish_reason="CONTENT_FILTERED"), "content_filter", "output", ()),
    ],
)
def test_one_flagged_slot_is_refused_and_the_others_are_kept(
    provider, backend, given, code, stage, categories
):
    provider.script = [data(slot(), given, slot(content_filter_results={"hate": {}}))]
    images = backend.run(text_request(n=3), Recorder()).images
    assert [image.refusal is None for image in images] == [True, False, True]
    told = images[1].refusal
    assert (told.code, told.stage, told.categories) == (code, stage, categories)
    assert images[1].image is None
    assert images[1].raw is None
    assert len(provider.seen) == 1


@pytest.mark.parametrize(
    ("reason", "stage"),
    [
        ("Filter reason: prompt", "prompt"),
        ("Filter reason: input image", "input"),
        ("Filter reason: output image", "output"),
    ],
)
def test_finish_reasons_stand_beside_the_slots(provider, backend, reason, stage):
    provider.script = [data(slot(), {"b64_json": None}, finish_reasons=[None, reason])]
    images = backend.run(text_request(n=2), Recorder()).images
    assert [image.refusal and image.refusal.stage for image in images] == [None, stage]
    provider.script = [Reply({"data": [], "finish_reasons": [reason, reason]})]
    images = backend.run(text_request(n=2), Recorder()).images
    assert [image.refusal.message for image in images] == [reason, reason]


def test_a_slot_that_is_missing_is_a_refusal_without_a_reason(provider, backend):
    provider.script = [data(slot(), slot())]
    images = backend.run(text_request(n=3), Recorder()).images
    assert [image.refusal and image.refusal.code for image in images] == [None, None, "empty"]


def test_where_each_output_is_asked_for_alone_a_refusal_is_of_that_output(provide):
    from generation.backends.openai import OpenAIBackend

    provider = provide("vllm-omni")
    backend = OpenAIBackend("local", provider.options())
    provider.script = [
        provider.images,
        error(400, code="content_policy_violation", message="no"),
        provider.images,
    ]
    images = backend.run(text_request(n=3, seeds=(1, 2, 3)), Recorder()).images
    assert [image.refusal and image.refusal.code for image in images] == [
        None,
        "content_policy_violation",
        None,
    ]
    assert [image.seed for image in images] == [1, 2, 3]


@pytest.mark.parametrize(
    "message",
    [
        "Unknown parameter: 'moderation'.",
        "Invalid value for 'size'.",
        "The image must be in RGBA.",
        "prompt required",
    ],
)
def test_an_ordinary_error_is_no_refusal(provider, backend, message):
    provider.script = [error(400, code="invalid_value", message=message)]
    with pytest.raises(PermanentError) as caught:
        backend.run(text_request(), Recorder())
    assert caught.value.reason_code == "invalid_request"
    assert message in caught.value.public_message
