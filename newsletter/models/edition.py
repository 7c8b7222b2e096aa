"""Editions, their frozen posts, and their variants."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from newsletter.errors import IllegalMove
from newsletter.models.campaign import Campaign
from newsletter.models.moves import choices
from newsletter.models.post import Post
from newsletter.models.reason import clause


class EditionState(StrEnum):
    """Where an edition stands."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting approval"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    #: Nothing new, or nobody approved it.
    SKIPPED = "skipped"


_DRAFT, _AWAITING, _SCHEDULED = EditionState.DRAFT, EditionState.AWAITING_APPROVAL, EditionState.SCHEDULED
_SENDING, _SENT, _PAUSED = EditionState.SENDING, EditionState.SENT, EditionState.PAUSED
_CANCELLED, _SKIPPED = EditionState.CANCELLED, EditionState.SKIPPED

MOVES = {
    _DRAFT: frozenset({_AWAITING, _SCHEDULED, _SENDING, _CANCELLED, _SKIPPED}),
    _AWAITING: frozenset({_DRAFT, _SCHEDULED, _SENDING, _CANCELLED, _SKIPPED}),
    _SCHEDULED: frozenset({_DRAFT, _AWAITING, _SENDING, _PAUSED, _CANCELLED, _SKIPPED}),
    # Skipped: it settled its posts, and they were for nobody.
    _SENDING: frozenset({_SENT, _SKIPPED, _PAUSED, _CANCELLED}),
    # Awaiting: a post was taken out of it meanwhile.
    _PAUSED: frozenset({_AWAITING, _SCHEDULED, _SENDING, _CANCELLED}),
    # A retry of what failed, or staff's "send again", opens it once more. Practice is cancelled when a site goes live.
    _SENT: frozenset({_SENDING, _CANCELLED}),
    _CANCELLED: frozenset(),
    _SKIPPED: frozenset(),
}

_REFUSALS = {
    _SENDING: "Edition {number} is going out already. To stop the rest: newsletter editions pause {number}",
    _SENT: "Edition {number} is sent already; nothing of it can be changed or stopped any more.",
    _CANCELLED: "Edition {number} was cancelled and stays so; newsletter editions compose makes a new one.",
    _SKIPPED: "Edition {number} was skipped and stays so; its posts come with the next one.",
}


def _refusal(old: EditionState, new: EditionState) -> str:
    if old == new:
        return f"Edition {{number}} is {old} already."
    if new == _PAUSED and old in (_DRAFT, _AWAITING):
        return f"Edition {{number}} is {old}, so nothing of it goes by itself, and there is nothing to pause."
    return _REFUSALS.get(old, f"Edition {{number}} is {old} and cannot become {new}.")


#: Nothing of these has been enqueued.
UNSTARTED = (_DRAFT, _AWAITING, _SCHEDULED)


class Audience(StrEnum):
    """Who an edition goes to."""

    #: The people of its campaign's cadence.
    CAMPAIGN = "campaign"
    #: Every mailable subscriber.
    EVERYONE = "everyone"


