"""Posts can be found by when they changed, without a look at each."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index; no value changes."""

    dependencies: ClassVar = [("newsletter", "0003_links_check")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["updated_at"], name="posts_by_change"),
        ),
    ]
