import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("radrate", "0018_board"),
    ]

    operations = [
        migrations.CreateModel(
            name="Localisation",
            fields=[
                (
                    "score",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="localisation",
                        serialize=False,
                        to="radrate.score",
                    ),
                ),
                ("hit", models.BooleanField(verbose_name="hit")),
                ("distance", models.FloatField(verbose_name="distance in sides of the canvas")),
                (
                    "chance",
                    models.FloatField(verbose_name="share of the image on which a point is a hit"),
                ),
                ("tolerance", models.FloatField(verbose_name="tolerance in sides of the canvas")),
            ],
            options={
                "verbose_name": "localisation",
                "verbose_name_plural": "localisations",
            },
        ),
    ]
