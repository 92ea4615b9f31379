from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("radrate", "0003_batch_exposure")]

    operations = [
        migrations.AddField(
            "case",
            "body_part_examined",
            models.CharField(default="", max_length=32, verbose_name="body part examined"),
            preserve_default=False,
        ),
        migrations.AddField(
            "case",
            "view_position",
            models.CharField(blank=True, default="", max_length=32, verbose_name="view position"),
            preserve_default=False,
        ),
    ]
