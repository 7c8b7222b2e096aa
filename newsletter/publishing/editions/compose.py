"""Make an edition, choose its posts, freeze it; and say whom it would reach, exactly, before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from newsletter.config import Config
from newsletter.errors import NotFound, Refused
from newsletter.models import Act, Audience, Campaign, Edition, EditionPost, KeptOut, Post, PostState, Site
from newsletter.models.post import FIRST_SYNC
from newsletter.publishing import log
from newsletter.publishing.editions import campaigns, variants
from newsletter.publishing.editions.snapshot import entry_of, frame_of, templates_of
from newsletter.publishing.ledger import release
from newsletter.publishing.ledger.owed import Candidate, Person, owed, posts_hash
from newsletter.publishing.ledger.watermarks import mark, posts_had
from subscribers.audience import audience, left_out
from subscribers.cadence import Cadence
from subscribers.models import Subscription

#: People are read in pages by key, so that a million cost what ten thousand cost.
PAGE = 2000


def find(number: int) -> Edition:
    """The edition of that number. Raises NotFound."""
    edition = Edition.objects.select_related("campaign").filter(pk=number).first()
    if edition is None:
        raise NotFound(f"There is no edition {number}; newsletter editions list shows all.")
    return edition


def people_of(edition: Edition, *, practice: bool) -> QuerySet[Subscription]:
    """Who an edition goes to, before it is known what each is owed.

    Who fell below the reach of an edition that is frozen already (came back from a pause, switched) waits for the
    next one, which reaches down to them: this one would settle posts that it does not carry.
    """
    people = audience(None if edition.audience == Audience.EVERYONE else Cadence(edition.campaign.cadence))
    if edition.moves_watermarks and edition.lowest is not None:
        people = people.filter(**{f"{mark(practice)}__gte": edition.lowest})
    return people


def compose(
    campaign_name: str,
    config: Config,
    now: datetime,
    *,
    posts: Sequence[str] = (),
    everyone: bool = False,
    note: str = "",
) -> Edition:
    """A draft made by hand, frozen at once so that what staff see is what is sent.

    Without ``posts`` it is the campaign's next edition made early, and it settles everything up to now. With them it
    carries just those, and moves no watermark. Raises NotFound and Refused.
    """
    campaign = campaigns.find(campaign_name)
    if everyone and not posts:
        raise Refused(
            "Everyone gets only posts that you name: add --post KEY (a campaign's own edition goes to its people)."
        )
    with transaction.atomic():
        edition = Edition.objects.create(
            campaign=campaign,
            slot_at=now,
            audience=Audience.EVERYONE if everyone else Audience.CAMPAIGN,
            moves_watermarks=not posts,
            note=note,
            created_at=now,
        )
        freeze(edition, config, now, chosen=[_choosable(key) for key in posts])
        log.note(Act.COMPOSED, now, edition)
    count_people(edition, config)
    return edition


def _choosable(key: str) -> Post:
    post = release.find(key)
    if post.state != PostState.RELEASED:
        raise Refused(
            f'The post "{key}" is {post.state}, not released; newsletter posts release {key} releases it.'
        )
    return post


def freeze(edition: Edition, config: Config, now: datetime, *, chosen: Sequence[Post] = ()) -> None:
    """Fix an edition's posts (their text as it stands), its frame and its template. Call it in a transaction.

    It takes the site's lock: a release is either in it or has a higher number.
    """
    site = Site.locked()
    campaign = edition.campaign
    if edition.moves_watermarks:
        edition.newest = edition.lead or site.newest_release
        edition.lowest = _reach(edition, edition.newest, mark(config.practice))
        chosen = list(_released_between(edition.lowest, edition.newest, campaign))
    full = campaign.cadence == Cadence.EACH_POST or (not edition.moves_watermarks and len(chosen) == 1)
    EditionPost.objects.bulk_create(
        EditionPost(
            edition=edition,
            post=post,
            release_number=post.release_number or 0,
            topics=post.topics,
            entry=entry_of(post, config, full=full).as_json(),
        )
        for post in chosen
    )
    edition.frozen = {
        "frame": frame_of(edition, campaign, config).as_json(),
        "templates": templates_of(config),
    }
    edition.frozen_at = now
    edition.save()


def _reach(edition: Edition, newest: int, column: str) -> int:
    """Down to the lowest watermark in the audience, so that whoever is behind gets all they are owed in this one mail;
    and to where its last edition ended, because who joins before this one starts begins there."""
    people = audience(Cadence(edition.campaign.cadence)).filter(**{f"{column}__lt": newest})
    # The first of an index in order, and not a minimum: that would look at a million people.
    lowest: int | None = people.order_by(column).values_list(column, flat=True).first()
    campaign = edition.campaign
    ended = campaign.frozen_through
    if column == mark(True):
        ended = max(ended, campaign.practice_through)
    marks = [newest, ended, *([] if lowest is None else [lowest])]
    return min(marks)


def _released_between(above: int, up_to: int, campaign: Campaign) -> QuerySet[Post]:
    kept_out = KeptOut.objects.filter(campaign=campaign).values("release_number")
    return (
        Post.objects.filter(
            state=PostState.RELEASED, mail=True, release_number__gt=above, release_number__lte=up_to
        )
        .exclude(release_number__in=kept_out)
        .order_by("-release_number")
    )


def anything_new(campaign: Campaign, newest: int, *, practice: bool) -> bool:
    """Whether an edition of the campaign that was frozen now would carry any post."""
    return would_carry(campaign, newest, practice=practice).exists()


def would_carry(campaign: Campaign, newest: int, *, practice: bool) -> QuerySet[Post]:
    """The posts of an edition of the campaign that was frozen now, up to the release ``newest``."""
    edition = Edition(campaign=campaign)
    return _released_between(_reach(edition, newest, mark(practice)), newest, campaign)


def candidates_of(edition: Edition) -> list[Candidate]:
    """An edition's frozen posts as the rule needs them, newest first."""
    rows = edition.edition_posts.values_list("post_id", "release_number", "topics")
    return [Candidate(post_id, number, frozenset(topics)) for post_id, number, topics in rows]


