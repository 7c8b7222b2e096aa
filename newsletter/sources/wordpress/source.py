"""A WordPress site as a source of posts, by its REST API, or by its feed where the API is closed.

What a look does is here. The API is found by discovery.py, asked by api.py and read page by page in pagination.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from newsletter.errors import SourceError
from newsletter.http.client import Fetcher
from newsletter.sources.base import Fetched, Item, Look, Problem, Unreadable
from newsletter.sources.webfeed.source import WebFeedSource
from newsletter.sources.wordpress.api import Api, Busy, Closed
from newsletter.sources.wordpress.api_post import changed_at, published_at
from newsletter.sources.wordpress.discovery import ApiPlace, find, root_inside, site_of
from newsletter.sources.wordpress.items import with_own_names
from newsletter.sources.wordpress.pagination import MOST_POSTS, SIZES, Gathering, PostPages
from newsletter.sources.wordpress.polling import WordPressMemory, is_elsewhere
from newsletter.sources.wordpress.reusable_blocks import fallen_out

#: Between two looks at every post. What WordPress's own clock of changes does not tell (a category that got another
#: name, an exchanged picture, a post imported with an old date) is seen then.
WHOLE_EVERY = timedelta(days=7)
#: A site of so many posts is read whole whenever a person asks for a sync: that is five questions.
_FEW_POSTS = 500
#: How far back the other looks reach beyond what was seen. Local times, a changed zone and a clock that was put
#: right lie within.
_OVERLAP = timedelta(days=2)
#: The newest posts by date, which every look reads: WordPress leaves the time of change alone when it publishes a
#: scheduled post (https://core.trac.wordpress.org/ticket/26980), so no question for changes would find it.
_NEWEST = (20, 5)
#: A closed API is asked again after this, and the feed is believed about older posts only after that.
_CLOSED_FOR = timedelta(hours=6)
_CLOSED_FOR_GOOD = timedelta(days=7)
_ARCHIVE_PATH = re.compile(r"/(?:category|tag|author)/[^/?#]+(?:/[^/?#]+)*/?$")


class WordPressSource:
    """A WordPress site as a source of posts. Keeps nothing between two looks but what it asks to be told."""

    def __init__(self, name: str, url: str, fetcher: Fetcher, *, site_url: str, zone: str) -> None:
        """``url`` is any address of the site; the page of a category, a tag or an author means its posts alone.
        ``zone`` is the site's, for dates without one. Nothing is read before ``fetch``."""
        self.name = name
        self.url = url
        self._fetcher = fetcher
        self._site_url, self._zone = site_url, zone

    def fetch(self, look: Look) -> Fetched:
        """Find the API; read every post at the first look and each week, what is new or changed at the others; read
        the feed where the API is closed.

        Raises Unreadable when the server asks to be left alone, and SourceError when the site does not answer or
        reading stops half-way.
        """
        memory = WordPressMemory.read(look.memory, self.url)
        waiting = memory.not_before is not None and look.now < memory.not_before
        if waiting and not memory.closed_at:
            raise Unreadable(_left_alone(self.url, memory), memory.written())
        if waiting and not look.by_hand:
            return self._by_feed(look, memory)
        try:
            return self._by_api(look, memory)
        except Closed as closed:
            until = look.now + _CLOSED_FOR
            memory = replace(
                memory,
                root="",
                closed_at=memory.closed_at or look.now,
                closed_because=str(closed)[:400],
                not_before=until,
            )
            return self._by_feed(look, memory)
        except Busy as busy:
            memory = replace(memory, not_before=busy.until, closed_at=None)
            raise Unreadable(
                f"{_left_alone(self.url, memory)} (it answered {busy.status})", memory.written()
            ) from busy

    def _by_api(self, look: Look, memory: WordPressMemory) -> Fetched:
        if memory.root and not _is_whole(look, memory):
            try:
                return self._recent(look, memory)
            except Closed:
                pass  # it may have moved: look for it anew, and read everything there
        return self._whole(look, memory, find(self.url, self._fetcher, look.now))

    def _whole(self, look: Look, memory: WordPressMemory, place: ApiPlace) -> Fetched:
        """Every post, the newest first, so that one that appears meanwhile moves the others back and hides none."""
        gathering = self._gathering(place.root, look)
        answers = PostPages(gathering.api, {"orderby": "date", "order": "desc", **place.only})
        for posts in answers.pages():
            gathering.add(posts)
        if (answers.total or 0) > MOST_POSTS:
            what = (
                f"the site has {answers.total:,} posts; the newest {MOST_POSTS:,} were read. For older ones save an "
                "export (in WordPress: Tools, Export) and name it as path of another source"
            )
            gathering.problems.append(Problem(self.url, what))
        # One that disappeared meanwhile moved the others forward, and may have hidden one: look again.
        complete = (answers.total_at_last or 0) >= (answers.total or 0)
        told = WordPressMemory(
            url=self.url,
            root=place.root,
            only=dict(place.only),
            changed_until=gathering.changed_until,
            newest=gathering.newest,
            whole_at=look.now if complete else None,
            total=answers.total or len(gathering.items),
            protected=list(gathering.protected),
        )
        return self._fetched(look, gathering, memory, told)

    def _recent(self, look: Look, memory: WordPressMemory) -> Fetched:
        """The newest posts, and those that were changed since the last look."""
        gathering = self._gathering(memory.root, look)
        asked = [self._newest(gathering, memory), self._changed(gathering, memory)]
        kept = {answers.address(): list(answers.validators) for answers in asked if any(answers.validators)}
        told = replace(
            memory,
            changed_until=_later(memory.changed_until, gathering.changed_until),
            newest=_later(memory.newest, gathering.newest),
            validators=kept,
            protected=sorted((set(memory.protected) | set(gathering.protected)) - set(gathering.items)),
            closed_at=None,
            closed_because="",
            not_before=None,
            feed={},
        )
        if all(answers.unchanged for answers in asked):
            return Fetched((), unchanged=True, memory=told.written())
        return self._fetched(look, gathering, memory, told)

    def _newest(self, gathering: Gathering, memory: WordPressMemory) -> PostPages:
        """Down to those that the last look knew, which is the first page unless many came at once."""
        answers = self._answers(gathering, memory, {"orderby": "date", "order": "desc"}, _NEWEST)
        known = (memory.newest or _look_back(None)) - _OVERLAP
        for posts in answers.pages():
            gathering.add(posts)
            dates = [
                found.moment
                for post in posts
                if (found := published_at(post, gathering.zone)) and found.moment
            ]
            if not dates or min(dates) < known:
                break
        return answers

    def _changed(self, gathering: Gathering, memory: WordPressMemory) -> PostPages:
        """By time of change, newest first; WordPress before 5.7 does not know ``modified_after`` and answers all."""
        since = _look_back(memory.changed_until)
        query = {"orderby": "modified", "order": "desc", "modified_after": f"{since:%Y-%m-%dT%H:%M:%S}Z"}
        answers = self._answers(gathering, memory, query, SIZES)
        for posts in answers.pages():
            gathering.add(posts)
            changes = [found for post in posts if (found := changed_at(post, gathering.zone))]
            if not changes or min(changes) < since:
                break
        return answers

    def _answers(
        self, gathering: Gathering, memory: WordPressMemory, query: dict[str, str], sizes: Sequence[int]
    ) -> PostPages:
        answers = PostPages(gathering.api, {**query, **memory.only}, sizes)
        answers.validators = _pair(memory.validators.get(answers.address()))
        return answers

    def _gathering(self, root: str, look: Look) -> Gathering:
        return Gathering(Api(root, self._fetcher, look.now), self._site_url, self._zone)

    def _fetched(
        self, look: Look, gathering: Gathering, before: WordPressMemory, told: WordPressMemory
    ) -> Fetched:
        fallen = fallen_out(gathering.lost, self.url)
        problems = [*gathering.problems, *_shut_away(gathering, before), *fallen]
        for route in ("categories", "tags"):
            if why := gathering.closed.get(route):
                what = (
                    f"the names of its {route} could not be read ({why}), so they decide no topic; let whoever looks "
                    f"after the site open {told.root}wp/v2/{route} to visitors"
                )
                problems.append(Problem(self.url, what))
        return Fetched(
            tuple(with_own_names(gathering.items.values())),
            tuple(problems),
            drafts=len(gathering.protected),
            elsewhere=is_elsewhere(look.memory, self.url),
            memory=told.written(),
        )

    def _by_feed(self, look: Look, memory: WordPressMemory) -> Fetched:
        """What the site's feed has, with the problem that says so.

        Posts that the API gave before are left as they are: the feed's copy is poorer, and may be an excerpt.
        """
        why = memory.closed_because
        feed = WebFeedSource(
            self.name, _feed_of(self.url), self._fetcher, site_url=self._site_url, zone=self._zone
        )
        try:
            fetched = feed.fetch(Look(look.now, memory.feed, look.by_hand))
        except SourceError as error:
            told = replace(memory, feed=dict(error.memory) if isinstance(error, Unreadable) else memory.feed)
            raise Unreadable(
                f"{self.url}: its REST API is closed ({why}), and its feed could not be read either: {error}",
                told.written(),
            ) from error
        kept = replace(memory, feed=dict(fetched.memory)).written()
        if fetched.unchanged:
            return replace(fetched, memory=kept)
        items = [item for item in fetched.items if _is_news(item, memory, look.now)]
        what = (
            f"its REST API is closed ({why}), so its feed was read instead: only the newest posts, perhaps shortened. "
            "To open it, let whoever looks after the site allow visitors to read /wp-json/wp/v2/posts (security "
            'plugins have a switch such as "disable REST API"), then sync. If the site is no WordPress, set '
            'kind = "webfeed"'
        )
        return replace(
            fetched,
            items=items,
            problems=[Problem(self.url, what), *fetched.problems],
            elsewhere=is_elsewhere(look.memory, self.url),
            memory=kept,
        )


