from rest_framework import serializers

from radrate.exports.columns import COLUMNS, MARK_COLUMNS, READER_COLUMNS, Column
from radrate.studies.models import ReaderStudy

WHOLE = {
    *("phase", "case", "session", "occurrence", "position", "block"),
    *("value", "revision", "duration_ms", "paused_ms", "mark", "severity"),
    *("years_of_experience", "ai_familiarity", "consent_version", "cases_rated"),
}
FRACTION = {
    *("x", "y", "width", "height", "place_x", "place_y"),
    *("place_distance", "place_chance", "place_tolerance"),
}
TRUE_OR_FALSE = {"not_applicable", "correct", "analysed", "late"}
NEVER_NULL = {
    *("study", "task", "protocol_hash", "reader", "reader_class", "phase", "design", "case"),
    *("session", "occurrence", "position", "block", "analysed", "cases_rated"),
    *("mark", "shape", "x", "y", "width", "height", "tag", "severity"),
}


class StudySerializer(serializers.ModelSerializer):
    case_count = serializers.IntegerField()
    reader_count = serializers.IntegerField()

    class Meta:
        model = ReaderStudy
        fields = [
            "id",
            "name",
            "state",
            "task",
            "protocol_hash",
            "case_count",
            "reader_count",
            "created_at",
            "closed_at",
        ]
        read_only_fields = fields


def _fields(columns: tuple[Column, ...]) -> dict[str, serializers.Field]:
    return {column.name: _field(column.name, column.meaning) for column in columns}


def _field(name: str, meaning: str) -> serializers.Field:
    options = {"help_text": meaning, "allow_null": name not in NEVER_NULL}
    if name in WHOLE:
        return serializers.IntegerField(**options)
    if name in FRACTION:
        return serializers.FloatField(**options)
    if name in TRUE_OR_FALSE:
        return serializers.BooleanField(**options)
    return serializers.CharField(**options)


class RatingRowSerializer(serializers.Serializer):
    """A row of the export; only for the schema, rows are streamed from the database."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return _fields(COLUMNS)


class MarkRowSerializer(serializers.Serializer):
    """A row of the export of marks; only for the schema."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return _fields(MARK_COLUMNS)


class ReaderRowSerializer(serializers.Serializer):
    """A row of the export of readers; only for the schema."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return _fields(READER_COLUMNS)
