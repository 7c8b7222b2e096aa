"""The one row of a site: the counter of releases, which is also the lock, and whether mail is for real."""

from __future__ import annotations

from django.db import models


class Site(models.Model):
    """Row 1 and no other. Whoever gives out a release number, freezes or enqueues holds its lock.

    Release numbers and enqueued chunks therefore become visible in order: PostgreSQL's own identity numbers do not
    (a reader can see 2 before 1).
    """

    #: The newest release number given out.
    newest_release = models.BigIntegerField(default=0)
    #: When staff went from practice to the real relay; None before.
    live_at = models.DateTimeField(null=True, blank=True)
    #: When the first edition left for a relay, live or on loopback: from then on the outbox is refused.
    real_at = models.DateTimeField(null=True, blank=True)
    #: site.timezone as it was at the last start: campaigns that name no zone follow it.
    timezone = models.CharField(max_length=64, blank=True, default="")
    #: Where files were served at the last start: posts that show one follow when the site moves.
    media_url = models.TextField(blank=True, default="")
    #: A hash that only the right suppression key gives, so that a lost key is noticed before anyone is mailed.
    suppression_check = models.CharField(max_length=64, blank=True, default="")
    #: The same of the key that signs links: with another one every link in a mail that was sent is dead.
    links_check = models.CharField(max_length=64, blank=True, default="")
    #: Every topic that config.toml ever named: the feeds of one that is gone answer "gone", not "unknown".
    known_topics = models.JSONField(default=list)
    #: Of the topics of config.toml as they were at the last start: posts follow when they change.
    topics_digest = models.CharField(max_length=64, blank=True, default="")
    #: The topics of config.toml as they were at the last start, name → title and categories: what tells a topic that
    #: was renamed from one that is gone.
    topics_before = models.JSONField(default=dict)
    #: Name that a topic once had → the name that it has now.
    renamed_topics = models.JSONField(default=dict)
    #: Topics that people chose and nobody offers → how many people, counted when the topics last changed.
    topics_not_offered = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_site")]

    def __str__(self) -> str:
        return f"site at release {self.newest_release}"

    @classmethod
    def locked(cls) -> Site:
        """The row, locked until the transaction ends. Call inside ``transaction.atomic``."""
        return cls.objects.select_for_update().get(pk=1)

    def next_release(self) -> int:
        """Give out the next release number. The row must be locked."""
        self.newest_release += 1
        self.save(update_fields=["newest_release"])
        return self.newest_release
