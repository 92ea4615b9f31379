from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("radrate", "0009_without_pairs"),
    ]

    operations = [
        migrations.AddField(
            model_name="radiograph",
            name="edited_region",
            field=models.FileField(
                blank=True, max_length=300, upload_to="", verbose_name="region that was changed"
            ),
        ),
        migrations.AddField(
            model_name="radiograph",
            name="edited_share",
            field=models.FloatField(blank=True, null=True, verbose_name="share that was changed"),
        ),
        migrations.AlterField(
            model_name="batch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("import", "import"),
                    ("campaign", "campaign"),
                    ("catch", "catch trials"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
