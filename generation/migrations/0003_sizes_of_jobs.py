"""Jobs planned before edits existed have the size of their campaign."""

from django.db import migrations

FILL = """
UPDATE generation_generationjob job
SET width = campaign.width, height = campaign.height, asked = job.n
FROM generation_campaign campaign
WHERE campaign.id = job.campaign_id AND job.width = 0
"""


class Migration(migrations.Migration):
    dependencies = [("generation", "0002_edits_and_limits")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
