from django.db import migrations, models
from django.db.models import Q

NOTE_WHEN = """
UPDATE radrate_radiograph SET excluded_at = coalesce(
  (SELECT max(at) FROM radrate_event
   WHERE verb = 'exclude' AND target_type = 'radiograph'
     AND target_id = radrate_radiograph.id::text),
  reviewed_at, created_at)
WHERE state = 'excluded'
"""


class Migration(migrations.Migration):
    dependencies = [("radrate", "0004_case_anatomy")]

    operations = [
        migrations.AddField(
            "radiograph",
            "excluded_at",
            models.DateTimeField(blank=True, null=True, verbose_name="excluded"),
        ),
        migrations.RunSQL(NOTE_WHEN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "radiograph",
            models.CheckConstraint(
                condition=Q(state="excluded", excluded_at__isnull=False)
                | (~Q(state="excluded") & Q(excluded_at__isnull=True)),
                name="exclusion_has_a_time",
            ),
        ),
    ]
