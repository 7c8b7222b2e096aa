"""Posts as the desk shows them: where each stands, why, what there is to decide, and which editions carried it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from newsletter.config import Config
from newsletter.models import Delivery, DeliveryState, Edition, Post, PostState
from newsletter.publishing.decisions.post_actions import who_has
from newsletter.publishing.editions.snapshot import date_of, page_of

#: Mails that are counted for a post's page; so many stands for "so many and more".
MOST_COUNTED = 20_000
#: Posts on a page.
A_PAGE = 40


@dataclass(frozen=True, slots=True)
class Listed:
    """A post in the list."""

    key: str
    title: str
    date: str
    state: str
    #: "in mail", "feed only", or empty where it is not released.
    where: str
    because: str
    source: str
    picture: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A post on its page."""

    listed: Listed
    summary: str
    url: str
    topics: tuple[str, ...]
    editions: tuple[tuple[int, str], ...]
    sent: int
    in_doubt: int
    #: The key of the post that it is held for, as perhaps the same; empty for none.
    looks_like: str


def listed(config: Config, state: str, before: int | None) -> tuple[list[Listed], int | None]:
    """A page of posts, the newest first; and where the next page begins, None at the end. An unknown state is none."""
    posts = Post.objects.order_by("-pk")
    if state in set(PostState):
        posts = posts.filter(state=state)
    if before is not None:
        posts = posts.filter(pk__lt=before)
    found = list(posts[: A_PAGE + 1])
    return [_listed(post, config) for post in found[:A_PAGE]], found[A_PAGE - 1].pk if len(
        found
    ) > A_PAGE else None


def shown(post: Post, config: Config) -> Shown:
    """All that the page of a post tells."""
    mails = who_has(post)
    editions = (
        Edition.objects.filter(edition_posts__post=post).order_by("-pk").values_list("pk", "state")[:10]
    )
    return Shown(
        listed=_listed(post, config),
        summary=post.summary,
        url=page_of(post, config),
        topics=tuple(config.topics[name].title for name in post.topics if name in config.topics),
        editions=tuple(editions),
        sent=_up_to(mails.filter(state=DeliveryState.SENT)),
        in_doubt=_up_to(mails.exclude(state=DeliveryState.SENT)),
        looks_like=post.looks_like.key if post.looks_like is not None else "",
    )


def _up_to(rows: QuerySet[Delivery]) -> int:
    """Count them, but not on for a million: whoever looks wants to know whether it is none, some or very many."""
    return rows.order_by()[:MOST_COUNTED].count()


def _listed(post: Post, config: Config) -> Listed:
    where = ("in mail" if post.mail else "feed only") if post.state == PostState.RELEASED else ""
    return Listed(
        key=post.key,
        title=post.title,
        date=date_of(post, config) or "",
        state=post.state,
        where=where,
        because=post.held_because or post.no_mail_because,
        source=post.source,
        picture=post.image,
    )
