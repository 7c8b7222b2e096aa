"""Addresses beyond ASCII are kept apart as their hosts keep them apart; suppressions may come from another list."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

_PAGE = 5000


def fold_anew(apps: Any, schema_editor: Any) -> None:
    """Give everybody whose address is beyond ASCII the key and the hash of today. Two of them never meet: what is one
    today was one before. A suppression stays under the old hash and holds under the new one too."""
    from django.conf import settings

    from subscribers import address
    from subscribers.errors import BadAddress

    people = apps.get_model("subscribers", "Subscriber").objects
    suppressions = apps.get_model("subscribers", "Suppression").objects
    after = 0
    while page := list(people.filter(pk__gt=after).order_by("pk").values_list("pk", "address", "hashed")[:_PAGE]):
        after = page[-1][0]
        for number, typed, before in page:
            if typed.rpartition("@")[0].isascii():
                continue
            try:
                normal = address.parse(typed).normal
            except BadAddress:
                continue  # taken by an older rule; no relay takes it
            today = address.hashed(normal, settings.SUBSCRIBERS_SUPPRESSION_KEY)
            people.filter(pk=number).update(normal=normal, hashed=today)
            held = suppressions.filter(hashed=before).first()
            if held is not None:
                suppressions.get_or_create(hashed=today, defaults={"reason": held.reason, "at": held.at})


class Migration(migrations.Migration):
    dependencies: ClassVar = [("subscribers", "0001_first")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="suppression",
            name="reason",
            field=models.CharField(
                choices=[
                    ("bounce", "bounce"),
                    ("complaint", "complaint"),
                    ("staff", "staff"),
                    ("erased", "erased"),
                    ("imported", "imported"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(fold_anew, migrations.RunPython.noop),
    ]
