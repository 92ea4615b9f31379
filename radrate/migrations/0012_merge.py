from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("radrate", "0011_examples_and_catch_trials"),
        ("radrate", "0010_slots_of_leavers"),
        ("radrate", "0011_verdict_options"),
    ]

    operations: list[object] = []