def owed_of(
    edition: Edition,
    people: Iterable[tuple[int, int, list[str]]],
    candidates: Sequence[Candidate],
    *,
    practice: bool,
) -> dict[int, tuple[int, ...]]:
    """What each of these people (id, watermark, topics) is owed of an edition; empty for nothing."""
    rows = list(people)
    had = posts_had([row[0] for row in rows], [c.post_id for c in candidates], practice=practice)
    return {
        subscriber_id: owed(
            Person(watermark, frozenset(topics), had.get(subscriber_id, frozenset())),
            candidates,
            by_hand=not edition.moves_watermarks,
        )
        for subscriber_id, watermark, topics in rows
    }


@dataclass(slots=True)
class Forecast:
    """Whom an edition would reach now: the dry run."""

    #: How many people get a mail.
    people: int = 0
    #: How many different posts they get between them.
    posts: int = 0
    #: The set of posts → how many people get just that set.
    sets: Counter[tuple[int, ...]] = field(default_factory=Counter)
    #: One clause → how many are left out because of it.
    left_out: dict[str, int] = field(default_factory=dict)


def forecast(edition: Edition, config: Config) -> Forecast:
    """Go through the audience in pages and count. It writes nothing; the send comes to the same numbers."""
    candidates = candidates_of(edition)
    result = Forecast(
        left_out=left_out(
            None if edition.audience == Audience.EVERYONE else Cadence(edition.campaign.cadence)
        )
    )
    nothing = 0
    for page in pages(people_of(edition, practice=config.practice), mark(config.practice)):
        for posts in owed_of(edition, page, candidates, practice=config.practice).values():
            if posts:
                result.sets[posts] += 1
            else:
                nothing += 1
    if nothing:
        result.left_out["nothing new for them"] = nothing
    result.people = sum(result.sets.values())
    result.posts = len({post for posts in result.sets for post in posts})
    return result


def pages(
    people: QuerySet[Subscription], column: str, after: int = 0
) -> Iterator[list[tuple[int, int, list[str]]]]:
    """An audience in pages of (id, watermark, topics), by key: never one list, never an open cursor."""
    while True:
        page = list(people.filter(pk__gt=after).order_by("pk").values_list("pk", column, "topics")[:PAGE])
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1][0]


def count_people(edition: Edition, config: Config) -> Forecast:
    """The forecast, and its number of people kept with the edition for "+n −m since"."""
    result = forecast(edition, config)
    commonest = result.sets.most_common(1)
    edition.people = result.people
    edition.forecast = {
        "people": result.people,
        "posts": result.posts,
        "left_out": result.left_out,
        "commonest": list(commonest[0][0]) if commonest else [],
    }
    edition.save(update_fields=["people", "forecast"])
    return result


def below_reach(edition: Edition, config: Config) -> int:
    """How many people of its campaign a frozen edition does not reach down to any more."""
    if not edition.moves_watermarks or edition.lowest is None:
        return 0
    people = audience(Cadence(edition.campaign.cadence))
    return people.filter(**{f"{mark(config.practice)}__lt": edition.lowest}).count()


def held_posts_hint(edition: Edition) -> list[str]:
    """What staff should know of posts that stay out of mail and are not in this edition, a sentence each."""
    hints = []
    first = (
        Post.objects.filter(state=PostState.RELEASED, mail=False, no_mail_because=FIRST_SYNC)
        .exclude(pk__in=edition.edition_posts.values("post_id"))
        .count()
    )
    if first:
        posts = "1 post" if first == 1 else f"{first} posts"
        verb = "stays" if first == 1 else "stay"
        hints.append(f"{posts} arrived with the first sync and {verb} out of mail; to send one: --post KEY")
    held = Post.objects.filter(state=PostState.HELD).count()
    if held:
        posts = "1 post is" if held == 1 else f"{held} posts are"
        hints.append(f"{posts} held for a decision; see: newsletter posts list --state held")
    return hints


def render_main(edition: Edition, result: Forecast) -> None:
    """Render the variant that most people get, so that a mistake in a template shows before anything is enqueued."""
    commonest = result.sets.most_common(1)
    if commonest:
        posts = commonest[0][0]
        if posts_hash(posts) not in variants.existing(edition):
            variants.make(edition, [posts])
