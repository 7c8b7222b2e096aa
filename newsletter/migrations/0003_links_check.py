"""A check value of links.key: one that is lost is noticed, and not made anew in silence."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("newsletter", "0002_topics_renamed")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="site",
            name="links_check",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