def _look_back(seen: datetime | None) -> datetime:
    """From when on changes are asked for, if the last one that was seen was at ``seen``."""
    return (seen or datetime(1970, 1, 3, tzinfo=UTC)) - _OVERLAP


def _is_whole(look: Look, memory: WordPressMemory) -> bool:
    """Whether this look has to read every post."""
    if memory.whole_at is None or look.now - memory.whole_at >= WHOLE_EVERY:
        return True
    return look.by_hand and memory.total <= _FEW_POSTS


def _is_news(item: Item, memory: WordPressMemory, now: datetime) -> bool:
    """Whether the feed is believed about a post: the API never gave it, or has been closed for long."""
    if memory.newest is None or (memory.closed_at and now - memory.closed_at > _CLOSED_FOR_GOOD):
        return True
    return item.date is None or item.date.starts("UTC") > memory.newest


def _shut_away(gathering: Gathering, before: WordPressMemory) -> Iterator[Problem]:
    """Posts that got a password after they had been open: what went out stays out until staff say otherwise."""
    if before.whole_at is None or before.newest is None:
        return
    for number, (title, dated) in gathering.protected.items():
        if number not in before.protected and dated and dated <= before.newest:
            what = (
                f'the post "{title}" has a password now, which takes nothing back; if it went out and should not be '
                "read any more: newsletter posts withdraw KEY"
            )
            yield Problem(gathering.api.root, what)


def _feed_of(url: str) -> str:
    """Where a feed is looked for: at the address itself; of an archive's page at its own feed; of the API, at its
    site."""
    if root_inside(url):
        return site_of(url)
    parts = urlsplit(url)
    if _ARCHIVE_PATH.search(parts.path) and not parts.query and "/feed" not in parts.path:
        return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/feed/", "", ""))
    return url


def _left_alone(url: str, memory: WordPressMemory) -> str:
    until = memory.not_before
    return f"{url} asks to be left alone until {until:%Y-%m-%d %H:%M} UTC; it is asked again after that"


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _pair(found: object) -> tuple[str, str]:
    """ETag and Last-Modified as they were kept."""
    if isinstance(found, list) and len(found) == 2 and all(isinstance(part, str) for part in found):
        return found[0], found[1]
    return "", ""
