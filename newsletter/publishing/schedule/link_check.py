"""Asks for the pages of posts before they are mailed: one that is gone or behind a log-in holds its post.

A web that is slow or down delays a mail by DEADLINE at the most and holds nothing. Judging an answer is
sources/link_status.py's part; taking a held post out of editions is post_actions.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from newsletter.config import Config
from newsletter.errors import NewsletterError, Refused
from newsletter.http.client import Fetcher
from newsletter.http.concurrent import answers
from newsletter.models import (
    Campaign,
    CampaignState,
    Edition,
    EditionState,
    HeldFor,
    PageVerdict,
    Post,
    PostState,
    Site,
)
from newsletter.models.edition import UNSTARTED
from newsletter.publishing.decisions import post_actions
from newsletter.publishing.editions import compose
from newsletter.publishing.from_config import fetcher
from newsletter.publishing.schedule import digest_slots
from newsletter.sources.link_status import LinkFinding, Presence, judge
from subscribers.cadence import Cadence

#: A page that was asked for so lately is not asked for again.
AGAIN_AFTER = timedelta(minutes=30)
#: Seconds for all pages together, and for one.
DEADLINE = 20.0
_ONE_PAGE = 12.0
#: A log-in page is small, and of a longer page the beginning would do.
_MOST_BYTES = 3 * 1024 * 1024
_NO_ANSWER = LinkFinding(Presence.UNSURE, "did not answer in time")


@dataclass(slots=True)
class Asked:
    """What came of asking."""

    #: Posts that are held now, with what their page said.
    held: list[Post] = field(default_factory=list)
    #: Posts that go out although their page could not be seen.
    unsure: list[Post] = field(default_factory=list)
    #: How many pages were asked for.
    pages: int = 0

    def sentences(self) -> list[str]:
        """What staff should know of those that are held."""
        return [
            f'The post "{post.key}" is held: its page {post.page_said}. When it is there: '
            f"newsletter posts release {post.key} --mail"
            for post in self.held
        ]


def ask_ahead(config: Config, now: datetime) -> Asked:
    """Ask for the pages of what is about to be frozen by itself: digests whose hour (or that of their draft) has come,
    and posts that "each post" has no edition for yet. Call it outside of transactions."""
    due: dict[int, Post] = {}
    if not config.fetch.check_pages:
        return Asked()
    for campaign in Campaign.objects.filter(state=CampaignState.ACTIVE):
        if _is_due(campaign, config, now):
            due |= {post.pk: post for post in _next_posts(campaign, config, now)}
    return ask(due.values(), config, now)


def ask_before(edition: Edition, config: Config, now: datetime) -> Asked:
    """Ask for the pages of an edition that is to begin or to be approved. Call it outside of transactions.

    Raises Refused when one that is frozen has lost a post: what staff saw is not what would be sent.
    """
    if not config.fetch.check_pages or edition.state not in UNSTARTED:
        return Asked()
    frozen = edition.frozen_at is not None
    if frozen:
        posts = Post.objects.filter(pk__in=edition.edition_posts.values("post_id"))
    else:
        newest = edition.lead or Site.objects.get(pk=1).newest_release
        posts = compose.would_carry(edition.campaign, newest, practice=config.practice)
    asked = ask(_to_ask(posts, now), config, now)
    if frozen and asked.held:
        edition.refresh_from_db()
        what = ". ".join(asked.sentences())
        if edition.state == EditionState.CANCELLED:
            raise Refused(f"{what}. Edition {edition.pk} carried nothing else and is cancelled.")
        them = "it" if len(asked.held) == 1 else "them"
        raise Refused(
            f"{what}. Edition {edition.pk} goes on without {them} and waits for approval: look at it again, then "
            f"newsletter editions approve {edition.pk}"
        )
    return asked


def ask(posts: Iterable[Post], config: Config, now: datetime) -> Asked:
    """Ask for the pages of these posts, hold those whose page is not for readers, and note what each said."""
    wanted = [post for post in posts if _has_a_page_elsewhere(post, config)]
    asked = Asked(pages=len(wanted))
    if not wanted:
        return asked
    rules = replace(fetcher(config), whole_seconds=_ONE_PAGE, most_bytes=_MOST_BYTES)
    pages = {post.pk: (post.url, post.title) for post in wanted}
    findings = answers(pages, lambda page: _one_answer(*page, rules), DEADLINE)
    for post in wanted:
        finding = findings.get(post.pk, _NO_ANSWER)
        post.page_asked_at, post.page_said = now, finding.said[:300]
        post.page_verdict = PageVerdict(finding.presence)
        post.save(update_fields=["page_asked_at", "page_said", "page_verdict"])
        if finding.presence in (Presence.GONE, Presence.LOG_IN) and _hold(post, config, now):
            asked.held.append(post)
        elif finding.presence == Presence.UNSURE:
            asked.unsure.append(post)
    return asked


def _is_due(campaign: Campaign, config: Config, now: datetime) -> bool:
    if campaign.cadence == Cadence.EACH_POST:
        return True
    at = digest_slots.draft_at(campaign, config) or campaign.next_slot_at
    return at is not None and at <= now and digest_slots.of_next_slot(campaign) is None


def _next_posts(campaign: Campaign, config: Config, now: datetime) -> Iterable[Post]:
    """Those that came since the campaign's last edition; who is behind with older ones is seen to by ask_before."""
    above = campaign.frozen_through
    if campaign.cadence == Cadence.EACH_POST:
        above = campaign.made_through
    released = Post.objects.filter(state=PostState.RELEASED, mail=True, release_number__gt=above)
    return _to_ask(released, now)


def _to_ask(posts: QuerySet[Post], now: datetime) -> Sequence[Post]:
    """Of a queryset those with a page that was not asked for lately, and that staff have not looked at themselves."""
    rows = posts.filter(state=PostState.RELEASED).exclude(url="").exclude(page_verdict=PageVerdict.STAFF)
    lately = Q(page_asked_at__isnull=False, page_asked_at__gt=now - AGAIN_AFTER, page_asked_at__lte=now)
    return list(rows.exclude(lately).defer("html"))


def _has_a_page_elsewhere(post: Post, config: Config) -> bool:
    """Our own pages are there when we are."""
    return bool(post.url) and not f"{post.url}/".startswith(f"{config.site.url}/")


def _hold(post: Post, config: Config, now: datetime) -> bool:
    try:
        post_actions.hold(post.key, config, now, because=f"its page {post.page_said}", held_for=HeldFor.PAGE)
    except NewsletterError:
        return False  # staff took it back meanwhile
    return True


def _one_answer(url: str, title: str, rules: Fetcher) -> LinkFinding:
    try:
        return judge(url, title, rules.ask(url))
    except NewsletterError as error:
        return LinkFinding(Presence.UNSURE, f"could not be asked for: {error}")
    except Exception as error:  # a fault of ours must not keep a mail from going
        return LinkFinding(Presence.UNSURE, f"could not be read ({type(error).__name__})")
