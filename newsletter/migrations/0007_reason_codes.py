"""Why an edition waits, is paused, skipped or cancelled becomes a code and a detail; before, it was a sentence that was
stored and compared. A sentence that nobody knows is kept as text. Names of mails to staff that were made of such a
sentence are made of the code, so that nobody is told a second time."""

import re
from typing import Any, ClassVar
from zlib import crc32

from django.db import migrations, models

#: The sentences as they were written; what stands in the brackets is the detail.
_SENTENCES = (
    ("nothing_new", r"nothing new"),
    ("nothing_for_anybody", r"nothing new for anybody"),
    ("not_approved", r"nobody approved it by its hour"),
    ("blackout", r"its date is in schedule\.blackout"),
    ("campaign_paused", r"its campaign was paused at its hour"),
    ("missed_skip", r"its hour was missed, and the campaign's late policy is to skip"),
    ("missed_ask", r"its hour was missed, and the campaign's late policy is to ask"),
    ("missed_twice", r"its hour was missed, and a later one as well: the next edition carries its posts"),
    ("unseen", r"its hour came before anybody could look at it"),
    ("cut_short", r"nothing of it had left when the next one was due"),
    ("carried", r"edition (\d+) carries its posts"),
    ("came_back", r"posts of an earlier edition came back to it"),
    ("post_taken_out", r'the post "(.*)" was taken out of it'),
    ("last_post_taken_out", r'its only post "(.*)" was taken back'),
    ("kept_out", r"staff kept out of mail what edition (\d+) carried"),
    ("came_together", r"(\d+) posts came together; they would go out in this one mail"),
    ("staff_cancelled", r"staff cancelled it"),
    ("staff_stopped", r"staff stopped it with the link in its proof"),
    ("days_changed", r"the campaign's days were changed, and its posts come with the next edition"),
    ("practice_ended", r"practice ended: newsletter live"),
)
_LINT = re.compile(r"an error in it(?: \(and (\d+) more\))?: (.*)", re.DOTALL)
#: Of a mail to staff, without what tells a reminder from the first.
_LONGEST_NAME = 60
#: Where a sentence of this state came from the relay or the renderer.
_PAUSED = "paused"


def coded(sentence: str, state: str) -> tuple[str, str]:
    """The code and the detail of a stored sentence."""
    if not sentence:
        return "", ""
    for code, pattern in _SENTENCES:
        if (found := re.fullmatch(pattern, sentence, re.DOTALL)) is not None:
            return code, found[1] if found.groups() else ""
    if (found := _LINT.fullmatch(sentence)) is not None:
        return "lint", found[2] + (f" (and {found[1]} more)" if found[1] else "")
    return ("fault" if state == _PAUSED else "text"), sentence


def to_codes(apps: Any, _: object) -> None:
    """Give every edition its code."""
    editions = apps.get_model("newsletter", "Edition").objects
    mails = apps.get_model("newsletter", "StaffMail").objects
    for edition in editions.exclude(detail="").iterator():
        sentence = edition.detail
        edition.reason, edition.detail = coded(sentence, edition.state)
        edition.save(update_fields=["reason", "detail"])
        for what in ("waits", "stopped"):
            old = f"{what} {edition.pk} {crc32(sentence.encode()):x}"
            new = f"{what} {edition.pk} {edition.reason} {edition.detail}"[:_LONGEST_NAME]
            for mail in mails.filter(edition_id=edition.pk, event__startswith=old):
                mail.event = new + mail.event[len(old) :]
                mail.save(update_fields=["event"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("newsletter", "0006_practice_through")]

    operations: ClassVar = [
        migrations.RenameField(model_name="edition", old_name="because", new_name="detail"),
        migrations.AddField(
            model_name="edition",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=30),
        ),
        migrations.RunPython(to_codes),
    ]
