from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("radrate", "0009_without_pairs")]

    operations = [
        migrations.RemoveConstraint(model_name="studyreader", name="slot_once_a_study"),
        migrations.AddConstraint(
            model_name="studyreader",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("study", "slot"),
                name="slot_once_a_study",
            ),
        ),
    ]
