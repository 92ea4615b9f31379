import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from radrate.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("radrate", "0017_slots_of_leavers"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProblemReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_loaded", "An image does not load"),
                            ("display", "Something is displayed wrongly"),
                            ("wrong_view", "It is not the view that it should be"),
                            ("text", "There is text on an image"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="what happened")),
                ("viewport_width", models.PositiveIntegerField(verbose_name="width of the window")),
                (
                    "viewport_height",
                    models.PositiveIntegerField(verbose_name="height of the window"),
                ),
                ("pixel_ratio", models.FloatField(verbose_name="pixel ratio")),
                ("browser", models.CharField(max_length=40, verbose_name="browser")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="reported")),
            ],
            options={
                "verbose_name": "problem report",
                "verbose_name_plural": "problem reports",
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="sent")),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["at"],
            },
        ),
        migrations.AddField(
            model_name="readerstudy",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="planned end"),
        ),
        migrations.AddField(
            model_name="studyreader",
            name="reader_class",
            field=models.CharField(
                choices=[("human", "human"), ("machine", "machine")],
                default="human",
                max_length=8,
                verbose_name="class",
            ),
        ),
        migrations.AddConstraint(
            model_name="studyreader",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reader_class", "machine")),
                fields=("user",),
                name="machine_reads_one_study",
            ),
        ),
        migrations.AddField(
            model_name="problemreport",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="problems",
                to="radrate.assignment",
            ),
        ),
        migrations.AddField(
            model_name="problemreport",
            name="study_reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="problems",
                to="radrate.studyreader",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="sent_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="study_reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="radrate.studyreader",
            ),
        ),
        migrations.CreateModel(
            name="ProblemHandling",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="handling",
                        serialize=False,
                        to="radrate.problemreport",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="handled")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "handled problem",
                "verbose_name_plural": "handled problems",
            },
        ),
        append_only("radrate_reminder"),
        append_only("radrate_problemreport"),
        append_only("radrate_problemhandling"),
    ]
