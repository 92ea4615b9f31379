"""A machine reader's way through a reading: the protocol of people, as JSON.

Nothing here knows more of an image than a person's page does. A token reaches the assignments of
its own reader, and nothing else.
"""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from radrate.api.reading_serializers import (
    AnswerSheetSerializer,
    NextSerializer,
    ReadingSerializer,
    SavedSerializer,
)
from radrate.reading import delivery, overview, queries, services, texts
from radrate.reading.sheets import sheet
from radrate.studies.models import Assignment, Phase, ReaderStudy, StudyReader

NOT_YOURS = OpenApiResponse(description="Nothing of yours has this token.")
NOT_OPEN = OpenApiResponse(description="The study is not open, or you are no machine reader.")
MEANWHILE = OpenApiResponse(description="Contradicts what is stored, for example another sheet.")
GONE = OpenApiResponse(description="The case was withdrawn; ask for the next one.")
IMPOSSIBLE = OpenApiResponse(description="`errors` says what is wrong with each field.")


class IsMachineReader(BasePermission):
    """People read in the browser: their tokens, if they have any, do nothing here."""

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002
        return (
            request.user.is_authenticated
            and StudyReader.objects.filter(
                user=request.user, reader_class=StudyReader.ReaderClass.MACHINE, withdrawn_at=None
            ).exists()
        )


class MachineThrottle(UserRateThrottle):
    """For each machine reader; the rate is in the settings."""

    scope = "machine"


class MachineView(APIView):
    permission_classes = [IsMachineReader]
    throttle_classes = [MachineThrottle]


class Readings(MachineView):
    """The readings of the token's machine reader: one."""

    @extend_schema(responses=ReadingSerializer(many=True))
    def get(self, request: Request) -> Response:
        found = StudyReader.objects.filter(user=request.user, study__locked_at__isnull=False)
        return Response([reading(reader) for reader in found.select_related("study")])


class Next(MachineView):
    """What is to be done next: a case to read, a block to hand in, or nothing."""

    @extend_schema(responses={200: NextSerializer, 403: NOT_OPEN, 404: NOT_YOURS})
    def get(self, request: Request, reader: str) -> Response:
        mine = queries.my_reader(request.user, reader)
        services.require_reading(mine)
        block = queries.block_to_submit(mine)
        if block is not None:
            return Response(_step("submit_block", block=_block(mine, block)))
        following = queries.next_assignment(mine)
        if following is None:
            return Response(_step("done"))
        assignment = queries.my_assignment(request.user, following.token)
        services.show(assignment=assignment)
        return Response(_step("case", case=case(assignment)))


class Image(MachineView):
    """An image of a case as PNG: the bytes that a person's browser gets, with the same headers."""

    @extend_schema(
        responses={
            (200, "image/png"): OpenApiTypes.BINARY,
            404: OpenApiResponse(description="Empty: wrong, not yours, or not open."),
        }
    )
    def get(self, request: Request, token: str, label: str) -> HttpResponse:
        return delivery.image_for(request.user, f"{token}/{label}")

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}


class Answers(MachineView):
    """Save one answer sheet. The sheet's id is the client's: sending twice is saving once."""

    @extend_schema(
        request=AnswerSheetSerializer,
        responses={
            201: SavedSerializer,
            200: SavedSerializer,
            403: NOT_OPEN,
            404: NOT_YOURS,
            409: MEANWHILE,
            410: GONE,
            422: IMPOSSIBLE,
        },
    )
    def post(self, request: Request, token: str) -> Response:
        saved = services.submit_rating(user=request.user, token=token, **sheet(request.body))
        body = {"revision": saved.rating.revision, "saved_at": saved.rating.at}
        return Response(SavedSerializer(body).data, status=201 if saved.created else 200)


class Block(MachineView):
    """Hand in a block; its answers can no longer be changed. Twice is once."""

    @extend_schema(
        request=None, responses={204: None, 403: NOT_OPEN, 404: NOT_YOURS, 409: MEANWHILE}
    )
    def post(self, request: Request, reader: str, number: int) -> Response:
        services.submit_block(reader=queries.my_reader(request.user, reader), number=number)
        return Response(status=204)


def _step(step: str, **content: Any) -> dict[str, Any]:
    return {"step": step, "case": None, "block": None} | content


def reading(reader: StudyReader) -> dict[str, Any]:
    row = overview.with_counts(reader)
    return {
        "token": reader.token,
        "title": str(row.study.neutral_title),
        "state": texts.state_for_reader(reader.study),
        "is_open": reader.study.state == ReaderStudy.State.OPEN,
        "ends_on": row.study.ends_on,
        "done": row.done,
        "total": row.total,
        "next_url": reverse("api_reading_next", args=[reader.token]),
    }


def _block(reader: StudyReader, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "submit_url": reverse("api_block_submit", args=[reader.token, number]),
    }


def case(assignment: Assignment) -> dict[str, Any]:
    """The case as a person's page is given it; `answers_url` takes the sheet."""
    shown = queries.blinded_case(assignment)
    return {
        "token": shown.token,
        "number": shown.number,
        "total": shown.total,
        "phase": _phase(assignment.case.phase),
        "images": [
            {"label": image.label, "url": reverse("api_image", args=[shown.token, image.label])}
            for image in shown.images
        ],
        "questions": [asdict(question) for question in shown.rubric],
        "tags": [asdict(tag) for tag in shown.tags],
        "revision": shown.revision,
        "answers_url": reverse("api_answers", args=[shown.token]),
    }


def _phase(phase: Phase) -> dict[str, Any]:
    """What people are told before they begin."""
    return {
        "number": phase.position,
        "design": phase.design,
        "instructions": list(texts.instructions(phase)),
        "consent": phase.consent,
    }
