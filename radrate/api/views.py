"""What programs may ask. A token acts for its owner, who sees the studies that they manage."""

from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from radrate.api.permissions import IsManager
from radrate.api.serializers import RatingRowSerializer, StudySerializer
from radrate.audit.services import record
from radrate.exports.ratings import FORMATS
from radrate.studies.models import ReaderStudy
from radrate.studies.queries import studies_of


class StudyList(ListAPIView):
    """The studies that the token's owner manages."""

    permission_classes = [IsManager]
    serializer_class = StudySerializer
    pagination_class = None

    def get_queryset(self) -> Any:
        return studies_of(self.request.user)


class FormatDecides(DefaultContentNegotiation):
    """`?format=` says what is wanted; whatever the client accepts, errors come as JSON."""

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002
        renderers: Any,
        format_suffix: Any = None,  # noqa: ARG002
    ) -> Any:
        return renderers[0], renderers[0].media_type


class Ratings(APIView):
    """One tidy row per reader × case × image × criterion, streamed."""

    content_negotiation_class = FormatDecides
    permission_classes = [IsManager]

    @extend_schema(
        parameters=[
            OpenApiParameter("format", str, enum=sorted(FORMATS), default="json"),
        ],
        responses={
            (200, "application/json"): RatingRowSerializer(many=True),
            (200, "text/csv"): OpenApiTypes.STR,
            404: OpenApiResponse(description="No study of yours has this id."),
        },
    )
    def get(self, request: Request, study_id: UUID) -> StreamingHttpResponse:
        study = get_object_or_404(ReaderStudy, pk=study_id, manager=request.user)
        wanted = request.query_params.get("format", "json")
        if wanted not in FORMATS:
            raise ValidationError({"format": f"one of {', '.join(sorted(FORMATS))}"})
        stream, media_type = FORMATS[wanted]
        record(actor=request.user, verb="export_ratings", target=study, format=wanted)
        return StreamingHttpResponse(stream(study), content_type=media_type)
