"""Posts, the names that sources know them by, and their legal moves."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from newsletter.models.moves import check_move, choices

#: Why the posts of a first sync stay out of mail.
FIRST_SYNC = "it arrived with the first sync"


class PostState(StrEnum):
    """Where a post stands."""

    #: Dated in the future: released on its date.
    WAITING = "waiting"
    #: Staff must say what becomes of it; in no feed and no mail meanwhile.
    HELD = "held"
    #: In feeds and archive; has a release number.
    RELEASED = "released"
    #: Taken back.
    WITHDRAWN = "withdrawn"


class HeldFor(StrEnum):
    """What a post is held for, and so what there is to decide."""

    #: Too many came at once.
    TOGETHER = "together"
    #: It may be a post that we have, under another name.
    ALIKE = "alike"
    #: Dated long before it was first seen.
    OLD = "old"
    #: Its own page is gone, or asks for a log-in.
    PAGE = "page"
    #: It was to be released on its date, and its source has it no more.
    VANISHED = "vanished"
    #: Staff held it.
    STAFF = "staff"


class PageVerdict(StrEnum):
    """What was found when a post's own page was asked for (sources.presence.Presence), or who decided."""

    THERE = "there"
    UNSURE = "unsure"
    GONE = "gone"
    LOG_IN = "log-in"
    #: It was held because of its page, and staff released it: they have looked, and it is not asked for again.
    STAFF = "staff"


MOVES = {
    PostState.WAITING: frozenset({PostState.HELD, PostState.RELEASED, PostState.WITHDRAWN}),
    PostState.HELD: frozenset({PostState.RELEASED, PostState.WITHDRAWN, PostState.WAITING}),
    PostState.RELEASED: frozenset({PostState.HELD, PostState.WITHDRAWN}),
    PostState.WITHDRAWN: frozenset({PostState.RELEASED, PostState.HELD}),
}


class Post(models.Model):
    """One piece of content."""

    #: Ours, given at first sight, and the same for ever.
    key = models.SlugField(max_length=80, unique=True)
    #: The feeds' permanent id. Made from the source's name and the post's first name there, so that a lost database
    #: gives the same ids again.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    #: The source's name in config.toml; empty for an imported page.
    source = models.CharField(max_length=40, blank=True, default="", db_index=True)
    title = models.CharField(max_length=500)
    #: Clean HTML with absolute addresses.
    html = models.TextField()
    #: Plain text, never empty.
    summary = models.TextField()
    #: Where it lives on the web; empty where only our own pages show it.
    url = models.TextField(blank=True, default="")
    authors = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    #: Names of topics; empty goes to everyone.
    topics = models.JSONField(default=list)
    image = models.TextField(blank=True, default="")
    image_alt = models.TextField(blank=True, default="")
    #: Of its file in pixels, as the source tells it; 0 where it does not.
    image_width = models.PositiveIntegerField(default=0)
    image_height = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=35, blank=True, default="")
    #: A recording: {"url", "media_type", "length" (bytes, or null)}; empty for none.
    enclosure = models.JSONField(default=dict, blank=True)
    #: As precise as its author was: "2017", "2017-06", "2017-06-12" or an instant (ISO 8601).
    date = models.CharField(max_length=40)
    #: The first instant of that, for sorting.
    dated_at = models.DateTimeField()
    first_seen_at = models.DateTimeField()
    #: Begins as the post's own date, and moves only when what readers see changes.
    updated_at = models.DateTimeField()
    #: How often that has happened. Times do not tell: what comes later may carry an earlier one, or the same.
    revision = models.PositiveIntegerField(default=0, db_index=True)
    state = models.CharField(max_length=10, choices=choices(PostState))
    held_for = models.CharField(max_length=8, choices=choices(HeldFor), blank=True, default="")
    #: Why it is held, one clause.
    held_because = models.TextField(blank=True, default="")
    #: The post that it may be, while it is held for that.
    looks_like = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: In the order of release. A post that was held and is released again gets a new one.
    release_number = models.BigIntegerField(null=True, blank=True, unique=True)
    released_at = models.DateTimeField(null=True, blank=True)
    #: False: feed and archive only; nobody is owed it.
    mail = models.BooleanField(default=True)
    #: Why it stays out of mail, one clause (such as FIRST_SYNC).
    no_mail_because = models.CharField(max_length=200, blank=True, default="")
    #: When its page was last asked for before a mail, answered or not.
    page_asked_at = models.DateTimeField(null=True, blank=True)
    page_verdict = models.CharField(max_length=8, choices=choices(PageVerdict), blank=True, default="")
    #: What was amiss with it then, a clause that goes on "its page …"; empty when it was there.
    page_said = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="released", release_number__isnull=False, released_at__isnull=False)
                | (~Q(state="released") & Q(release_number__isnull=True)),
                name="released_posts_have_a_number",
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="summary_not_empty"),
        ]
        indexes: ClassVar = [models.Index(fields=["updated_at"], name="posts_by_change")]

    def __str__(self) -> str:
        return self.key

    def must_become(self, new: PostState) -> None:
        """Raise IllegalMove unless this post may go to ``new``."""
        check_move(MOVES, f"post {self.key}", PostState(self.state), new)


class LikenessKind(StrEnum):
    """What two posts may have in common."""

    TITLE = "title"
    TEXT = "text"


class Likeness(models.Model):
    """A title or a text that a post has or once had, as a digest: what comes again under another name is noticed."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="likenesses")
    kind = models.CharField(max_length=5, choices=choices(LikenessKind))
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "kind", "digest"], name="a_likeness_once_a_post")
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "digest"], name="likeness_known")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.post_id}"


class PostName(models.Model):
    """One name by which one source knows one post, for ever."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="names")
    source = models.CharField(max_length=40, blank=True, default="")
    scheme = models.CharField(max_length=10)
    value = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "scheme", "value"], name="name_belongs_to_one_post")
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.scheme}:{self.value}"