class Edition(models.Model):
    """One mailing of a campaign, at one slot or made by hand."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="editions")
    state = models.CharField(max_length=20, choices=choices(EditionState), default=EditionState.DRAFT)
    #: The slot's local name, unique within the campaign; None for "each post" and for those made by hand.
    slot_local = models.CharField(max_length=20, null=True, blank=True)
    #: When it is due, UTC.
    slot_at = models.DateTimeField()
    #: "Each post": the release it was made for.
    lead = models.BigIntegerField(null=True, blank=True)
    audience = models.CharField(max_length=10, choices=choices(Audience), default=Audience.CAMPAIGN)
    #: False for an edition of chosen posts: it settles by the ledger alone.
    moves_watermarks = models.BooleanField(default=True)
    #: Its posts are the releases above ``lowest`` and up to ``newest``; None until frozen, or with chosen posts.
    lowest = models.BigIntegerField(null=True, blank=True)
    newest = models.BigIntegerField(null=True, blank=True)
    #: {"frame": …, "templates": {…}}: the bytes that staff saw are made of these and the posts, and of nothing else.
    frozen = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    #: While it awaits approval: when it is skipped for want of it; None for "it waits".
    approve_by = models.DateTimeField(null=True, blank=True)
    #: How many people it had when it was frozen.
    people = models.PositiveIntegerField(default=0)
    #: The last forecast: people, posts, who is left out and why, and the set of posts that most people get.
    forecast = models.JSONField(default=dict)
    #: What became of its mails, once it is over and nothing of it can change: the words of a tally, and "came, went".
    final = models.JSONField(default=dict)
    #: Mail to the outbox settles nothing. None until enqueueing starts.
    practice = models.BooleanField(null=True, blank=True)
    #: When it began to be sent.
    began_at = models.DateTimeField(null=True, blank=True)
    #: The last subscriber that enqueueing has settled; enqueueing goes on from here after a crash.
    cursor = models.BigIntegerField(default=0)
    enqueued_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: In place of the campaign's; empty for the campaign's own. The subject may hold {title}, {count} and {date}.
    subject = models.CharField(max_length=200, blank=True, default="")
    preheader = models.CharField(max_length=200, blank=True, default="")
    #: A few words from staff above the posts.
    note = models.TextField(blank=True, default="")
    #: What keeps it from beginning, a sentence; empty when nothing does.
    trouble = models.CharField(max_length=300, blank=True, default="")
    #: Why it was skipped, cancelled or paused, or why it waits: a code of ``Reason``, and what belongs to it.
    reason = models.CharField(max_length=30, blank=True, default="")
    detail = models.CharField(max_length=300, blank=True, default="")
    #: When it is cancelled: whether what has not gone is owed at the next slot, or kept out of mail.
    owed_again = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    posts = models.ManyToManyField(Post, through="EditionPost", related_name="editions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "slot_local"], name="a_slot_is_taken_once"),
            models.UniqueConstraint(fields=["campaign", "lead"], name="a_release_is_mailed_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "slot_at"], name="edition_due")]

    def __str__(self) -> str:
        return f"edition {self.pk}"

    @property
    def because(self) -> str:
        """The reason as a clause for staff; empty for none."""
        return clause(self.reason, self.detail)

    def must_become(self, new: EditionState) -> None:
        """Raise IllegalMove, in words for staff, unless this edition may go to ``new``."""
        old = EditionState(self.state)
        if new not in MOVES[old]:
            raise IllegalMove(_refusal(old, new).format(number=self.pk))


class EditionPost(models.Model):
    """A post in an edition, its text as it stood when the edition was frozen."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="edition_posts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    #: Its release number when it was frozen; orders the posts. 0 for a chosen post that was never released.
    release_number = models.BigIntegerField()
    #: Names of topics when it was frozen: whose post it is must not change after approval.
    topics = models.JSONField(default=list)
    #: rendering.mail_parts.Entry as JSON.
    entry = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-release_number", "-post_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "post"], name="a_post_once_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.post_id}"


class Variant(models.Model):
    """The frozen rendering of an edition for one set of posts."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="variants")
    #: The posts' ids, sorted, joined by commas, hashed: what makes it unique within the edition.
    posts_hash = models.CharField(max_length=64)
    #: rendering.parts.Rendered as JSON.
    rendered = models.JSONField()

    posts = models.ManyToManyField(Post, through="VariantPost", related_name="variants")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "posts_hash"], name="one_variant_a_set_of_posts")
        ]

    def __str__(self) -> str:
        return f"variant {self.pk} of edition {self.edition_id}"


class VariantPost(models.Model):
    """A post in a variant: with deliveries, the ledger of (person, post)."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="variant_posts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["variant", "post"], name="a_post_once_a_variant")
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.post_id}"
