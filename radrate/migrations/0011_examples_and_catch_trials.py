from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("radrate", "0010_edited_regions"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="explanation",
            field=models.TextField(blank=True, verbose_name="what is told after this example"),
        ),
        migrations.AddField(
            model_name="phase",
            name="catch_trials",
            field=models.PositiveIntegerField(default=0, verbose_name="catch trials"),
        ),
    ]
