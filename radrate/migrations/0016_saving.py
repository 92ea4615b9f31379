from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("radrate", "0015_viewer")]

    operations = [
        migrations.AddField(
            "rating",
            "late",
            models.BooleanField(default=False, verbose_name="after the close"),
        ),
        migrations.AddField(
            "rating",
            "paused_ms",
            models.PositiveIntegerField(default=0, verbose_name="pauses in ms"),
        ),
        migrations.AddField(
            "rating",
            "pauses",
            models.JSONField(blank=True, default=list, verbose_name="pauses"),
        ),
        migrations.AddField(
            "rating",
            "reason",
            models.CharField(blank=True, max_length=500, verbose_name="reason for the change"),
        ),
    ]
