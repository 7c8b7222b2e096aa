"""How large a post's picture is, where its source tells: a mail then shows it no larger than it is."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("newsletter", "0007_reason_codes")]

    operations: ClassVar = [
        migrations.AddField(model_name="post", name="image_width", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="post", name="image_height", field=models.PositiveIntegerField(default=0)),
    ]
