"""The shapes of a machine reader's API, for the schema."""

from rest_framework import serializers

from radrate.studies.models import LABELS, Phase
from radrate.studies.rubrics.models import Criterion

CASES_TOKEN = "Opaque name of the case; stands in its addresses."  # noqa: S105


class ReadingSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="Opaque name of the reading.")
    title = serializers.CharField(help_text="What readers are told; not the study's own name.")
    state = serializers.CharField()
    is_open = serializers.BooleanField()
    ends_on = serializers.DateField(allow_null=True, help_text="Planned end.")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    next_url = serializers.CharField()


class ImageSerializer(serializers.Serializer):
    label = serializers.ChoiceField(choices=list(LABELS))
    url = serializers.CharField()


class OptionSerializer(serializers.Serializer):
    value = serializers.IntegerField()
    label = serializers.CharField()


class QuestionSerializer(serializers.Serializer):
    key = serializers.CharField()
    question = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=Criterion.Kind.values)
    per_image = serializers.BooleanField(help_text="Asked for each image, else once for the case.")
    minimum = serializers.IntegerField()
    maximum = serializers.IntegerField()
    anchors = serializers.DictField(child=serializers.CharField(), help_text="Words for values.")
    not_applicable = serializers.BooleanField(help_text="Whether n/a can be chosen.")
    required = serializers.BooleanField()
    options = OptionSerializer(many=True, help_text="What is offered instead of a scale.")
    condition = serializers.DictField(
        allow_null=True,
        help_text="Asked only if an earlier criterion has one of some values; else leave it out.",
    )


class TagSerializer(serializers.Serializer):
    key = serializers.CharField()
    group = serializers.CharField()
    label = serializers.CharField()


class PhaseSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    design = serializers.ChoiceField(choices=Phase.Design.values)
    instructions = serializers.ListField(child=serializers.CharField())
    consent = serializers.CharField(help_text="What people agree to; nobody asks a machine.")


class CaseSerializer(serializers.Serializer):
    token = serializers.CharField(help_text=CASES_TOKEN)
    number = serializers.IntegerField()
    total = serializers.IntegerField()
    phase = PhaseSerializer()
    images = ImageSerializer(many=True)
    questions = QuestionSerializer(many=True)
    tags = TagSerializer(many=True)
    revision = serializers.IntegerField(help_text="Of the sheet that is stored; 0 if none is.")
    answers_url = serializers.CharField()


class BlockSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    submit_url = serializers.CharField()


class NextSerializer(serializers.Serializer):
    step = serializers.ChoiceField(choices=["case", "submit_block", "done"])
    case = CaseSerializer(allow_null=True)
    block = BlockSerializer(allow_null=True)


class AnswerSerializer(serializers.Serializer):
    criterion = serializers.CharField(help_text="Key of the question.")
    image = serializers.ChoiceField(choices=list(LABELS), allow_null=True)
    value = serializers.IntegerField(allow_null=True)
    not_applicable = serializers.BooleanField()
    text = serializers.CharField(required=False, help_text="The answer to a question of kind text.")
    x = serializers.FloatField(required=False, help_text="Of a place, in widths of the image.")
    y = serializers.FloatField(required=False, help_text="Of a place, in heights of the image.")


class MarkSerializer(serializers.Serializer):
    """Lengths are fractions of the square image; a point has no width and no height."""

    image = serializers.ChoiceField(choices=list(LABELS))
    shape = serializers.ChoiceField(choices=["point", "box"])
    x = serializers.FloatField()
    y = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()
    tag = serializers.CharField(help_text="Key of the defect.")
    severity = serializers.IntegerField(min_value=1, max_value=3)


class AnswerSheetSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Made by the client, a new one for each sheet.")
    revision = serializers.IntegerField(help_text="Of the stored sheet that was seen; 0 if none.")
    answers = AnswerSerializer(many=True)
    marks = MarkSerializer(many=True)
    comment = serializers.CharField(allow_blank=True)
    duration_ms = serializers.IntegerField(help_text="Time on the case.")


class SavedSerializer(serializers.Serializer):
    revision = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
