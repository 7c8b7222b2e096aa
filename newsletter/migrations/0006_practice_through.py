"""Where practice editions ended is kept apart: who joins in practice is owed for real what practice showed."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("newsletter", "0005_notices_again")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="campaign",
            name="practice_through",
            field=models.BigIntegerField(default=0),
        ),
    ]
