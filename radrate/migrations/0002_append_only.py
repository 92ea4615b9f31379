from django.db import migrations

from radrate.audit.triggers import FUNCTION, append_only


class Migration(migrations.Migration):
    dependencies = [("radrate", "0001_rooms")]

    operations = [
        FUNCTION,
        append_only("radrate_event"),
        append_only("radrate_rating"),
        append_only("radrate_score"),
        append_only("radrate_blocksubmission"),
    ]
