import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("radrate", "0008_pairs_as_phases")]

    operations = [
        migrations.RemoveConstraint(
            model_name="assignment",
            name="case_once_a_reader",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="reference_once_a_study",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="candidate_once_a_study",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="pair_of_two_images",
        ),
        migrations.RemoveConstraint(
            model_name="mark",
            name="mark_on_an_image",
        ),
        migrations.RemoveField(
            model_name="assignment",
            name="reference_side",
        ),
        migrations.RemoveField(
            model_name="assignment",
            name="token_a",
        ),
        migrations.RemoveField(
            model_name="assignment",
            name="token_b",
        ),
        migrations.RemoveField(
            model_name="case",
            name="candidate",
        ),
        migrations.RemoveField(
            model_name="case",
            name="reference",
        ),
        migrations.RemoveField(
            model_name="readerstudy",
            name="rubric",
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("study_reader", "case", "session", "occurrence"),
                name="case_once_an_occurrence",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("layout__regex", "^[1-4]{1,4}$")), name="layout_of_numbers"
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(("image__in", ["A", "B", "C", "D"])), name="mark_on_an_image"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="phase",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cases",
                to="radrate.phase",
            ),
        ),
    ]
