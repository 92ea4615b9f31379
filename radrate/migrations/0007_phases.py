import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("radrate", "0006_marks")]

    operations = [
        migrations.CreateModel(
            name="CaseImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("is_reference", models.BooleanField(default=False, verbose_name="reference")),
            ],
            options={
                "verbose_name": "image of a case",
                "verbose_name_plural": "images of cases",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("title", models.CharField(blank=True, max_length=100, verbose_name="title")),
                (
                    "design",
                    models.CharField(
                        choices=[
                            ("pair", "pair: one of two is the reference"),
                            ("single", "single image: reference or not"),
                            ("multiple", "three or four images: one is the reference"),
                            ("preference", "preference between two conditions"),
                            ("rating", "rating only"),
                            ("find_edit", "find the edit"),
                        ],
                        default="pair",
                        max_length=12,
                        verbose_name="design",
                    ),
                ),
                (
                    "images",
                    models.PositiveSmallIntegerField(default=2, verbose_name="images a case"),
                ),
                (
                    "verdict_first",
                    models.BooleanField(
                        default=False, verbose_name="the verdict comes before the scores"
                    ),
                ),
                (
                    "offers_both",
                    models.BooleanField(
                        default=False, verbose_name="“all generated” can be answered"
                    ),
                ),
                (
                    "offers_unsure",
                    models.BooleanField(
                        default=False, verbose_name="“cannot tell” can be answered"
                    ),
                ),
                ("told", models.TextField(blank=True, verbose_name="what readers are told")),
                ("consent", models.TextField(blank=True, verbose_name="what readers agree to")),
                (
                    "case_limit",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="cases at most"
                    ),
                ),
                (
                    "allocation",
                    models.CharField(
                        choices=[
                            ("crossed", "every reader reads every case"),
                            ("blocks", "each case by some readers, a shared set by all"),
                            ("quota", "a number of cases a reader"),
                        ],
                        default="crossed",
                        max_length=8,
                        verbose_name="allocation",
                    ),
                ),
                (
                    "anchors",
                    models.PositiveIntegerField(
                        default=0, verbose_name="cases that every reader reads"
                    ),
                ),
                (
                    "cases_per_reader",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="cases a reader"
                    ),
                ),
                ("repeats", models.PositiveIntegerField(default=0, verbose_name="hidden repeats")),
                (
                    "minimum_lag",
                    models.PositiveIntegerField(
                        default=10, verbose_name="cases between a case and its repeat"
                    ),
                ),
                ("sessions", models.PositiveSmallIntegerField(default=1, verbose_name="sessions")),
                (
                    "washout_days",
                    models.PositiveIntegerField(
                        default=28, verbose_name="days between the sessions"
                    ),
                ),
            ],
            options={
                "verbose_name": "phase",
                "verbose_name_plural": "phases",
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="assignment",
            name="layout",
            field=models.CharField(default="12", max_length=4, verbose_name="images by label"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assignment",
            name="occurrence",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="occurrence"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="session",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="session"),
        ),
        migrations.AddField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[("main", "main"), ("training", "training"), ("catch", "catch trial")],
                default="main",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="readerstudy",
            name="planned_readers",
            field=models.PositiveIntegerField(default=0, verbose_name="planned readers"),
        ),
        migrations.AddField(
            model_name="readerstudy",
            name="spare_readers",
            field=models.PositiveIntegerField(default=0, verbose_name="spare places for readers"),
        ),
        migrations.AddField(
            model_name="studyreader",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
        ),
        migrations.AlterField(
            model_name="case",
            name="arm",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cases",
                to="radrate.arm",
            ),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("scale", "scale"),
                    ("side", "which image"),
                    ("verdict", "real or generated"),
                    ("place", "place on the image"),
                    ("confidence", "confidence"),
                ],
                default="scale",
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="mark",
            name="image",
            field=models.CharField(
                choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                max_length=1,
                verbose_name="image",
            ),
        ),
        migrations.AlterField(
            model_name="score",
            name="image",
            field=models.CharField(
                blank=True,
                choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                max_length=1,
                verbose_name="image",
            ),
        ),
        migrations.AlterField(
            model_name="studyreader",
            name="joined_at",
            field=models.DateTimeField(
                blank=True, default=django.utils.timezone.now, null=True, verbose_name="joined"
            ),
        ),
        migrations.AlterField(
            model_name="studyreader",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="readings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="caseimage",
            name="arm",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="radrate.arm",
            ),
        ),
        migrations.AddField(
            model_name="caseimage",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="images",
                to="radrate.case",
            ),
        ),
        migrations.AddField(
            model_name="caseimage",
            name="radiograph",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="radrate.radiograph",
            ),
        ),
        migrations.AddField(
            model_name="phase",
            name="arms",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="radrate.arm", verbose_name="arms"
            ),
        ),
        migrations.AddField(
            model_name="phase",
            name="rubric",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="phases",
                to="radrate.rubric",
            ),
        ),
        migrations.AddField(
            model_name="phase",
            name="same_images_as",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="radrate.phase",
            ),
        ),
        migrations.AddField(
            model_name="phase",
            name="study",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="phases",
                to="radrate.readerstudy",
            ),
        ),
        migrations.AddField(
            model_name="phase",
            name="verdict",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="radrate.rubric",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="phase",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cases",
                to="radrate.phase",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseimage",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="image_number_once_a_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseimage",
            constraint=models.UniqueConstraint(
                fields=("case", "radiograph"), name="image_once_a_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseimage",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("number__lte", 4)),
                name="at_most_four_images",
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("study", "position"),
                name="phase_position_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("design__in", ["pair", "preference"]), ("images", 2)),
                    models.Q(("design", "multiple"), ("images__in", [3, 4])),
                    models.Q(("design__in", ["single", "rating", "find_edit"]), ("images", 1)),
                    _connector="OR",
                ),
                name="images_of_the_design",
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.CheckConstraint(
                condition=models.Q(("sessions__gte", 1), ("sessions__lte", 2)),
                name="one_or_two_sessions",
            ),
        ),
    ]
