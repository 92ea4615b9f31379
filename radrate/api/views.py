"""What programs may ask. A token acts for its owner, who sees the studies that they manage."""

from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from radrate.api.permissions import IsManager
from radrate.api.serializers import (
    MarkRowSerializer,
    RatingRowSerializer,
    ReaderRowSerializer,
    StudySerializer,
)
from radrate.audit.services import record
from radrate.exports.marks import MARKS
from radrate.exports.ratings import RATINGS
from radrate.exports.readers import READERS
from radrate.exports.streams import FORMATS, Export
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


class StudyExport(APIView):
    """A table of one study, streamed."""

    content_negotiation_class = FormatDecides
    permission_classes = [IsManager]
    export: Export

    def get(self, request: Request, study_id: UUID) -> StreamingHttpResponse:
        study = get_object_or_404(ReaderStudy, pk=study_id, manager=request.user)
        wanted = request.query_params.get("format", "json")
        if wanted not in FORMATS:
            raise ValidationError({"format": f"one of {', '.join(sorted(FORMATS))}"})
        stream, media_type = FORMATS[wanted]
        verb = f"export_{self.export.name}"
        record(actor=request.user, verb=verb, target=study, format=wanted)
        return StreamingHttpResponse(stream(self.export, study), content_type=media_type)


def _streams(row: type[Serializer]) -> Any:
    """The schema of an export whose rows are `row`."""
    return extend_schema_view(
        get=extend_schema(
            parameters=[OpenApiParameter("format", str, enum=sorted(FORMATS), default="json")],
            responses={
                (200, "application/json"): row(many=True),
                (200, "text/csv"): OpenApiTypes.STR,
                404: OpenApiResponse(description="No study of yours has this id."),
            },
        )
    )


@_streams(RatingRowSerializer)
class Ratings(StudyExport):
    """One tidy row per reader × case × image × criterion, streamed."""

    export = RATINGS


@_streams(MarkRowSerializer)
class Marks(StudyExport):
    """One tidy row per reader × case × mark, streamed."""

    export = MARKS


@_streams(ReaderRowSerializer)
class Readers(StudyExport):
    """One tidy row per place for a reader, streamed."""

    export = READERS
