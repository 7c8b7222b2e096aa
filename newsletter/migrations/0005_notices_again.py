"""A mailbox that said yes today may be asked once more the same day."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Rows that are there keep their place: none of them is a second one."""

    dependencies: ClassVar = [("newsletter", "0004_posts_by_change")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="notice", name="one_notice_an_address_a_day"),
        migrations.AddField(
            model_name="notice",
            name="again",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("kind", "hashed", "day", "again"), name="one_unanswered_notice_an_address_a_day"
            ),
        ),
    ]
